package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayView;
import io.banyanmq.mqtt.gateway.cluster.ClusterConfig;
import io.banyanmq.mqtt.gateway.cluster.ClusterListener;
import io.banyanmq.mqtt.gateway.cluster.ClusterShell;
import io.banyanmq.mqtt.gateway.cluster.ClusterStatus;
import io.banyanmq.mqtt.gateway.cluster.PeerCounters;
import io.banyanmq.mqtt.gateway.cluster.RegistrationNumber;
import io.banyanmq.mqtt.gateway.shell.MqttServer;
import io.banyanmq.node.admin.ClientRow;
import io.banyanmq.node.admin.Health;
import io.banyanmq.node.admin.NodeMetrics;
import io.banyanmq.node.admin.NodeStatus;
import io.banyanmq.node.admin.SubscriptionRow;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.Listener;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.process.DataDirectory;
import io.banyanmq.node.process.StartException;
import io.banyanmq.topic.LevelHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of a node: its part in the cluster, and its MQTT side.
final class GatewayRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);
    private static final long STOP_MILLIS_MAX = 3_000;
    private static final long ASK_SECONDS_MAX = 5;
    private static final int FEATURES = 1;

    private final NodeConfig config;
    private final ClusterShell cluster;
    private final MqttServer mqtt;
    private final CompletableFuture<Epoch> serving;

    private GatewayRole(
            NodeConfig config,
            ClusterShell cluster,
            MqttServer mqtt,
            CompletableFuture<Epoch> serving) {
        this.config = config;
        this.cluster = cluster;
        this.mqtt = mqtt;
        this.serving = serving;
    }

    /// Opens the listeners and registers with `fabric`, which must not listen yet. Clients are refused until the gateway
    /// serves.
    static GatewayRole open(
            NodeConfig config,
            DataDirectory data,
            List<Destination> stores,
            Fabric fabric,
            Reach reach,
            Ground ground,
            String version)
            throws StartException {
        CompletableFuture<Epoch> serving = new CompletableFuture<>();
        ClusterConfig clusterConfig =
                new ClusterConfig(
                        stores,
                        reach.address(config),
                        advertised(config),
                        FEATURES,
                        config.gateway().partitionHold(),
                        config.gateway().subscribeAck() == NodeConfig.SubscribeAck.LOCAL);
        ClusterShell cluster =
                new ClusterShell(
                        clusterConfig,
                        fabric,
                        ground.home().all().getFirst(),
                        new InDirectory(data),
                        LevelHash.keyed(ground.random().nextLong(), ground.random().nextLong()),
                        new Listening(serving));
        try {
            MqttServer mqtt =
                    MqttServer.start(
                            config.node().name(),
                            version,
                            gatewayConfig(config),
                            ground.loops(),
                            cluster,
                            ground.random(),
                            Clock.systemUTC());
            return new GatewayRole(config, cluster, mqtt, serving);
        } catch (IOException e) {
            cluster.close();
            throw new StartException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private static String advertised(NodeConfig config) {
        return config.gateway().listeners().stream()
                .flatMap(listener -> listener.advertise().stream())
                .findFirst()
                .map(HostPort::toString)
                .orElse("");
    }

    private static GatewayConfig gatewayConfig(NodeConfig config) {
        NodeConfig.Gateway gateway = config.gateway();
        NodeConfig.Limits limits = gateway.limits();
        return new GatewayConfig(
                gateway.listeners().stream().map(GatewayRole::listener).toList(),
                new GatewayConfig.Limits(
                        limits.packetBytes(),
                        limits.topicLevels(),
                        limits.inflight(),
                        limits.receiveMaximum(),
                        limits.queueMessages(),
                        limits.queueBytes(),
                        limits.subscriptions(),
                        limits.topicAliases(),
                        limits.connections(),
                        limits.connectsPerSecond() == Integer.MAX_VALUE
                                ? 0
                                : limits.connectsPerSecond()),
                gateway.keepAliveMax().orElse(null),
                GatewayConfig.SubscribeAck.valueOf(gateway.subscribeAck().name()),
                GatewayConfig.SharedPick.valueOf(gateway.sharedPick().name()),
                gateway.sysInterval(),
                null);
    }

    private static GatewayConfig.Listener listener(Listener listener) {
        return new GatewayConfig.Listener(
                listener.name(),
                new InetSocketAddress(listener.bind().host(), listener.bind().port()),
                listener.path().isPresent()
                        ? GatewayConfig.Transport.WEB_SOCKET
                        : GatewayConfig.Transport.TCP,
                listener.path().orElse("/mqtt"),
                listener.tls()
                        .map(tls ->
                                new GatewayConfig.Tls(
                                        tls.certificate(), tls.key(), tls.clientCa().orElse(null)))
                        .orElse(null),
                listener.advertise().map(HostPort::toString).orElse(null));
    }

    /// Registers with the stores; see [#serving].
    void start() {
        cluster.start();
    }

    /// Completes when the gateway serves for the first time.
    CompletableFuture<Epoch> serving() {
        return serving;
    }

    /// Where each listener listens, by name.
    Map<String, InetSocketAddress> listeners() {
        return mqtt.view().listeners();
    }

    NodeStatus.GatewayStatus status() {
        ClusterStatus status = cluster.status();
        GatewayView view = mqtt.view();
        return new NodeStatus.GatewayStatus(
                state(status),
                status.epoch().map(Object::toString).orElse(null),
                leaseMillis(),
                status.followed().map(Object::toString).orElse(null),
                status.feedIndex(),
                status.routes(),
                status.pendingChanges(),
                view.clientCount(),
                view.subscriptionCount(),
                status.alarms(),
                cluster.peerCounters().stream().map(GatewayRole::peer).toList());
    }

    private @Nullable Long leaseMillis() {
        long nanos = cluster.deadlineNanos() - System.nanoTime();
        return nanos > 0 ? TimeUnit.NANOSECONDS.toMillis(nanos) : null;
    }

    private String state(ClusterStatus status) {
        return status.phase().equals("serving") && !cluster.mayAcknowledge(System.nanoTime())
                ? "fenced"
                : status.phase();
    }

    private static NodeStatus.PeerRow peer(PeerCounters peer) {
        return new NodeStatus.PeerRow(
                peer.node().toString(),
                peer.linksConnected() > 0,
                peer.framesSent(),
                peer.framesTaken(),
                peer.framesReceived());
    }

    Health.Check health() {
        ClusterStatus status = cluster.status();
        boolean may = cluster.mayAcknowledge(System.nanoTime());
        return new Health.Check(
                "gateway",
                Health.Kind.READY,
                may,
                state(status)
                        + ", epoch "
                        + status.epoch().map(Object::toString).orElse("none")
                        + ", feed from "
                        + status.followed().map(Object::toString).orElse("none")
                        + " at "
                        + status.feedIndex());
    }

    /// Where the stores are that this gateway talks with, and which answer.
    List<String> storesUp() {
        return cluster.status().storesUp().stream().map(Object::toString).toList();
    }

    List<ClientRow> clients() {
        String node = config.node().name().toString();
        Instant now = Instant.now();
        return ask(mqtt.view().clients()).stream()
                .map(client ->
                        new ClientRow(
                                client.clientId(),
                                node,
                                client.address(),
                                client.listener(),
                                "MQTT " + client.protocol(),
                                client.keepAliveSeconds(),
                                Math.max(
                                        0, Duration.between(client.connectedAt(), now).toSeconds()),
                                client.subscriptions(),
                                client.inflight(),
                                client.queuedMessages()))
                .toList();
    }

    List<SubscriptionRow> subscriptions(Optional<String> client, Optional<String> filter) {
        String node = config.node().name().toString();
        return ask(mqtt.view().subscriptions()).stream()
                .filter(each -> client.isEmpty() || each.clientId().equals(client.get()))
                .filter(each -> filter.isEmpty() || each.filter().equals(filter.get()))
                .map(each -> new SubscriptionRow(each.clientId(), each.filter(), each.qos(), node))
                .toList();
    }

    private static <T> T ask(CompletableFuture<T> question) {
        try {
            return question.get(ASK_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loops do not answer", e);
        }
    }

    void register(NodeMetrics metrics) {
        GatewayMeters.register(metrics, mqtt.view(), cluster);
    }

    /// Gives the epoch up, closes clients and listeners.
    @Override
    public void close() {
        try {
            cluster.stop().toCompletableFuture().get(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            LOG.atWarn()
                    .addKeyValue("node", config.node().name())
                    .log("no store confirmed the end of the epoch");
        }
        mqtt.close();
        cluster.close();
    }

    /// The number that the data directory keeps.
    private record InDirectory(DataDirectory data) implements RegistrationNumber {
        @Override
        public long highest() {
            return data.registration();
        }

        @Override
        public void raise(long number) throws IOException {
            data.raiseRegistration(number);
        }
    }

    private record Listening(CompletableFuture<Epoch> first) implements ClusterListener {
        @Override
        public void serving(Epoch epoch) {
            first.complete(epoch);
        }

        @Override
        public void gaveUp(Epoch epoch, String reason) {
            // The cluster's side says so in the log; health asks it.
        }

        @Override
        public void alarm(String text) {
            // Logged and counted there.
        }
    }
}
