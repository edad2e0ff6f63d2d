package io.banyanmq.fabric.core;

import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubles from `leastMillis` to `mostMillis`, each time at random between half of it and
/// all of it, so that peers of a node that comes back do not all call at once.
public final class Backoff {
    private final long leastMillis;
    private final long mostMillis;
    private final RandomGenerator random;
    private long nextMillis;

    public Backoff(long leastMillis, long mostMillis, RandomGenerator random) {
        if (leastMillis < 1 || mostMillis < leastMillis) {
            throw new IllegalArgumentException(
                    "backoff from " + leastMillis + " to " + mostMillis + " ms");
        }
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.random = random;
        this.nextMillis = leastMillis;
    }

    /// Milliseconds to wait now.
    public long nextMillis() {
        long bound = nextMillis;
        nextMillis = Math.min(mostMillis, bound * 2);
        return bound / 2 + random.nextLong(bound - bound / 2 + 1);
    }

    /// An attempt succeeded: start over.
    public void reset() {
        nextMillis = leastMillis;
    }
}
