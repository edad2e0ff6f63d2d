package io.banyanmq.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// P4 over real processes: SUBACK on one gateway, at once PUBLISH on another.
@Tag("real")
class VisibilityTest {
    private static final int ROUNDS = Integer.getInteger("banyan.rounds", 1_000);

    private final LocalCluster cluster = LocalCluster.get();

    @Test
    void a_publish_elsewhere_right_after_suback_is_never_missed() {
        Mqtt3BlockingClient subscriber = Clients.connect(cluster.node("gateway1"));
        Mqtt3BlockingClient publisher = Clients.connect(cluster.node("gateway2"));
        Queue<Mqtt3Publish> inbox = Clients.inbox(subscriber);
        Set<String> expected = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            String topic = "visible/" + round;
            Clients.subscribe(subscriber, round % 2 == 0 ? topic : "visible/+/" + round);
            String to = round % 2 == 0 ? topic : "visible/a/" + round;
            Clients.publish(publisher, to, "");
            expected.add(to);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> inbox.size() >= expected.size());
        Set<String> got = new HashSet<>();
        inbox.forEach(publish -> got.add(publish.getTopic().toString()));
        assertThat(got).isEqualTo(expected);
        assertThat(inbox).hasSize(ROUNDS);
        subscriber.disconnect();
        publisher.disconnect();
    }
}
