package io.banyanmq.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The clients that people use, against one `./banyan dev` with every listener.
@Tag("real")
class RealClientsTest {
    private final DevBroker broker = DevBroker.get();

    @Test
    void mosquitto_pub_and_sub_as_the_readme_says() throws Exception {
        for (String version : List.of("31", "311", "5")) {
            String topic = "demo/" + version;
            Process subscriber =
                    new ProcessBuilder(
                                    "mosquitto_sub",
                                    "-p",
                                    Integer.toString(broker.mqttPort()),
                                    "-V",
                                    version.equals("31") ? "mqttv31" : version,
                                    "-t",
                                    topic + "/#",
                                    "-q",
                                    "1",
                                    "-C",
                                    "1",
                                    "-W",
                                    "30")
                            .redirectErrorStream(true)
                            .start();
            broker.awaitSubscription(topic + "/#");
            Program.run(
                            Duration.ofSeconds(30),
                            "mosquitto_pub",
                            "-p",
                            Integer.toString(broker.mqttPort()),
                            "-V",
                            version.equals("31") ? "mqttv31" : version,
                            "-t",
                            topic + "/a",
                            "-q",
                            "1",
                            "-m",
                            "hi")
                    .ok();
            assertThat(subscriber.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(
                            new String(
                                    subscriber.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8))
                    .isEqualTo("hi\n");
        }
    }

    @Test
    void mosquitto_over_tls() throws Exception {
        Process subscriber =
                new ProcessBuilder(
                                "mosquitto_sub",
                                "-h",
                                "localhost",
                                "-p",
                                Integer.toString(broker.tlsPort()),
                                "--cafile",
                                broker.certificate().toString(),
                                "-t",
                                "tls/#",
                                "-q",
                                "2",
                                "-C",
                                "1",
                                "-W",
                                "30")
                        .redirectErrorStream(true)
                        .start();
        broker.awaitSubscription("tls/#");
        Program.run(
                        Duration.ofSeconds(30),
                        "mosquitto_pub",
                        "-p",
                        Integer.toString(broker.mqttPort()),
                        "-t",
                        "tls/a",
                        "-q",
                        "2",
                        "-m",
                        "sealed")
                .ok();
        assertThat(subscriber.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(subscriber.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("sealed\n");
    }

    @Test
    void hivemq_client_with_mqtt_5_passes_everything_through() throws Exception {
        Mqtt5BlockingClient client =
                MqttClient.builder()
                        .useMqttVersion5()
                        .identifier("h5-" + UUID.randomUUID())
                        .serverHost("127.0.0.1")
                        .serverPort(broker.mqttPort())
                        .buildBlocking();
        client.connect();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes =
                client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("five/+").qos(MqttQos.EXACTLY_ONCE).send();
            client.publishWith()
                    .topic("five/a")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .contentType("text/plain")
                    .responseTopic("answers/here")
                    .correlationData(new byte[] {1, 2, 3})
                    .messageExpiryInterval(60)
                    .userProperties()
                    .add("k", "v1")
                    .add("k", "v2")
                    .applyUserProperties()
                    .payload("all".getBytes(StandardCharsets.UTF_8))
                    .send();
            Optional<Mqtt5Publish> got = publishes.receive(10, TimeUnit.SECONDS);
            assertThat(got).isPresent();
            Mqtt5Publish publish = got.orElseThrow();
            assertThat(publish.getQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
            assertThat(publish.getContentType().orElseThrow()).hasToString("text/plain");
            assertThat(publish.getResponseTopic().orElseThrow()).hasToString("answers/here");
            assertThat(publish.getUserProperties().asList()).hasSize(2);
            assertThat(publish.getMessageExpiryInterval().orElseThrow()).isBetween(50L, 60L);
        }
        client.disconnect();
    }

    @Test
    void paho_java() throws Exception {
        org.eclipse.paho.client.mqttv3.MqttClient client =
                new org.eclipse.paho.client.mqttv3.MqttClient(
                        "tcp://127.0.0.1:" + broker.mqttPort(),
                        "paho-" + UUID.randomUUID(),
                        new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(true);
        client.connect(options);
        CompletableFuture<MqttMessage> got = new CompletableFuture<>();
        client.subscribe("paho/#", 2, (topic, message) -> got.complete(message));
        client.publish("paho/a", "java".getBytes(StandardCharsets.UTF_8), 2, false);
        assertThat(got.get(10, TimeUnit.SECONDS).getPayload())
                .isEqualTo("java".getBytes(StandardCharsets.UTF_8));
        client.disconnect();
        client.close();
    }

    @Test
    void paho_python() throws Exception {
        Path script = resource("paho_client.py");
        assertThat(
                        Program.run(
                                        Duration.ofSeconds(60),
                                        System.getProperty("banyan.python", "python3"),
                                        script.toString(),
                                        Integer.toString(broker.mqttPort()))
                                .ok())
                .isEqualTo("4 5 ok\n");
    }

    @Test
    void mqtt_js_over_websocket_and_wss() throws Exception {
        Path script = resource("mqttjs_client.cjs");
        String modules = System.getProperty("banyan.node-modules", "");
        for (String url :
                List.of(
                        "ws://127.0.0.1:" + broker.wsPort() + "/mqtt",
                        "wss://localhost:" + broker.wssPort() + "/mqtt")) {
            assertThat(
                            Program.run(
                                            Duration.ofSeconds(60),
                                            Map.of("NODE_PATH", modules),
                                            List.of(
                                                    "node",
                                                    script.toString(),
                                                    url,
                                                    broker.certificate().toString()))
                                    .ok())
                    .isEqualTo("4 5 ok\n");
        }
    }

    private static Path resource(String name) throws Exception {
        Path copy = Program.WORK.resolve(name);
        try (var in = RealClientsTest.class.getResourceAsStream("/" + name)) {
            Files.write(copy, in.readAllBytes());
        }
        return copy;
    }
}
