package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.node.admin.Health;
import io.banyanmq.node.admin.NodeMetrics;
import io.banyanmq.node.admin.NodeStatus;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.NodeAddress;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.process.DataDirectory;
import io.banyanmq.node.process.StartException;
import io.banyanmq.raft.kit.Peer;
import io.banyanmq.raft.kit.RaftConfig;
import io.banyanmq.raft.kit.RaftNode;
import io.banyanmq.raft.kit.RaftStartException;
import io.banyanmq.raft.kit.RaftTls;
import io.banyanmq.route.store.RouteStoreConfig;
import io.banyanmq.route.store.RouteStoreStatus;
import io.banyanmq.route.store.shell.RouteStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// The route store of a node.
final class RouteStoreRole implements AutoCloseable {
    private final RaftNode raft;
    private final RouteStore store;

    private RouteStoreRole(RaftNode raft, RouteStore store) {
        this.raft = raft;
        this.store = store;
    }

    /// Opens the Raft port and registers with `fabric`, which must not listen yet.
    ///
    /// @param fatal told why, if the replica stops by itself
    static RouteStoreRole open(
            NodeConfig config,
            DataDirectory data,
            Fabric fabric,
            Reach reach,
            Ground ground,
            Consumer<String> fatal)
            throws StartException {
        NodeAddress own =
                config.raft().initialRouteStores().stream()
                        .filter(address -> address.node().equals(config.node().name()))
                        .findFirst()
                        .orElseThrow();
        Peer self =
                new Peer(
                        own.node().toString(),
                        data.incarnation().toString(),
                        own.address().toString());
        RaftConfig raftConfig =
                RaftConfig.of(
                        self,
                        config.raft().bind().host(),
                        config.raft().bind().port(),
                        data.path().resolve("raft"));
        if (config.fabric().tls().isPresent()) {
            NodeConfig.PeerTls tls = config.fabric().tls().get();
            raftConfig =
                    raftConfig.withTls(new RaftTls(tls.key(), tls.certificate(), tls.authority()));
        }
        try {
            RaftNode raft = RaftNode.open(raftConfig, fatal);
            RouteStoreConfig storeConfig =
                    new RouteStoreConfig(
                            config.cluster().name(),
                            initial(config, reach),
                            Map.of(LogOption.TTL_MILLIS, config.cluster().leaseTtl().toMillis()));
            return new RouteStoreRole(
                    raft,
                    new RouteStore(
                            storeConfig, self, raft, fabric, ground.home().all().getFirst()));
        } catch (RaftStartException e) {
            throw failure(config, e);
        }
    }

    private static List<RouteStoreConfig.InitialNode> initial(NodeConfig config, Reach reach)
            throws StartException {
        List<RouteStoreConfig.InitialNode> initial = new ArrayList<>();
        for (NodeAddress address : config.raft().initialRouteStores()) {
            Destination fabric =
                    config.cluster().seeds().stream()
                            .filter(seed -> seed.node().equals(address.node()))
                            .findFirst()
                            .map(reach::destination)
                            .orElseGet(
                                    () -> new Destination(address.node(), reach.address(config)));
            if (!address.node().equals(config.node().name())
                    && config.cluster().seeds().stream()
                            .noneMatch(seed -> seed.node().equals(address.node()))) {
                throw new StartException(
                        ExitCode.CONFIG,
                        "cluster.discovery.seeds does not say where the fabric of "
                                + address.node()
                                + " listens, which raft.initial.route-store lists");
            }
            initial.add(new RouteStoreConfig.InitialNode(address.node(), fabric.address()));
        }
        return initial;
    }

    /// Forms the store with the others, or goes on with what is on disk; completes when the replica runs.
    CompletionStage<Void> start() {
        return store.start();
    }

    /// What a failed start means for the process.
    static StartException failure(NodeConfig config, RaftStartException e) {
        int code =
                switch (e.fault()) {
                    case PORT -> ExitCode.UNAVAILABLE;
                    case INSECURE -> ExitCode.CONFIG;
                    case DIRECTORY -> ExitCode.DENIED;
                    case FOREIGN, DATA_MISSING, CORRUPT -> ExitCode.BAD_DATA;
                    case FORMED, NOT_FORMED, OTHER -> ExitCode.FAILED;
                };
        String option = e.fault() == RaftStartException.Fault.PORT ? " (raft.bind)" : "";
        return new StartException(code, config.node().name() + ": " + e.getMessage() + option, e);
    }

    NodeStatus.StoreStatus status() {
        RouteStoreStatus status = store.status();
        return new NodeStatus.StoreStatus(
                role(status),
                status.leader().map(Object::toString).orElse(null),
                status.term(),
                status.appliedIndex(),
                status.visibleUpTo(),
                status.voters().stream().map(Object::toString).toList(),
                status.followers(),
                status.alarms());
    }

    private static String role(RouteStoreStatus status) {
        return switch (status.phase()) {
            case FORMING -> "forming";
            case FOLLOWING -> "follower";
            case LEADING -> "leader";
            case CLOSED -> "closed";
        };
    }

    List<Health.Check> health() {
        RouteStoreStatus status = store.status();
        boolean led =
                status.phase() == RouteStoreStatus.Phase.LEADING || status.leader().isPresent();
        return List.of(
                new Health.Check(
                        "raft",
                        Health.Kind.LIVE,
                        status.phase() != RouteStoreStatus.Phase.CLOSED,
                        "route store replica: " + role(status)),
                new Health.Check(
                        "route-store",
                        Health.Kind.READY,
                        led && status.phase() != RouteStoreStatus.Phase.FORMING,
                        role(status)
                                + ", leader "
                                + status.leader().map(Object::toString).orElse("unknown")
                                + ", term "
                                + status.term()));
    }

    void register(NodeMetrics metrics) {
        metrics.gauge(
                        "banyan.raft.leader",
                        "1 on the node that leads the group.",
                        () -> store.status().phase() == RouteStoreStatus.Phase.LEADING ? 1 : 0,
                        "group",
                        "route-store")
                .gauge(
                        "banyan.raft.term",
                        "Raft term.",
                        () -> store.status().term(),
                        "group",
                        "route-store")
                .gauge(
                        "banyan.raft.applied.index",
                        "Last log entry with commands that is applied here.",
                        () -> store.status().appliedIndex(),
                        "group",
                        "route-store")
                .gauge(
                        "banyan.store.visible.index",
                        "Log index that every serving gateway is known here to have applied.",
                        () -> store.status().visibleUpTo())
                .gauge(
                        "banyan.store.followers",
                        "Conversations that follow the feed from here.",
                        () -> store.status().followers())
                .counter(
                        "banyan.store.alarms",
                        "Faults found in the log since the start; 0 is right.",
                        () -> store.status().alarms());
    }

    /// Ends the feed, hands leadership over, stops.
    @Override
    public void close() {
        store.close();
        raft.close();
    }
}
