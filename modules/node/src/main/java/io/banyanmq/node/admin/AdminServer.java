package io.banyanmq.node.admin;

import io.banyanmq.cluster.wire.HostPort;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// The admin HTTP port of a node: `/metrics`, `/health`, `/api/v1`. Requests run on virtual threads.
///
/// Everything but `/health` asks for the token, if there is one, as `Authorization: Bearer TOKEN`.
public final class AdminServer implements AutoCloseable {
    private final WebServer server;
    private final HostPort address;

    private AdminServer(WebServer server, HostPort address) {
        this.server = server;
        this.address = address;
    }

    /// Starts to listen.
    ///
    /// @param bind address and port; port 0 takes a free one
    /// @param token empty: none is asked for
    /// @throws IOException if it cannot bind
    public static AdminServer start(
            HostPort bind, Optional<String> token, NodeView node, Supplier<String> metrics)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(bind.host(), bind.port());
        try (ServerSocket probe = new ServerSocket()) {
            // The server itself logs what it finds there, and goes on without a socket.
            probe.bind(address);
        }
        HttpRouting.Builder routing = HttpRouting.builder();
        new AdminRoutes(node, metrics, token.map(text -> text.getBytes(StandardCharsets.UTF_8)))
                .addTo(routing);
        WebServer server =
                WebServer.builder()
                        .bindAddress(address)
                        .routing(routing)
                        .shutdownHook(false)
                        .featuresDiscoverServices(false)
                        .maxTcpConnections(256)
                        .idleConnectionTimeout(Duration.ofSeconds(30))
                        .maxPayloadSize(64 << 10)
                        .shutdownGracePeriod(Duration.ofMillis(200))
                        .build();
        server.start();
        if (!server.isRunning()) {
            throw new BindException("the admin server does not listen on " + bind);
        }
        return new AdminServer(server, new HostPort(bind.host(), server.port()));
    }

    /// Where it listens.
    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        server.stop();
    }
}
