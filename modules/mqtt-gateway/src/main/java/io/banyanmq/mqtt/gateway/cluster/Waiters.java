package io.banyanmq.mqtt.gateway.cluster;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Who waits for an add to be visible, by small numbers that are used again. Of one loop.
final class Waiters {
    private @Nullable Runnable[] runs = new @Nullable Runnable[16];
    private int[] free = new int[16];
    private int freeCount;
    private int used;

    /// Keeps `run` until [#run] is called with the number that this returns.
    int add(Runnable run) {
        int number = freeCount > 0 ? free[--freeCount] : used++;
        if (number == runs.length) {
            runs = Arrays.copyOf(runs, number * 2);
            free = Arrays.copyOf(free, number * 2);
        }
        runs[number] = run;
        return number;
    }

    /// Runs what waits under `number`, if it still does.
    void run(int number) {
        Runnable run = number < runs.length ? runs[number] : null;
        if (run != null) {
            runs[number] = null;
            free[freeCount++] = number;
            run.run();
        }
    }

    /// Forgets them all.
    void clear() {
        Arrays.fill(runs, null);
        freeCount = 0;
        used = 0;
    }
}
