package io.banyanmq.route.store.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.Cookie;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.FabricConfig;
import io.banyanmq.fabric.Transport;
import io.banyanmq.raft.kit.Peer;
import io.banyanmq.raft.kit.RaftConfig;
import io.banyanmq.raft.kit.RaftNode;
import io.banyanmq.route.store.RouteStoreConfig;
import io.banyanmq.route.store.RouteStoreStatus;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Store nodes of one cluster in this process, over Netty's local transport, and gateways that talk to them.
final class Cluster implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Set<Integer> PORTS_GIVEN = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    private final String name = "test" + CLUSTERS.incrementAndGet();
    private final EventLoopGroup loops = Transport.NIO.newLoops(2, name);
    private final Path directory;
    private final Duration ttl;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();

    /// One store node.
    final class Member implements AutoCloseable {
        final int number;
        final RaftConfig raftConfig;
        final Fabric fabric;
        final RaftNode raft;
        final RouteStore store;
        final CompletionStage<Void> started;

        Member(int number, Peer peer, List<RouteStoreConfig.InitialNode> initial) throws Exception {
            this.number = number;
            raftConfig =
                    RaftConfig.of(
                            peer,
                            "127.0.0.1",
                            HostPort.parse(peer.address()).port(),
                            directory.resolve("store" + number));
            raft = RaftNode.open(raftConfig, reason -> {});
            fabric = fabric(storeName(number), new Incarnation(0, number));
            store =
                    new RouteStore(
                            new RouteStoreConfig(
                                    name, initial, Map.of(LogOption.TTL_MILLIS, ttl.toMillis())),
                            peer,
                            raft,
                            fabric,
                            loops.next());
            fabric.listenLocal(localName(number));
            started = store.start();
        }

        void awaitStarted() throws Exception {
            started.toCompletableFuture().get(LONG.toMillis(), TimeUnit.MILLISECONDS);
        }

        boolean leads() {
            return store.status().phase() == RouteStoreStatus.Phase.LEADING;
        }

        @Override
        public void close() {
            store.close();
            raft.close();
            fabric.close();
            members.remove(this);
        }
    }

    /// A cluster whose leases outlive any test.
    Cluster(Path directory) {
        this(directory, Duration.ofMinutes(10));
    }

    Cluster(Path directory, Duration ttl) {
        this.directory = directory;
        this.ttl = ttl;
    }

    /// Starts `count` new store nodes.
    Cluster form(int count) throws Exception {
        List<RouteStoreConfig.InitialNode> initial = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            initial.add(
                    new RouteStoreConfig.InitialNode(storeName(i), new HostPort(localName(i), 0)));
            peers.add(
                    new Peer(
                            storeName(i).toString(),
                            HexFormat.of().toHexDigits((long) i),
                            "127.0.0.1:" + freePort()));
        }
        for (int i = 1; i <= count; i++) {
            members.add(new Member(i, peers.get(i - 1), initial));
        }
        for (Member member : members) {
            member.awaitStarted();
        }
        return this;
    }

    /// Starts a node again that was closed, on the same data.
    Member restart(Member closed) throws Exception {
        List<RouteStoreConfig.InitialNode> initial =
                List.of(
                        new RouteStoreConfig.InitialNode(
                                storeName(closed.number),
                                new HostPort(localName(closed.number), 0)));
        Member again = new Member(closed.number, closed.raftConfig.self(), initial);
        members.add(again);
        again.awaitStarted();
        return again;
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    /// The node that leads, once one does.
    Member leader() {
        await().atMost(LONG).until(() -> members.stream().anyMatch(Member::leads));
        return members.stream().filter(Member::leads).findFirst().orElseThrow();
    }

    /// A gateway that talks to every store node.
    Gateway gateway(String gatewayName, long incarnation) throws Exception {
        NodeName node = new NodeName(gatewayName, "127.0.0.1");
        Fabric fabric = fabric(node, new Incarnation(1, incarnation));
        Gateway gateway = new Gateway(node, new Incarnation(1, incarnation), fabric, ttl);
        gateways.add(gateway);
        for (Member member : members) {
            gateway.dial(
                    new Destination(
                            storeName(member.number), new HostPort(localName(member.number), 0)),
                    loops.next());
        }
        return gateway;
    }

    private Fabric fabric(NodeName node, Incarnation incarnation) {
        return new Fabric(
                FabricConfig.of(
                        name, node, incarnation, Cookie.of("secret of the test".getBytes(UTF_8))),
                Transport.NIO,
                loops,
                new SecureRandom());
    }

    private static NodeName storeName(int number) {
        return new NodeName("store" + number, "127.0.0.1");
    }

    private String localName(int number) {
        return name + "-store" + number;
    }

    /// A port that is free and was given to no other test that may be running.
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (PORTS_GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    @Override
    public void close() {
        gateways.forEach(Gateway::close);
        members().parallelStream().forEach(Member::close);
        assertThat(members).isEmpty();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
    }
}
