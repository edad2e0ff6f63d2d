package io.banyanmq.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The example of the ancestor's cluster document: three clients on three gateways, and one publish.
@Tag("real")
class WorkedExampleTest {
    private final LocalCluster cluster = LocalCluster.get();

    @Test
    void the_ancestors_example_routes_and_crosses_exactly_once() {
        Mqtt3BlockingClient client1 = Clients.connect(cluster.node("gateway1"));
        Mqtt3BlockingClient client2 = Clients.connect(cluster.node("gateway2"));
        Mqtt3BlockingClient client3 = Clients.connect(cluster.node("gateway3"));
        Queue<Mqtt3Publish> inbox2 = Clients.inbox(client2);
        Queue<Mqtt3Publish> inbox3 = Clients.inbox(client3);
        Clients.subscribe(client1, "t/+/x", "t/+/y");
        Clients.subscribe(client2, "t/#");
        Clients.subscribe(client3, "t/+/x", "t/a");

        String gateway1 = cluster.node("gateway1").name();
        String gateway2 = cluster.node("gateway2").name();
        String gateway3 = cluster.node("gateway3").name();
        assertThat(routes("t/"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "t/+/x", gateway1 + "," + gateway3,
                                "t/+/y", gateway1,
                                "t/#", gateway2,
                                "t/a", gateway3));

        Map<String, Long> before = forwarded("gateway1");
        Clients.publish(client1, "t/a", "hello");
        awaitCrossed(before, gateway2, gateway3, 1);
        // PUBACK came after both gateways took it; what they queued arrives within the socket's
        // time.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> inbox2.size() == 1 && inbox3.size() == 1);
        Clients.publish(client1, "t/end/x", "end");
        awaitCrossed(before, gateway2, gateway3, 2);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> inbox2.size() == 2 && inbox3.size() == 2);

        client1.disconnect();
        client2.disconnect();
        client3.disconnect();
        await().atMost(Duration.ofSeconds(30)).until(() -> routes("t/").isEmpty());
    }

    private Map<String, String> routes(String prefix) {
        Map<String, String> routes = new TreeMap<>();
        for (JsonNode route : cluster.ctl("route1", "routes", "list")) {
            String filter = route.get("filter").asString();
            if (filter.startsWith(prefix)) {
                StringBuilder destinations = new StringBuilder();
                for (JsonNode destination : route.get("destinations")) {
                    destinations
                            .append(destinations.isEmpty() ? "" : ",")
                            .append(destination.asString());
                }
                routes.put(filter, destinations.toString());
            }
        }
        return routes;
    }

    /// Counters are published by the clock, so they may come a moment later, but never beyond `times`.
    private void awaitCrossed(Map<String, Long> before, String peer, String other, long times) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    Map<String, Long> now = forwarded("gateway1");
                    for (String each : List.of(peer, other)) {
                        assertThat(now.get(each) - before.getOrDefault(each, 0L))
                                .as(each)
                                .isEqualTo(times);
                    }
                });
    }

    /// Publishes that crossed to each peer, from the gateway's metrics.
    private Map<String, Long> forwarded(String node) {
        return Metrics.read(cluster.adminUrl(node), "banyan_link_sent_total", "peer");
    }
}
