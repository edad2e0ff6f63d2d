package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One replica, on real disk and a real port.
@Timeout(60)
class ReplicaTest {
    @TempDir Path temp;

    private List<Peer> peers = List.of();

    @BeforeEach
    void choosePort() throws IOException {
        peers = Store.peers(1);
    }

    private Store open() throws RaftStartException {
        return Store.open(temp, peers.getFirst());
    }

    @Test
    void what_was_applied_is_there_after_a_restart() throws Exception {
        long last;
        try (Store store = open().form(peers).awaitLeading()) {
            store.put("a", "1");
            Reply second = store.submit(Words.put("a", "2"));
            assertThat(second)
                    .isInstanceOfSatisfying(
                            Reply.Applied.class,
                            applied -> assertThat(applied.answer()).asString(UTF_8).isEqualTo("1"));
            last = ((Reply.Applied) second).index();
        }
        try (Store store = open().recover().awaitLeading()) {
            store.awaitApplied(last);
            assertThat(store.words.all()).containsExactly(entry("a", "2"));
            assertThat(store.put("b", "3")).isGreaterThan(last);
        }
    }

    @Test
    void snapshot_shortens_the_log_and_carries_the_state_over_a_restart() throws Exception {
        long snapshot;
        try (Store store = open().form(peers).awaitLeading()) {
            String filler = "x".repeat(1_000);
            for (int i = 0; i < 200; i++) {
                store.put("k" + i, filler);
            }
            snapshot = Store.get(store.replica().snapshot().toCompletableFuture());
            assertThat(snapshot).isGreaterThanOrEqualTo(200);
            store.put("after", "1");
            try (Stream<Path> files = Files.walk(temp.resolve("log"))) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .contains("snapshot." + store.replica().term() + "_" + snapshot)
                        .noneMatch(name -> name.startsWith("log_0-"));
            }
        }
        // As if the database had lost everything: it comes back from the snapshot and the log.
        Disk.deleteTree(temp.resolve("words").resolve("state"));
        try (Store store = open().recover().awaitLeading()) {
            store.awaitApplied(snapshot + 1);
            assertThat(store.words.all()).hasSize(201).containsEntry("after", "1");
        }
    }

    @Test
    void snapshots_are_taken_when_enough_bytes_were_applied() throws Exception {
        RaftConfig config =
                Store.config(temp, peers.getFirst())
                        .withSnapshots(
                                new SnapshotPolicy(1_000_000, 10_000, Duration.ofHours(1)),
                                64 << 10);
        Words words = new Words();
        try (RaftNode node = RaftNode.open(config, reason -> {})) {
            Replica replica = node.form(Store.GROUP, peers, words);
            await().until(replica::leads);
            Store.get(replica.submit(Words.put("a", "x".repeat(20_000))).toCompletableFuture());
            await().until(() -> replica.machine().snapshotPoint().index() > 0);
        }
    }

    @Test
    void many_entries_in_flight_are_all_applied() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                replies.add(store.replica().submit(Words.put("k" + i, "v")).toCompletableFuture());
            }
            for (CompletableFuture<Reply> reply : replies) {
                assertThat(Store.get(reply)).isInstanceOf(Reply.Applied.class);
            }
            assertThat(store.words.all()).hasSize(500);
        }
    }

    @Test
    void oversized_entry_is_refused_before_it_reaches_the_log() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            int max = store.node.config().entryBytesMax();
            assertThat(store.submit(new byte[max + 1])).isEqualTo(new Reply.TooLarge(max + 1, max));
            store.put("a", "1");
            assertThat(store.death).isNotDone();
        }
    }

    @Test
    void entry_that_cannot_be_applied_stops_the_replica_and_is_reported() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            store.put("a", "1");
            CompletableFuture<Reply> reply =
                    store.replica().submit(Words.POISON).toCompletableFuture();

            assertThat(Store.get(store.death)).contains("banyan/words", "no entry of ours: poison");
            assertThat(Store.get(reply)).isNotInstanceOf(Reply.Applied.class);
            assertThat(store.submit(Words.put("b", "2"))).isInstanceOf(Reply.Failed.class);
        }
        // It stays at the entry before, and stops again at the same one.
        try (Store store = open().recover()) {
            assertThat(Store.get(store.death)).contains("poison");
        }
    }

    @Test
    void failing_disk_stops_the_replica_and_is_reported() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            store.words.database().close();
            CompletableFuture<Reply> reply =
                    store.replica().submit(Words.put("a", "1")).toCompletableFuture();

            assertThat(Store.get(store.death)).contains("could not be applied");
            assertThat(Store.get(reply)).isNotInstanceOf(Reply.Applied.class);
        }
    }

    @Test
    void damaged_log_is_refused() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            for (int i = 0; i < 20; i++) {
                store.put("k" + i, "value");
            }
        }
        Path segment = segment(temp);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(segment, bytes, StandardOpenOption.WRITE);

        try (Store store = open()) {
            assertFault(RaftStartException.Fault.CORRUPT, store::recover)
                    .hasMessageContaining("return as a new peer");
        }
    }

    /// What lies on disk at the moment, as a killed process leaves it, but for `cut` bytes that it did not get to write.
    private Path imageAsKilled(int cut) throws IOException {
        Path image = temp.resolve("image");
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path file : files.filter(f -> !f.startsWith(image)).toList()) {
                Path copy = image.resolve(temp.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (!file.startsWith(temp.resolve("words").resolve("state"))) {
                    Files.copy(file, copy);
                }
            }
        }
        Disk.deleteTree(image.resolve("words").resolve("state"));
        Path segment = segment(image);
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        Arrays.fill(bytes, end - cut, end, (byte) 0);
        Files.write(segment, bytes);
        return image;
    }

    private static Path segment(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("log"))) {
            return files.filter(file -> Disk.name(file).startsWith("log_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9, 30})
    void entry_that_a_killed_process_wrote_by_half_is_cut_off(int cut) throws Exception {
        Path image;
        try (Store store = open().form(peers).awaitLeading()) {
            for (int i = 0; i < 5; i++) {
                store.put("k" + i, "a value of some length");
            }
            image = imageAsKilled(cut);
        }
        try (Store store = Store.open(image, peers.getFirst()).recover().awaitLeading()) {
            long next = store.put("next", "1");
            store.awaitApplied(next);
            assertThat(store.words.all().keySet()).containsExactly("k0", "k1", "k2", "k3", "next");
        }
    }

    @Test
    void log_that_vanished_is_not_begun_anew() throws Exception {
        try (Store store = open().form(peers).awaitLeading()) {
            store.put("a", "1");
        }
        Disk.deleteTree(temp.resolve("log"));
        try (Store store = open()) {
            assertFault(RaftStartException.Fault.DATA_MISSING, store::recover);
        }
    }

    @Test
    void group_is_formed_once() throws Exception {
        try (Store store = open()) {
            assertFault(RaftStartException.Fault.NOT_FORMED, store::recover);
            assertThat(store.node.formation(Store.GROUP)).isEmpty();
            store.form(peers).awaitLeading();
        }
        try (Store store = open()) {
            assertThat(store.node.formation(Store.GROUP))
                    .map(Formation::initial)
                    .isEqualTo(Optional.of(peers));
            assertFault(RaftStartException.Fault.FORMED, () -> store.form(peers));
        }
    }

    @Test
    void data_of_another_incarnation_is_refused() throws Exception {
        open().form(peers).close();
        Peer reborn = new Peer(peers.getFirst().name(), "b1", peers.getFirst().address());
        try (Store store = Store.open(temp, reborn)) {
            assertFault(RaftStartException.Fault.FOREIGN, store::recover);
        }
    }

    @Test
    void taken_port_is_named() throws Exception {
        try (Store first = open()) {
            assertFault(
                            RaftStartException.Fault.PORT,
                            () -> Store.open(temp.resolve("other"), first.peer))
                    .hasMessageContaining(first.peer.address());
        }
    }

    @Test
    void port_open_to_others_needs_tls() {
        RaftConfig config = RaftConfig.of(peers.getFirst(), "0.0.0.0", 7001, temp);
        assertFault(RaftStartException.Fault.INSECURE, () -> RaftNode.open(config, reason -> {}));
    }

    @Test
    void leadership_is_told_to_those_who_listen() throws Exception {
        try (Store store = open().form(peers)) {
            BlockingQueue<Leadership> seen = new LinkedBlockingQueue<>();
            store.replica().listen(seen::add);
            store.awaitLeading();
            Leadership last = seen.poll(10, TimeUnit.SECONDS);
            while (!(last instanceof Leadership.Leading)) {
                assertThat(last).isNotNull();
                last = seen.poll(10, TimeUnit.SECONDS);
            }
            assertThat(store.replica().leader()).hasValue(store.peer.id());
            assertThat(store.replica().term()).isPositive();
            assertThat(store.replica().peers()).isEqualTo(peers);
        }
    }

    private static AbstractThrowableAssert<?, ?> assertFault(
            RaftStartException.Fault fault, ThrowingCallable start) {
        return assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        RaftStartException.class,
                        e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    private static Map.Entry<String, String> entry(String key, String value) {
        return Map.entry(key, value);
    }
}
