package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayConfig.Listener;
import io.banyanmq.mqtt.gateway.GatewayConfig.Tls;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/// Ways in: WebSocket, TLS, IPv6, and doors that do not open.
final class ListenersTest {
    private static final Tls TLS = new Tls(resource("server.crt"), resource("server.key"), null);

    private static Path resource(String name) {
        URL url = Objects.requireNonNull(ListenersTest.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GatewayConfig with(GatewayConfig config, Listener... listeners) {
        return new GatewayConfig(
                List.of(listeners),
                config.limits(),
                null,
                config.subscribeAck(),
                config.sharedPick(),
                config.sysInterval(),
                null);
    }

    private static TestGateway webSockets(boolean tls) throws IOException {
        Listener plain = Listener.webSocket("ws", TestGateway.freePort());
        return TestGateway.start(config ->
                with(
                        config,
                        Listener.tcp("tcp", TestGateway.freePort()),
                        tls ? plain.with(TLS) : plain));
    }

    private static ByteBuf encode(Packet... packets) {
        ByteBuf out = Unpooled.buffer();
        for (Packet packet : packets) {
            new PacketEncoder(MqttVersion.V3_1_1).encode(packet, out);
        }
        return out;
    }

    private static ByteBuf connect(String id) {
        return encode(
                new Packet.Connect(
                        MqttVersion.V3_1_1, true, 0, Properties.NONE, id, null, null, null));
    }

    private static ByteBuf subscribe() {
        return encode(
                new Packet.Subscribe(
                        1,
                        Properties.NONE,
                        List.of(Packet.Subscription.of("a", Qos.AT_MOST_ONCE))));
    }

    // [MQTT-6.0.0-2], [MQTT-6.0.0-4]; [MQTT-6.0.0-2 of 3.1.1], [MQTT-6.0.0-4 of 3.1.1]
    @Test
    void packets_may_lie_across_frames_in_any_way() throws IOException {
        try (TestGateway gateway = webSockets(false);
                WebSocketClient client =
                        WebSocketClient.open(gateway.address("ws"), "/mqtt", "mqtt");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            assertThat(client.response())
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("sec-websocket-protocol: mqtt\r\n");
            ByteBuf stream = Unpooled.wrappedBuffer(connect("c"), subscribe());
            while (stream.readableBytes() > 3) {
                client.send(WebSocketClient.BINARY, true, stream.readSlice(3));
            }
            client.send(WebSocketClient.BINARY, false, stream.readSlice(1));
            client.send(WebSocketClient.CONTINUATION, true, stream);
            ByteBuf answers = Unpooled.buffer();
            while (answers.readableBytes() < 9) {
                answers.writeBytes(client.next(WebSocketClient.BINARY));
            }
            assertThat(answers.getByte(0)).isEqualTo((byte) 0x20);
            assertThat(answers.getByte(4)).isEqualTo((byte) 0x90);
            publisher.publish(0, "a", Qos.AT_MOST_ONCE, "over WebSocket");
            ByteBuf publish = client.next(WebSocketClient.BINARY);
            assertThat(publish.getByte(0)).isEqualTo((byte) 0x30);
            assertThat(publish.readableBytes()).isEqualTo(2 + 3 + 14);
        }
    }

    @Test // [MQTT-6.0.0-1]; [MQTT-6.0.0-1 of 3.1.1]
    void a_text_frame_closes_the_connection() throws IOException {
        try (TestGateway gateway = webSockets(false);
                WebSocketClient client =
                        WebSocketClient.open(gateway.address("ws"), "/mqtt", "mqtt")) {
            client.send(WebSocketClient.TEXT, true, connect("c"));
            assertThat(client.next(WebSocketClient.CLOSE).getUnsignedShort(0)).isEqualTo(1003);
        }
    }

    @Test // [MQTT-6.0.0-3]; [MQTT-6.0.0-3 of 3.1.1]
    void an_upgrade_without_mqtt_or_elsewhere_is_refused() throws IOException {
        try (TestGateway gateway = webSockets(false)) {
            InetSocketAddress address = gateway.address("ws");
            try (WebSocketClient client = WebSocketClient.open(address, "/mqtt", "")) {
                assertThat(client.response()).startsWith("HTTP/1.1 400");
            }
            try (WebSocketClient client = WebSocketClient.open(address, "/mqtt", "chat")) {
                assertThat(client.response()).startsWith("HTTP/1.1 400");
            }
            try (WebSocketClient client = WebSocketClient.open(address, "/other", "mqtt")) {
                assertThat(client.response()).startsWith("HTTP/1.1 404");
            }
            try (WebSocketClient client = WebSocketClient.open(address, "/mqtt?x=1", "mqtt")) {
                assertThat(client.response()).startsWith("HTTP/1.1 101");
            }
        }
    }

    @Test
    void tls_carries_mqtt() throws IOException, GeneralSecurityException {
        try (TestGateway gateway =
                        TestGateway.start(config ->
                                with(
                                        config,
                                        Listener.tcp("tls", TestGateway.freePort()).with(TLS)));
                RawClient client = RawClient.over(tls(gateway.address("tls")), MqttVersion.V5)) {
            client.send(client.connectPacket("c", Properties.NONE));
            client.expect(Packet.Connack.class);
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            String text = "x".repeat(100_000);
            client.publish(2, "a", Qos.AT_LEAST_ONCE, text);
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo(text);
        }
    }

    @Test
    void a_client_certificate_is_demanded_where_an_authority_is_named() throws Exception {
        Tls mutual = new Tls(TLS.certificate(), TLS.key(), TLS.certificate());
        try (TestGateway gateway =
                        TestGateway.start(config ->
                                with(
                                        config,
                                        Listener.tcp("tls", TestGateway.freePort()).with(mutual)));
                RawClient client = RawClient.over(tls(gateway.address("tls")), MqttVersion.V5)) {
            assertThatThrownBy(
                            () -> {
                                client.send(client.connectPacket("c", Properties.NONE));
                                client.expect(Packet.Connack.class);
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void tls_carries_websocket() throws IOException, GeneralSecurityException {
        try (TestGateway gateway = webSockets(true);
                WebSocketClient client =
                        WebSocketClient.open(tls(gateway.address("ws")), "/mqtt", "mqtt")) {
            client.send(WebSocketClient.BINARY, true, connect("c"));
            assertThat(client.next(WebSocketClient.BINARY).getByte(0)).isEqualTo((byte) 0x20);
        }
    }

    private static java.net.Socket tls(InetSocketAddress server)
            throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(TLS.certificate())) {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
            trusted.setCertificateEntry("server", certificate);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        return factory.createSocket(server.getAddress(), server.getPort());
    }

    @Test
    void ipv6_is_served() throws IOException {
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        try (TestGateway gateway =
                        TestGateway.start(config -> with(config, Listener.tcp("six", six)));
                RawClient client = RawClient.connect(gateway.address("six"), MqttVersion.V5, "c")) {
            assertThat(client.untilPingresp()).isEmpty();
        }
    }

    @Test
    void a_taken_port_is_named_and_nothing_stays_open() throws IOException {
        try (TestGateway first = TestGateway.start()) {
            assertThatThrownBy(() ->
                            TestGateway.start(config ->
                                            with(config, Listener.tcp("second", first.address())))
                                    .close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("listener second")
                    .hasMessageContaining(String.valueOf(first.address().getPort()));
        }
    }

    @Test
    void a_certificate_that_is_none_is_named() {
        Tls none = new Tls(TLS.key(), TLS.key(), null);
        assertThatThrownBy(() ->
                        TestGateway.start(config ->
                                        with(
                                                config,
                                                Listener.tcp("tls", TestGateway.freePort())
                                                        .with(none)))
                                .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("listener tls");
    }
}
