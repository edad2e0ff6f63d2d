package io.banyanmq.node.admin;

import io.banyanmq.node.config.EffectiveSetting;
import java.util.List;
import java.util.Optional;

/// A node with the worked example in its tables: client1 on node1, client2 on node2, client3 on node3.
final class SampleNode implements NodeView {
    boolean ready = true;
    boolean storeAnswers = true;
    boolean digestsAgree = true;

    private static final List<RouteRow> ROUTES =
            List.of(
                    new RouteRow("t/+/x", List.of("node1@127.0.0.1", "node3@127.0.0.1")),
                    new RouteRow("t/+/y", List.of("node1@127.0.0.1")),
                    new RouteRow("t/#", List.of("node2@127.0.0.1")),
                    new RouteRow("t/a", List.of("node3@127.0.0.1")));

    @Override
    public NodeStatus status() {
        return new NodeStatus(
                "node1@127.0.0.1",
                "banyan",
                "0.1.0",
                List.of("gateway", "route-store"),
                12,
                ready,
                new NodeStatus.GatewayStatus(
                        "serving",
                        "5.0",
                        3_500L,
                        "node1@127.0.0.1",
                        42,
                        4,
                        0,
                        1,
                        2,
                        0,
                        List.of(new NodeStatus.PeerRow("node2@127.0.0.1", true, 7, 7, 3))),
                new NodeStatus.StoreStatus(
                        "leader", "node1@127.0.0.1", 2, 42, 41, List.of("node1@127.0.0.1"), 3, 0));
    }

    @Override
    public Health health() {
        return new Health(
                List.of(
                        new Health.Check("route-store", Health.Kind.LIVE, true, "leads term 2"),
                        new Health.Check(
                                "gateway", Health.Kind.READY, ready, "serving epoch 5.0")));
    }

    @Override
    public List<NodeRow> nodes() {
        return List.of(
                new NodeRow(
                        "node1@127.0.0.1",
                        List.of("gateway", "route-store"),
                        "serving",
                        "5.0",
                        null),
                new NodeRow(
                        "node2@127.0.0.1", List.of("gateway"), "joining", "6.1", "127.0.0.1:7002"));
    }

    @Override
    public RouteView routes() {
        return new Table();
    }

    @Override
    public List<ClientRow> clients() {
        return List.of(
                new ClientRow(
                        "client1",
                        "node1@127.0.0.1",
                        "127.0.0.1:4711",
                        "tcp",
                        "MQTT 5.0",
                        60,
                        9,
                        2,
                        0,
                        1));
    }

    @Override
    public List<SubscriptionRow> subscriptions(Optional<String> client, Optional<String> filter) {
        return List.of(
                        new SubscriptionRow("client1", "t/+/x", 1, "node1@127.0.0.1"),
                        new SubscriptionRow("client1", "t/+/y", 0, "node1@127.0.0.1"))
                .stream()
                .filter(row -> client.isEmpty() || row.client().equals(client.get()))
                .filter(row -> filter.isEmpty() || row.filter().equals(filter.get()))
                .toList();
    }

    @Override
    public List<EffectiveSetting> settings() {
        return List.of(new EffectiveSetting("gateway.limits.packet", "1MiB", "default"));
    }

    private final class Table implements RouteView {
        @Override
        public List<RouteRow> list(String prefix) throws RoutesUnavailableException {
            check();
            return ROUTES.stream().filter(row -> row.filter().startsWith(prefix)).toList();
        }

        @Override
        public List<RouteRow> match(String topic) throws RoutesUnavailableException {
            check();
            if (topic.contains("#")) {
                throw new IllegalArgumentException("topic '" + topic + "' has a wildcard");
            }
            return topic.equals("t/a") ? ROUTES.subList(2, 4) : List.of();
        }

        @Override
        public RouteStats stats() throws RoutesUnavailableException {
            check();
            return new RouteStats(42, 4, 5, 3, 0, List.of(new NodeCount("node1@127.0.0.1", 2)));
        }

        @Override
        public RouteVerdict verify() throws RoutesUnavailableException {
            check();
            return new RouteVerdict(
                    42,
                    digestsAgree,
                    List.of(
                            new SourceVerdict(
                                    "node1@127.0.0.1",
                                    "5.0",
                                    2,
                                    2,
                                    "ab",
                                    digestsAgree ? "ab" : "cd",
                                    digestsAgree)));
        }

        private void check() throws RoutesUnavailableException {
            if (!storeAnswers) {
                throw new RoutesUnavailableException(
                        "no route store answers: tried route1@127.0.0.1");
            }
        }
    }
}
