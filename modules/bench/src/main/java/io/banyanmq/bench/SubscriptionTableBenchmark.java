package io.banyanmq.bench;

import io.banyanmq.topic.LevelHash;
import io.banyanmq.topic.Subscribers;
import io.banyanmq.topic.SubscriptionTable;
import io.banyanmq.topic.TopicFilter;
import io.banyanmq.topic.TopicLevels;
import io.banyanmq.topic.TopicRules;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A match of the subscription table, splitting the topic included, topics in random order, and an
/// add with its remove; one subscriber a filter. Set-up prints what a filter takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SubscriptionTableBenchmark {
    private static final int TOPICS = 1 << 16;

    @Param({"1000", "100000", "1000000"})
    public int filters;

    private final LevelHash hash = LevelHash.keyed(1, 2);
    private final SubscriptionTable<Object> table = new SubscriptionTable<>(hash);
    private final TopicLevels levels = new TopicLevels(hash);
    private final Object subscriber = new Object();
    private TopicFilter[] added = {};
    private byte[][] topics = {};
    private int next;
    private int found;

    @Setup(Level.Trial)
    public void fill() {
        Routes source = new Routes();
        topics = source.topics(TOPICS, filters);
        added = new TopicFilter[TOPICS];
        long heap = Routes.heapBytes();
        long begun = System.nanoTime();
        for (int i = 0; i < filters; i++) {
            table.add(TopicRules.UNLIMITED.filter(source.filter(i)), subscriber);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%n%,d filters in %.2f s: %.0f bytes of heap a filter%n",
                table.filters(),
                seconds,
                (double) (Routes.heapBytes() - heap) / filters);
        for (int i = 0; i < TOPICS; i++) {
            added[i] = TopicRules.UNLIMITED.filter(source.filter(filters + i));
        }
    }

    @Benchmark
    public int match() {
        byte[] topic = topics[next++ & (TOPICS - 1)];
        found = 0;
        table.match(levels.set(topic, 0, topic.length), this::count);
        return found;
    }

    private void count(Subscribers<Object> subscribers) {
        found += subscribers.size();
    }

    @Benchmark
    public long addAndRemove() {
        TopicFilter filter = added[next++ & (TOPICS - 1)];
        table.add(filter, subscriber);
        table.remove(filter, subscriber);
        return table.version();
    }
}
