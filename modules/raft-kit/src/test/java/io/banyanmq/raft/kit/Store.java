package io.banyanmq.raft.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One process of a store as far as a test needs it: a node with one replica of [Words].
final class Store implements AutoCloseable {
    static final Group GROUP = new Group("banyan", "words");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Set<Integer> PORTS_GIVEN = ConcurrentHashMap.newKeySet();
    private static final SnapshotPolicy RARE =
            new SnapshotPolicy(1_000_000, 1 << 30, Duration.ofHours(1));

    final Peer peer;
    final Words words = new Words();
    final CompletableFuture<String> death = new CompletableFuture<>();
    final RaftNode node;
    private Optional<Replica> replica = Optional.empty();

    private Store(RaftConfig config) throws RaftStartException {
        peer = config.self();
        node = RaftNode.open(config, death::complete);
    }

    /// Opens the node; its replica is still to be formed, joined or recovered.
    static Store open(Path directory, Peer peer) throws RaftStartException {
        return new Store(config(directory, peer));
    }

    static RaftConfig config(Path directory, Peer peer) {
        int colon = peer.address().lastIndexOf(':');
        return RaftConfig.of(
                        peer,
                        peer.address().substring(0, colon),
                        Integer.parseInt(peer.address().substring(colon + 1)),
                        directory)
                .withSnapshots(RARE, 64 << 10);
    }

    /// Peers on free ports of the loopback interface.
    static List<Peer> peers(int count) throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            peers.add(new Peer("store" + i + "@127.0.0.1", "a" + i, "127.0.0.1:" + freePort()));
        }
        return peers;
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

    Store form(List<Peer> initial) throws RaftStartException {
        replica = Optional.of(node.form(GROUP, initial, words));
        return this;
    }

    Store join() throws RaftStartException {
        replica = Optional.of(node.join(GROUP, words));
        return this;
    }

    Store recover() throws RaftStartException {
        replica = Optional.of(node.recover(GROUP, words));
        return this;
    }

    Replica replica() {
        return replica.orElseThrow();
    }

    Store awaitLeading() {
        await().atMost(LONG).until(() -> replica().leads());
        return this;
    }

    /// Submits, and repeats while the replica says that it is busy.
    Reply submit(byte[] entry) throws Exception {
        while (true) {
            Reply reply = get(replica().submit(entry).toCompletableFuture());
            if (!(reply instanceof Reply.Busy)) {
                return reply;
            }
        }
    }

    /// Sets a word; returns the log index.
    long put(String key, String value) throws Exception {
        Reply reply = submit(Words.put(key, value));
        assertThat(reply).isInstanceOf(Reply.Applied.class);
        return ((Reply.Applied) reply).index();
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The one of `stores` that leads, once there is one.
    static Store leader(List<Store> stores) {
        return await().atMost(LONG)
                .until(
                        () -> stores.stream().filter(s -> s.replica().leads()).findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    void awaitApplied(long index) {
        await().atMost(LONG).until(() -> words.applied().index() >= index);
    }

    @Override
    public void close() {
        node.close();
    }
}
