package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.node.admin.ClientRow;
import io.banyanmq.node.admin.Health;
import io.banyanmq.node.admin.NodeMetrics;
import io.banyanmq.node.admin.NodeRow;
import io.banyanmq.node.admin.NodeStatus;
import io.banyanmq.node.admin.NodeView;
import io.banyanmq.node.admin.RouteView;
import io.banyanmq.node.admin.RouteView.RoutesUnavailableException;
import io.banyanmq.node.admin.SubscriptionRow;
import io.banyanmq.node.config.EffectiveSetting;
import io.banyanmq.node.config.NodeAddress;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.config.NodeConfig.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A node's roles as its admin port shows them.
final class RolesView implements NodeView {
    private final NodeConfig config;
    private final List<EffectiveSetting> settings;
    private final String version;
    private final ScannedRoutes routes;
    private final @Nullable RouteStoreRole routeStore;
    private final @Nullable GatewayRole gateway;
    private final long startedNanos = System.nanoTime();

    RolesView(
            NodeConfig config,
            List<EffectiveSetting> settings,
            String version,
            ScannedRoutes routes,
            @Nullable RouteStoreRole routeStore,
            @Nullable GatewayRole gateway) {
        this.config = config;
        this.settings = List.copyOf(settings);
        this.version = version;
        this.routes = routes;
        this.routeStore = routeStore;
        this.gateway = gateway;
    }

    void register(NodeMetrics metrics) {
        metrics.gauge(
                "banyan.node.info",
                "1; the labels say who this is.",
                () -> 1,
                "node",
                config.node().name().toString(),
                "version",
                version);
        if (routeStore != null) {
            routeStore.register(metrics);
        }
        if (gateway != null) {
            gateway.register(metrics);
        }
    }

    @Override
    public NodeStatus status() {
        return new NodeStatus(
                config.node().name().toString(),
                config.cluster().name(),
                version,
                config.node().roles().stream().sorted().map(Role::toString).toList(),
                Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds(),
                health().checks().stream().allMatch(Health.Check::up),
                gateway == null ? null : gateway.status(),
                routeStore == null ? null : routeStore.status());
    }

    @Override
    public Health health() {
        List<Health.Check> checks = new ArrayList<>();
        if (routeStore != null) {
            checks.addAll(routeStore.health());
        }
        if (gateway != null) {
            checks.add(gateway.health());
        }
        return new Health(checks);
    }

    @Override
    public List<NodeRow> nodes() throws RoutesUnavailableException {
        Map<NodeName, NodeRow> rows = new TreeMap<>();
        for (NodeAddress seed : config.cluster().seeds()) {
            rows.put(
                    seed.node(),
                    new NodeRow(
                            seed.node().toString(),
                            List.of(Role.ROUTE_STORE.toString()),
                            storeState(seed.node()),
                            null,
                            address(seed.address().port(), seed.address().toString())));
        }
        for (EpochState epoch : routes.epochs()) {
            List<String> roles = new ArrayList<>(List.of(Role.GATEWAY.toString()));
            if (rows.containsKey(epoch.node())) {
                roles.add(Role.ROUTE_STORE.toString());
            }
            rows.put(
                    epoch.node(),
                    new NodeRow(
                            epoch.node().toString(),
                            roles,
                            epoch.serving() ? "serving" : "joining",
                            epoch.epoch().toString(),
                            address(epoch.fabric().port(), epoch.fabric().toString())));
        }
        return List.copyOf(rows.values());
    }

    private static @Nullable String address(int port, String text) {
        return port == 0 ? null : text;
    }

    private String storeState(NodeName store) {
        if (routeStore != null) {
            NodeStatus.StoreStatus status = routeStore.status();
            return store.toString().equals(status.leader())
                    ? "leader"
                    : store.equals(config.node().name()) ? status.role() : "store";
        }
        return gateway != null && gateway.storesUp().contains(store.toString())
                ? "reached"
                : "not reached";
    }

    @Override
    public RouteView routes() {
        return routes;
    }

    @Override
    public List<ClientRow> clients() {
        return gateway == null ? List.of() : gateway.clients();
    }

    @Override
    public List<SubscriptionRow> subscriptions(Optional<String> client, Optional<String> filter) {
        return gateway == null ? List.of() : gateway.subscriptions(client, filter);
    }

    @Override
    public List<EffectiveSetting> settings() {
        return settings;
    }
}
