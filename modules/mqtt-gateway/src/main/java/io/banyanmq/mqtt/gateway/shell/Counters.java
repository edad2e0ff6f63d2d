package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The counters of one loop: written by that loop alone, without a fence; read by any thread, which may see a value
/// of a moment ago but never a torn one.
@SuppressWarnings("EnumOrdinal") // positions in an array that nobody keeps
final class Counters {
    private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

    /// Room before and after, so that two loops' counters never share a cache line.
    private static final int PADDING = 16;

    private static final int COUNT = Counter.values().length;

    private final long[] values = new long[COUNT + 2 * PADDING];

    void increment(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long amount) {
        int index = PADDING + counter.ordinal();
        LONG.setOpaque(values, index, values[index] + amount);
    }

    long get(Counter counter) {
        return (long) LONG.getOpaque(values, PADDING + counter.ordinal());
    }
}
