package io.banyanmq.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `$share` with members and publishers on every gateway, while members come and go.
@Tag("real")
class SharedGroupsTest {
    private static final int MESSAGES = 600;

    private final LocalCluster cluster = LocalCluster.get();

    @Test
    void n_in_n_out_none_twice_while_members_come_and_go() {
        ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
        List<Mqtt5BlockingClient> members = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            members.add(member(1 + i % 3, got));
        }
        List<Mqtt5BlockingClient> publishers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            publishers.add(client(i));
        }
        for (int i = 0; i < MESSAGES; i++) {
            publishers
                    .get(i % 3)
                    .publishWith()
                    .topic("jobs/" + i % 7)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                    .send();
            if (i % 100 == 50) {
                // Unsubscribing first: what it was given it has taken.
                Mqtt5BlockingClient leaver = members.remove(0);
                leaver.unsubscribeWith().topicFilter("$share/crew/jobs/+").send();
                members.add(member(1 + (i / 100) % 3, got));
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> got.size() >= MESSAGES);
        assertThat(new HashSet<>(got)).hasSize(MESSAGES);
        assertThat(got).as("none twice").hasSize(MESSAGES);
        members.forEach(Mqtt5BlockingClient::disconnect);
        publishers.forEach(Mqtt5BlockingClient::disconnect);
    }

    private Mqtt5BlockingClient member(int gateway, ConcurrentLinkedQueue<String> got) {
        Mqtt5BlockingClient member = client(gateway);
        member.toAsync()
                .publishes(
                        MqttGlobalPublishFilter.ALL,
                        publish ->
                                got.add(
                                        new String(
                                                publish.getPayloadAsBytes(),
                                                StandardCharsets.UTF_8)));
        member.subscribeWith().topicFilter("$share/crew/jobs/+").qos(MqttQos.AT_LEAST_ONCE).send();
        return member;
    }

    private Mqtt5BlockingClient client(int gateway) {
        LocalCluster.Node node = cluster.node("gateway" + gateway);
        Mqtt5BlockingClient client =
                MqttClient.builder()
                        .useMqttVersion5()
                        .identifier("s-" + UUID.randomUUID())
                        .serverHost(node.mqttHost())
                        .serverPort(node.mqttPort())
                        .buildBlocking();
        client.connect();
        return client;
    }
}
