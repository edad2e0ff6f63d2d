package io.banyanmq.bench;

import io.banyanmq.topic.DestinationSet;
import io.banyanmq.topic.LevelHash;
import io.banyanmq.topic.RouteIndex;
import io.banyanmq.topic.TopicLevels;
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

/// A match of the route index, splitting the topic included, topics in random order; of three gateways
/// one route in twenty has two. Set-up prints what a route takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteIndexBenchmark {
    private static final int TOPICS = 1 << 16;
    private static final int GATEWAYS = 3;

    @Param({"1000", "100000", "1000000", "10000000"})
    public int routes;

    private final LevelHash hash = LevelHash.keyed(1, 2);
    private final RouteIndex index = new RouteIndex(hash);
    private final TopicLevels levels = new TopicLevels(hash);
    private final DestinationSet found = new DestinationSet();
    private byte[][] topics = {};
    private int next;

    @Setup(Level.Trial)
    public void fill() {
        Routes source = new Routes();
        topics = source.topics(TOPICS, routes);
        long heap = Routes.heapBytes();
        long begun = System.nanoTime();
        for (int i = 0; i < routes; i++) {
            byte[] filter = source.filter(i);
            index.add(filter, i % GATEWAYS);
            if (i % 20 == 0) {
                index.add(filter, (i + 1) % GATEWAYS);
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%n%,d routes in %.2f s: index says %.1f bytes a route, the heap %.1f%n",
                index.size(),
                seconds,
                (double) index.bytes() / index.size(),
                (double) (Routes.heapBytes() - heap) / index.size());
    }

    @Benchmark
    public int match() {
        byte[] topic = topics[next++ & (TOPICS - 1)];
        index.match(levels.set(topic, 0, topic.length), found);
        return found.size();
    }
}
