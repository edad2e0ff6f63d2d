package io.banyanmq.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Nodes die, stop and come back while clients subscribe.
@Tag("real")
class FaultsTest {
    private final LocalCluster cluster = LocalCluster.get();

    @Test
    void killed_route_stores_cost_time_and_no_subscription() throws Exception {
        Mqtt3BlockingClient client = Clients.connect(cluster.node("gateway1"));
        Set<String> filters = new HashSet<>();
        for (String victim : List.of(leader(), "route" + (leader().equals("route1") ? 2 : 1))) {
            List<CompletableFuture<?>> acknowledged = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String filter = "kill/" + victim + "/" + i + "/+";
                filters.add(filter);
                acknowledged.add(
                        client.toAsync()
                                .subscribeWith()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .send());
                if (i == 250) {
                    cluster.kill(victim);
                }
            }
            CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
                    .get(60, TimeUnit.SECONDS);
            cluster.restart(victim);
        }
        for (String store : List.of("route1", "route2", "route3")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> routes(store, "kill/").equals(filters));
            assertThat(
                            Program.banyan(
                                            "ctl",
                                            "--admin",
                                            cluster.adminUrl(store),
                                            "routes",
                                            "verify")
                                    .exit())
                    .isZero();
        }
        client.disconnect();
        await().atMost(Duration.ofSeconds(30)).until(() -> routes("route1", "kill/").isEmpty());
    }

    @Test
    void with_one_of_three_route_stores_no_suback_comes_and_with_two_it_does() throws Exception {
        Mqtt3BlockingClient client = Clients.connect(cluster.node("gateway1"));
        cluster.kill("route2");
        cluster.kill("route3");
        CompletableFuture<?> suback;
        try {
            suback =
                    client.toAsync()
                            .subscribeWith()
                            .topicFilter("minority/+")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .send();
            assertThat(suback)
                    .as("no SUBACK without a majority")
                    .failsWithin(Duration.ofSeconds(2))
                    .withThrowableOfType(java.util.concurrent.TimeoutException.class);
        } finally {
            cluster.restart("route2");
            cluster.restart("route3");
        }
        // Either the epoch lived on and the SUBACK comes, or it ended and the connection was
        // closed.
        await().atMost(Duration.ofSeconds(60)).until(suback::isDone);
        awaitServing("gateway1");
        awaitServing("gateway2");
        awaitServing("gateway3");
        if (client.getState().isConnected()) {
            client.disconnect();
        }
    }

    @Test
    void a_stopped_gateway_holds_up_subacks_for_its_lease_only_and_acknowledges_nothing_on_waking()
            throws Exception {
        Mqtt3BlockingClient healthy = Clients.connect(cluster.node("gateway1"));
        Mqtt3BlockingClient frozen = Clients.connect(cluster.node("gateway3"));
        Queue<Mqtt3Publish> inbox = Clients.inbox(healthy);
        Clients.subscribe(healthy, "frozen/old");
        cluster.pause("gateway3");
        CompletableFuture<?> puback;
        try {
            puback =
                    frozen.toAsync()
                            .publishWith()
                            .topic("frozen/new")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(new byte[] {1})
                            .send();
            healthy.toAsync()
                    .subscribeWith()
                    .topicFilter("frozen/new")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .get(60, TimeUnit.SECONDS);
        } finally {
            cluster.resume("gateway3");
        }
        // Its epoch has ended: the publish is never acknowledged, the connection is closed.
        await().atMost(Duration.ofSeconds(60)).until(puback::isDone);
        assertThat(puback).isCompletedExceptionally();
        awaitServing("gateway3");
        Mqtt3BlockingClient again = Clients.connect(cluster.node("gateway3"));
        Clients.publish(again, "frozen/new", "now");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> inbox.stream().anyMatch(p -> p.getPayloadAsBytes().length == 3));
        again.disconnect();
        healthy.disconnect();
    }

    private void awaitServing(String gateway) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Metrics.answers(cluster.adminUrl(gateway) + "/health/ready"));
    }

    private String leader() {
        for (String store : List.of("route1", "route2", "route3")) {
            String leader =
                    cluster.ctl(store, "status").path("routeStore").path("leader").asString("");
            if (!leader.isEmpty()) {
                return leader.substring(0, leader.indexOf('@'));
            }
        }
        throw new AssertionError("no route store knows a leader");
    }

    private Set<String> routes(String store, String prefix) {
        Set<String> routes = new HashSet<>();
        for (JsonNode route : cluster.ctl(store, "routes", "list")) {
            String filter = route.get("filter").asString();
            if (filter.startsWith(prefix)) {
                routes.add(filter);
            }
        }
        return routes;
    }
}
