package io.banyanmq.acceptance;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/// MQTT clients of this test run, on HiveMQ's library.
final class Clients {
    private Clients() {}

    static Mqtt3BlockingClient connect(LocalCluster.Node node) {
        Mqtt3BlockingClient client =
                MqttClient.builder()
                        .useMqttVersion3()
                        .identifier("t-" + UUID.randomUUID())
                        .serverHost(node.mqttHost())
                        .serverPort(node.mqttPort())
                        .buildBlocking();
        client.connectWith().cleanSession(true).keepAlive(120).send();
        return client;
    }

    /// Keeps everything that reaches `client`; take it before subscribing.
    static Queue<Mqtt3Publish> inbox(Mqtt3BlockingClient client) {
        Queue<Mqtt3Publish> inbox = new ConcurrentLinkedQueue<>();
        client.toAsync().publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, inbox::add);
        return inbox;
    }

    static void subscribe(Mqtt3BlockingClient client, String... filters) {
        for (String filter : filters) {
            client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
        }
    }

    /// Returns when the PUBACK is here.
    static void publish(Mqtt3BlockingClient client, String topic, String payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }
}
