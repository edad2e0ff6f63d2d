package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GroupCommitTest {
    private static final EntryFormat<String, String> LINES =
            new EntryFormat<>() {
                @Override
                public byte[] encode(List<String> commands) {
                    return String.join("\n", commands).getBytes(UTF_8);
                }

                @Override
                public List<String> decode(byte[] answer) {
                    return Arrays.asList(new String(answer, UTF_8).split("\n", -1));
                }
            };

    /// A log under the test's hand: it says when and how each entry ends.
    private static final class HeldLog implements GroupCommit.Log {
        record Held(String entry, CompletableFuture<Reply> reply) {}

        final BlockingQueue<Held> entries = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<Reply> submit(byte[] entry) {
            Held held = new Held(new String(entry, UTF_8), new CompletableFuture<>());
            entries.add(held);
            return held.reply();
        }

        Held next() throws InterruptedException {
            Held held = entries.poll(10, TimeUnit.SECONDS);
            assertThat(held).isNotNull();
            return held;
        }
    }

    private final HeldLog log = new HeldLog();
    private final List<Commit<String>> told = new CopyOnWriteArrayList<>();

    private GroupCommit<String, String> open(int entryBytesMax, int entriesMax, int waitingMax) {
        return new GroupCommit<>(
                "test", log, LINES, new GroupCommit.Limits(entryBytesMax, entriesMax, waitingMax));
    }

    private void commit(GroupCommit<String, String> group, String... commands) {
        for (String command : commands) {
            group.commit(command, command.length(), told::add);
        }
    }

    private void assertTold(List<Commit<String>> commits) {
        await().untilAsserted(() -> assertThat(told).isEqualTo(commits));
    }

    @Test
    void what_waits_goes_into_one_entry_and_each_is_told_its_outcome() throws Exception {
        try (GroupCommit<String, String> group = open(1_000, 1, 1_000)) {
            commit(group, "a");
            HeldLog.Held first = log.next();
            commit(group, "b", "c", "d");

            first.reply().complete(new Reply.Applied(7, "A".getBytes(UTF_8)));
            HeldLog.Held second = log.next();
            assertThat(second.entry()).isEqualTo("b\nc\nd");
            second.reply().complete(new Reply.Applied(9, "B\nC\nD".getBytes(UTF_8)));

            assertTold(
                    List.of(
                            new Commit.Done<>(7, "A"),
                            new Commit.Done<>(9, "B"),
                            new Commit.Done<>(9, "C"),
                            new Commit.Done<>(9, "D")));
        }
    }

    @Test
    void entries_are_bounded_and_only_so_many_are_under_way() throws Exception {
        try (GroupCommit<String, String> group = open(4, 2, 1_000)) {
            commit(group, "too-long-by-itself");
            HeldLog.Held first = log.next();
            commit(group, "aa", "bb", "cc", "dd");
            HeldLog.Held second = log.next();
            assertThat(second.entry()).startsWith("aa");
            assertThat(log.entries.poll(50, TimeUnit.MILLISECONDS)).isNull();

            first.reply().complete(new Reply.Busy("full"));
            assertThat(log.next().entry())
                    .isEqualTo(second.entry().equals("aa") ? "bb\ncc" : "cc\ndd");
            assertTold(List.of(new Commit.NotDone<>(Optional.empty(), "full")));
        }
    }

    @Test
    void refusals_say_who_leads() throws Exception {
        try (GroupCommit<String, String> group = open(1_000, 1, 1_000)) {
            commit(group, "a");
            log.next().reply().complete(new Reply.NotLeader(Optional.of("store2-ff")));
            assertTold(
                    List.of(
                            new Commit.NotDone<>(
                                    Optional.of("store2-ff"), "this store does not lead")));
        }
    }

    @Test
    void too_much_waiting_is_turned_away() throws Exception {
        try (GroupCommit<String, String> group = open(1_000, 1, 3)) {
            commit(group, "a");
            log.next();
            commit(group, "bbb", "c");
            assertTold(
                    List.of(
                            new Commit.NotDone<>(
                                    Optional.empty(), "too much is waiting to be committed")));
        }
    }

    @Test
    void closing_tells_those_who_wait() throws Exception {
        GroupCommit<String, String> group = open(1_000, 1, 1_000);
        commit(group, "a");
        HeldLog.Held first = log.next();
        commit(group, "b");

        group.close();
        group.close();
        commit(group, "c");
        first.reply().complete(new Reply.Applied(1, "A".getBytes(UTF_8)));

        Commit<String> closing = new Commit.NotDone<>(Optional.empty(), "the store is closing");
        assertTold(List.of(closing, closing, new Commit.Done<>(1, "A")));
    }
}
