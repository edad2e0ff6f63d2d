package io.banyanmq.mqtt.gateway.cluster;

import java.util.Arrays;
import java.util.function.LongConsumer;

/// A list of longs that only grows.
final class LongList {
    private long[] values = new long[16];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    void forEach(LongConsumer action) {
        for (int i = 0; i < size; i++) {
            action.accept(values[i]);
        }
    }
}
