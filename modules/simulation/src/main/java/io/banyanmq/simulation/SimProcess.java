package io.banyanmq.simulation;

import java.util.ArrayList;
import java.util.List;

/// A process: it may be stopped and killed, and it has a monotonic clock of its own rate.
final class SimProcess {
    private final String name;
    private final int ratePermille;
    private final long offset;
    private boolean alive = true;
    private boolean frozen;
    private final List<Runnable> input = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();

    /// A clock that counts `ratePermille` milliseconds in a real second.
    SimProcess(String name, int ratePermille, long offset) {
        this.name = name;
        this.ratePermille = ratePermille;
        this.offset = offset;
    }

    String name() {
        return name;
    }

    /// The monotonic clock.
    long clock(World world) {
        return offset + world.now() / 1_000 * ratePermille;
    }

    long realNanos(long localNanos) {
        return localNanos / ratePermille * 1_000;
    }

    boolean alive() {
        return alive;
    }

    void kill() {
        alive = false;
        input.clear();
        timers.clear();
    }

    boolean frozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
    }

    void keep(boolean timer, Runnable event) {
        (timer ? timers : input).add(event);
    }

    /// Goes on; what was kept, in the order in which a process meets it.
    List<Runnable> wake() {
        frozen = false;
        List<Runnable> kept = new ArrayList<>(input);
        kept.addAll(timers);
        input.clear();
        timers.clear();
        return kept;
    }
}
