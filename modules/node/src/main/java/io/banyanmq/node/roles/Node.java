package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.fabric.Cookie;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.FabricConfig;
import io.banyanmq.fabric.FabricTls;
import io.banyanmq.fabric.Transport;
import io.banyanmq.node.admin.AdminServer;
import io.banyanmq.node.admin.NodeMetrics;
import io.banyanmq.node.config.EffectiveSetting;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.config.NodeConfig.Role;
import io.banyanmq.node.process.DataDirectory;
import io.banyanmq.node.process.SecretFile;
import io.banyanmq.node.process.StartException;
import io.banyanmq.raft.kit.RaftStartException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node: its data directory, its end of the fabric, its roles, its admin port, put together in that order and
/// taken apart in the reverse one.
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeConfig config;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private @Nullable RouteStoreRole routeStore;
    private @Nullable GatewayRole gateway;
    private @Nullable AdminServer admin;
    private volatile boolean closing;

    private Node(NodeConfig config) {
        this.config = config;
    }

    /// Opens all ports and starts the roles; [#ready] says when they work.
    ///
    /// @param settings for the admin port
    /// @param reach how other nodes are reached
    /// @param fatal told why, if the node cannot go on; its process should end
    /// @throws StartException if it cannot start; then nothing of it is left
    public static Node start(
            NodeConfig config,
            List<EffectiveSetting> settings,
            Reach reach,
            Ground ground,
            String version,
            Consumer<String> fatal)
            throws StartException {
        Node node = new Node(config);
        try {
            node.open(settings, reach, ground, version, fatal);
            return node;
        } catch (StartException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void open(
            List<EffectiveSetting> settings,
            Reach reach,
            Ground ground,
            String version,
            Consumer<String> fatal)
            throws StartException {
        DataDirectory data = opened(DataDirectory.open(config.node().data(), ground.random()));
        Ports.check(config, settings, reach.equals(Reach.TCP));
        Fabric fabric =
                opened(
                        new Fabric(
                                fabricConfig(data),
                                Transport.best(),
                                ground.loops().group(),
                                ground.random()));
        List<Destination> stores =
                config.cluster().seeds().stream().map(reach::destination).toList();
        if (config.node().roles().contains(Role.ROUTE_STORE)) {
            routeStore = opened(RouteStoreRole.open(config, data, fabric, reach, ground, fatal));
            if (stores.isEmpty()) {
                stores = List.of(new Destination(config.node().name(), reach.address(config)));
            }
        }
        if (config.node().roles().contains(Role.GATEWAY)) {
            gateway =
                    opened(GatewayRole.open(config, data, stores, fabric, reach, ground, version));
        }
        try {
            reach.listen(fabric, config);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    taken("fabric", "fabric.bind", config.fabric().bind(), e),
                    e);
        }
        ScannedRoutes routes = new ScannedRoutes(fabric, stores, ground.home().all().getFirst());
        NodeMetrics metrics = opened(new NodeMetrics().withJvm());
        RolesView view = new RolesView(config, settings, version, routes, routeStore, gateway);
        view.register(metrics);
        admin = opened(admin(view, metrics));
        startRoles();
    }

    private FabricConfig fabricConfig(DataDirectory data) throws StartException {
        Path cookieFile = config.cluster().cookieFile().orElseThrow();
        Cookie cookie =
                Cookie.of(
                        SecretFile.read("cluster.cookie-file", cookieFile)
                                .getBytes(StandardCharsets.UTF_8));
        FabricConfig fabric =
                FabricConfig.of(
                        config.cluster().name(), config.node().name(), data.incarnation(), cookie);
        if (config.fabric().tls().isEmpty()) {
            return fabric;
        }
        NodeConfig.PeerTls tls = config.fabric().tls().get();
        try {
            return fabric.withTls(FabricTls.fromPem(tls.certificate(), tls.key(), tls.authority()));
        } catch (SSLException e) {
            throw new StartException(ExitCode.CONFIG, "fabric.tls: " + e.getMessage(), e);
        }
    }

    private void startRoles() {
        CompletableFuture<Void> store =
                routeStore == null
                        ? CompletableFuture.completedFuture(null)
                        : routeStore.start().toCompletableFuture();
        GatewayRole serving = gateway;
        CompletableFuture<?> all =
                serving == null
                        ? store
                        : store.thenCompose( // It would only call in vain at its own store before.
                                _ -> {
                                    serving.start();
                                    return serving.serving();
                                });
        var _ = store.whenComplete((_, failure) -> failed(failure));
        var _ = all.thenRun(() -> ready.complete(null));
    }

    /// The store cannot start: the node never becomes ready, and says why.
    private void failed(@Nullable Throwable failure) {
        if (failure == null || closing) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        ready.completeExceptionally(
                cause instanceof RaftStartException e
                        ? RouteStoreRole.failure(config, e)
                        : new StartException(
                                ExitCode.CONFIG,
                                config.node().name() + ": " + cause.getMessage(),
                                cause));
    }

    private AdminServer admin(RolesView view, NodeMetrics metrics) throws StartException {
        Optional<String> token = Optional.empty();
        if (config.admin().tokenFile().isPresent()) {
            token =
                    Optional.of(
                            SecretFile.read("admin.token-file", config.admin().tokenFile().get()));
        }
        try {
            return AdminServer.start(config.admin().bind(), token, view, metrics::scrape);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    taken("admin", "admin.bind", config.admin().bind(), e),
                    e);
        }
    }

    private static String taken(String what, String key, HostPort address, IOException e) {
        return what + " port " + address + " (" + key + ") cannot be opened: " + e.getMessage();
    }

    /// Completes once every role works: stores are led, gateways serve. Fails with a [StartException] if the store cannot
    /// start.
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /// What it was started with.
    public NodeConfig config() {
        return config;
    }

    /// Where clients connect, by listener name; empty without a gateway.
    public Map<String, InetSocketAddress> listeners() {
        return gateway == null ? Map.of() : gateway.listeners();
    }

    /// Where the admin port is.
    public HostPort adminAddress() {
        return admin == null ? config.admin().bind() : admin.address();
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /// Takes it apart: admin port, gateway (which ends its epoch), stores (which hand over leadership), fabric, data directory.
    @Override
    public void close() {
        closing = true;
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("not closed cleanly");
            }
        }
    }
}
