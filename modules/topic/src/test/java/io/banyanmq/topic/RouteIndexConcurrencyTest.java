package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Two readers match without pause while the writer changes the index: what stays is never missed.
class RouteIndexConcurrencyTest {
    private static final LevelHash HASH = LevelHash.keyed(1, 2);
    private static final long MATCHES_MIN = 1_000;

    private final RouteIndex index = new RouteIndex(HASH);
    private final List<Stable> stable = new ArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong matches = new AtomicLong();
    private final Queue<String> misses = new ConcurrentLinkedQueue<>();

    /// A topic, and a destination it must always find.
    private record Stable(String topic, int destination) {}

    @Test
    void tables_grow_split_and_shrink_under_readers() throws InterruptedException {
        int shapes = 24;
        for (int shape = 0; shape < shapes; shape++) {
            for (int i = 0; i < 50; i++) {
                String filter = "t/" + i + "/+".repeat(shape);
                add(filter, i);
                stable.add(new Stable(filter.replace('+', 'x'), i));
            }
        }
        withReaders(() -> {
            for (int shape = 0; shape < shapes; shape++) {
                String end = "/+".repeat(shape);
                for (int i = 50; i < 10_000; i++) {
                    add("t/" + i + end, 60);
                }
                if (shape % 2 == 0) {
                    index.removeDestination(60);
                }
                for (int i = 50; i < 10_000 && shape % 2 == 1; i++) {
                    remove("t/" + i + end, 60);
                }
            }
        });
        assertThat(index.size()).isEqualTo(shapes * 50L);
    }

    @Test
    void lists_prefixes_and_shapes_come_and_go_under_readers() throws InterruptedException {
        List<String> filters = List.of("s/1", "s/+", "s/#", "+/1", "+/+", "#");
        for (String filter : filters) {
            int destination = filters.indexOf(filter);
            add(filter, destination);
            add(filter, 100 + destination);
            stable.add(new Stable("s/1", destination));
            stable.add(new Stable("s/1", 100 + destination));
        }
        withReaders(() -> {
            for (int round = 0; round < 500; round++) {
                for (int i = 0; i < 50; i++) {
                    add(filters.get(i % 6), 1_000 + i);
                    add("s/" + "+/".repeat(i) + i, 2_000);
                    add(i + "/1", 3_000);
                    add(i + "/#", 3_000);
                }
                for (int i = 0; i < 50; i++) {
                    remove(filters.get(i % 6), 1_000 + i);
                    remove(i + "/#", 3_000);
                    remove(i + "/1", 3_000);
                    remove("s/" + "+/".repeat(i) + i, 2_000);
                }
            }
        });
        assertThat(index.size()).isEqualTo(12);
    }

    private void withReaders(Runnable writer) throws InterruptedException {
        List<Thread> readers = new ArrayList<>();
        for (int offset : new int[] {0, stable.size() / 2}) {
            readers.add(Thread.ofPlatform().start(() -> read(offset)));
        }
        try {
            writer.run();
        } finally {
            done.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
        }
        assertThat(misses).isEmpty();
        assertThat(matches).as("readers did run").hasValueGreaterThan(MATCHES_MIN);
    }

    private void read(int offset) {
        TopicLevels levels = new TopicLevels(HASH);
        DestinationSet found = new DestinationSet();
        for (int i = offset; !done.get() && misses.isEmpty(); i = (i + 1) % stable.size()) {
            Stable one = stable.get(i);
            byte[] utf8 = one.topic.getBytes(UTF_8);
            index.match(levels.set(utf8, 0, utf8.length), found);
            if (!found.contains(one.destination)) {
                misses.add(one.topic + " found " + found);
            }
            matches.incrementAndGet();
        }
    }

    private void add(String filter, int destination) {
        index.add(filter.getBytes(UTF_8), destination);
    }

    private void remove(String filter, int destination) {
        assertThat(index.remove(filter.getBytes(UTF_8), destination)).as(filter).isTrue();
    }
}
