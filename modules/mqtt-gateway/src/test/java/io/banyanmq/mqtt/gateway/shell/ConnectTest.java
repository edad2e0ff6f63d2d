package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// CONNECT to CONNACK, and what ends a connection.
final class ConnectTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void restart(UnaryOperator<GatewayConfig> change) throws IOException {
        gateway.close();
        gateway = TestGateway.start(change);
    }

    private Packet.Connack connect(Packet.Connect connect) throws IOException {
        try (RawClient client = gateway.open(connect.version())) {
            client.send(connect);
            return client.expect(Packet.Connack.class);
        }
    }

    private static Packet.Connect connect(
            MqttVersion version, boolean clean, String id, Properties properties) {
        return new Packet.Connect(version, clean, 60, properties, id, null, null, null);
    }

    @Test // [MQTT-3.2.2-2], [MQTT-3.2.2-3]; [MQTT-3.2.2-2 of 3.1.1]: no session is kept, so none is
    // present, and its expiry
    // is said to be 0
    void a_session_is_refused_honestly() throws IOException {
        Properties expiry = Properties.of(Property.SESSION_EXPIRY_INTERVAL, 3_600L);
        for (int i = 0; i < 2; i++) {
            Packet.Connack connack = connect(connect(MqttVersion.V5, false, "a", expiry));
            assertThat(connack.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            assertThat(connack.sessionPresent()).isFalse();
            assertThat(connack.properties().get(Property.SESSION_EXPIRY_INTERVAL)).contains(0L);
        }
        assertThat(
                        connect(connect(MqttVersion.V3_1_1, false, "b", Properties.NONE))
                                .sessionPresent())
                .isFalse();
    }

    @Test
    void connack_says_what_the_gateway_takes() throws IOException {
        Properties offered =
                connect(connect(MqttVersion.V5, true, "a", Properties.NONE)).properties();
        assertThat(offered.get(Property.RECEIVE_MAXIMUM)).contains(1_024);
        assertThat(offered.get(Property.MAXIMUM_PACKET_SIZE)).contains(1L << 20);
        assertThat(offered.get(Property.TOPIC_ALIAS_MAXIMUM)).contains(32);
        assertThat(offered.get(Property.RETAIN_AVAILABLE)).contains(false);
        assertThat(offered.get(Property.ASSIGNED_CLIENT_IDENTIFIER)).isEmpty();
        assertThat(offered.get(Property.SERVER_KEEP_ALIVE)).isEmpty();
    }

    // [MQTT-3.1.3-6], [MQTT-3.1.3-7], [MQTT-3.2.2-16]; [MQTT-3.1.3-6 of 3.1.1];
    // [TP_MQTT_BROKER_CONNECT_019]
    @Test
    void a_client_without_an_id_gets_one() throws IOException {
        Packet.Connack first = connect(connect(MqttVersion.V5, true, "", Properties.NONE));
        Packet.Connack second = connect(connect(MqttVersion.V5, true, "", Properties.NONE));
        String one = first.properties().get(Property.ASSIGNED_CLIENT_IDENTIFIER).orElseThrow();
        String other = second.properties().get(Property.ASSIGNED_CLIENT_IDENTIFIER).orElseThrow();
        assertThat(one).isNotEmpty().isNotEqualTo(other);
        assertThat(connect(connect(MqttVersion.V3_1_1, true, "", Properties.NONE)).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test // [MQTT-3.1.3-8 of 3.1.1]
    void an_empty_id_without_clean_session_is_refused() throws IOException {
        assertThat(connect(connect(MqttVersion.V3_1_1, false, "", Properties.NONE)).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }

    @Test // [MQTT-3.1.2-21], [MQTT-3.2.2-21]
    void a_long_keep_alive_is_shortened() throws IOException {
        restart(config ->
                new GatewayConfig(
                        config.listeners(),
                        config.limits(),
                        Duration.ofSeconds(30),
                        config.subscribeAck(),
                        config.sharedPick(),
                        config.sysInterval(),
                        null));
        Packet.Connack connack = connect(connect(MqttVersion.V5, true, "a", Properties.NONE));
        assertThat(connack.properties().get(Property.SERVER_KEEP_ALIVE)).contains(30);
    }

    @Test // [MQTT-3.1.2-24]
    void a_client_that_takes_no_connack_is_closed() throws IOException {
        Properties tiny = Properties.of(Property.MAXIMUM_PACKET_SIZE, 2L);
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.send(connect(MqttVersion.V5, true, "a", tiny));
            assertThatThrownBy(client::next).hasMessageContaining("closed the connection");
        }
        assertThat(gateway.view().clientCount()).isZero();
    }

    @Test // [MQTT-4.12.0-1]
    void an_unknown_authentication_method_is_refused() throws IOException {
        Properties method = Properties.of(Property.AUTHENTICATION_METHOD, "SCRAM-SHA-1");
        assertThat(connect(connect(MqttVersion.V5, true, "a", method)).reasonCode())
                .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
    }

    @Test // MQTT 5 §4.12.1: no method was agreed on
    void auth_ends_the_connection() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.send(
                    new Packet.Auth(
                            ReasonCode.REAUTHENTICATE,
                            Properties.of(Property.AUTHENTICATION_METHOD, "x")));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
        }
    }

    @Test // [MQTT-3.1.0-2]; [MQTT-3.1.0-2 of 3.1.1]; [TP_MQTT_BROKER_CONNECT_029]
    void a_second_connect_ends_the_connection() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.send(client.connectPacket("a", Properties.NONE));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PROTOCOL_ERROR);
            assertThat(client.isClosedByServer()).isTrue();
        }
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.send(client.connectPacket("a", Properties.NONE));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test // [MQTT-3.1.0-1]
    void what_is_not_mqtt_is_closed() throws IOException {
        for (String garbage : new String[] {"GET / HTTP/1.1\r\n\r\n", "\0\0\0\0", "0123456789"}) {
            try (RawClient client = gateway.open(MqttVersion.V5)) {
                client.sendBytes(Unpooled.copiedBuffer(garbage, StandardCharsets.UTF_8));
                assertThat(client.isClosedByServer()).as(garbage).isTrue();
            }
        }
    }

    @Test // [MQTT-3.1.2-2]; [MQTT-3.1.2-2 of 3.1.1]; [TP_MQTT_BROKER_CONNACK_005]
    void an_unknown_version_is_told_so() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.sendBytes(
                    Unpooled.wrappedBuffer(
                            new byte[] {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 9, 2, 0, 0, 0, 0}));
            assertThat(client.expect(Packet.Connack.class).reasonCode())
                    .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        }
    }

    @Test // [MQTT-3.1.4-3]; [MQTT-3.1.4-2 of 3.1.1]; [TP_MQTT_BROKER_CONNECT_030]
    void a_client_id_belongs_to_the_last_who_came() throws IOException {
        try (RawClient first = gateway.connect(MqttVersion.V5, "same");
                RawClient second = gateway.connect(MqttVersion.V3_1_1, "same")) {
            assertThat(first.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
            assertThat(second.untilPingresp()).isEmpty();
            assertThat(gateway.view().clientCount()).isEqualTo(1);
        }
    }

    @Test // [MQTT-3.1.2-22], [MQTT-3.2.2-22]; [MQTT-3.1.2-24 of 3.1.1];
    // [TP_MQTT_BROKER_FEAT_KEEPALIVE_001]
    void a_silent_client_is_closed_after_one_and_a_half_keep_alives() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            long start = System.nanoTime();
            client.send(
                    new Packet.Connect(
                            MqttVersion.V5, true, 1, Properties.NONE, "a", null, null, null));
            client.expect(Packet.Connack.class);
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.KEEP_ALIVE_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(1_400));
        }
    }

    @Test // [MQTT-3.14.2-2] of the client's side: §3.14.2.2.2
    void a_session_expiry_cannot_be_raised_at_the_end() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.send(
                    new Packet.Disconnect(
                            ReasonCode.SUCCESS,
                            Properties.of(Property.SESSION_EXPIRY_INTERVAL, 60L)));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PROTOCOL_ERROR);
        }
    }

    @Test // [MQTT-3.2.2-13]
    void a_retained_will_is_refused_while_nothing_is_retained() throws IOException {
        Packet.Will will =
                new Packet.Will(
                        "w",
                        io.banyanmq.mqtt.codec.Bytes.utf8("x"),
                        io.banyanmq.mqtt.codec.Qos.AT_MOST_ONCE,
                        true,
                        Properties.NONE);
        Packet.Connect connect =
                new Packet.Connect(MqttVersion.V5, true, 0, Properties.NONE, "a", will, null, null);
        assertThat(connect(connect).reasonCode()).isEqualTo(ReasonCode.RETAIN_NOT_SUPPORTED);
    }

    @Test
    void connects_beyond_the_rate_are_refused() throws IOException {
        GatewayConfig.Limits d = GatewayConfig.Limits.DEFAULT;
        restart(config ->
                config.withLimits(
                        new GatewayConfig.Limits(
                                d.packetBytesMax(),
                                d.topicLevelsMax(),
                                d.inflightMax(),
                                d.receiveMaximum(),
                                d.queueMessagesMax(),
                                d.queueBytesMax(),
                                d.subscriptionsMax(),
                                d.topicAliasMaximum(),
                                d.connectionsMax(),
                                1)));
        ReasonCode last = ReasonCode.SUCCESS;
        for (int i = 0; i < 20 && last == ReasonCode.SUCCESS; i++) {
            last = connect(connect(MqttVersion.V5, true, "a" + i, Properties.NONE)).reasonCode();
        }
        assertThat(last).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
    }
}
