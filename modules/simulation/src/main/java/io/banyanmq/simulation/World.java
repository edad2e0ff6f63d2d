package io.banyanmq.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Time, chance and the order of events: all that happens comes out of one seed. Time is *real* time in nanoseconds, which no
/// process can read; each has a clock of its own ([SimProcess]).
final class World {
    static final long MS = 1_000_000;

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final @Nullable List<String> trace;
    private long now;
    private long order;
    private long steps;
    private long hash = 0xcbf29ce484222325L;

    /// Something that happens to a process, or to the world if that is null.
    private record Event(
            long at,
            long order,
            @Nullable SimProcess process,
            boolean timer,
            String what,
            Runnable action)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// A world that tells what happens if `traced`.
    World(long seed, boolean traced) {
        random = new SplittableRandom(seed);
        trace = traced ? new ArrayList<>() : null;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /// A number that differs if two histories do.
    long hash() {
        return hash;
    }

    List<String> trace() {
        return trace == null ? List.of() : trace;
    }

    /// Adds a line to the trace.
    void tell(String who, Supplier<String> what) {
        if (trace != null) {
            trace.add((now / MS) + "." + (now / 1_000 % 1_000) + " ms  " + who + "  " + what.get());
        }
    }

    // ---- chance

    boolean chance(int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /// Between `from` and `to` milliseconds, in nanoseconds.
    long millis(long from, long to) {
        return from == to ? from * MS : random.nextLong(from * MS, to * MS);
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    // ---- events

    /// Input that reaches `process` in `delay`.
    void after(long delay, @Nullable SimProcess process, String what, Runnable action) {
        add(now + delay, process, false, what, action);
    }

    /// A timer of `process`, set to `localNanos` from now on its own clock.
    void timer(SimProcess process, long localNanos, String what, Runnable action) {
        add(now + process.realNanos(localNanos), process, true, what, action);
    }

    private void add(
            long at, @Nullable SimProcess process, boolean timer, String what, Runnable action) {
        events.add(new Event(at, order++, process, timer, what, action));
    }

    /// Lets the next thing happen. False if nothing is left, or it is later than `until`.
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.at() > until) {
            now = Math.max(now, until);
            return false;
        }
        events.remove();
        now = next.at();
        SimProcess process = next.process();
        if (process != null) {
            if (!process.alive()) {
                return true;
            }
            if (process.frozen()) {
                process.keep(next.timer(), () -> run(next));
                return true;
            }
        }
        run(next);
        return true;
    }

    private void run(Event event) {
        SimProcess process = event.process();
        if (process != null && !process.alive()) {
            return;
        }
        if (process != null && process.frozen()) {
            process.keep(event.timer(), () -> run(event));
            return;
        }
        steps++;
        hash = (hash ^ now) * 0x100000001b3L;
        hash = (hash ^ event.what().hashCode()) * 0x100000001b3L;
        event.action().run();
    }

    /// Stops a process where it is, for `duration`. What reaches it meanwhile waits; when it wakes, input comes before timers.
    void freeze(SimProcess process, long duration) {
        if (process.alive() && !process.frozen()) {
            process.freeze();
            tell(process.name(), () -> "stops for " + duration / MS + " ms");
            after(
                    duration,
                    null,
                    "wake",
                    () -> {
                        tell(process.name(), () -> "goes on");
                        for (Runnable kept : process.wake()) {
                            after(0, null, "late", kept);
                        }
                    });
        }
    }
}
