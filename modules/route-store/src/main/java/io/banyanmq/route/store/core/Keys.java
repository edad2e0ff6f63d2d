package io.banyanmq.route.store.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.topic.FilterKey;
import io.banyanmq.topic.TopicFilter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Keys of the rows. They are stored: changing one breaks route stores on disk.
final class Keys {
    static final byte[] FIRST = new byte[0];

    /// Above every key of a family: route keys begin with 0..3, names are ASCII, indexes are positive.
    static final byte[] LAST = {(byte) 0x80};

    static final byte[] APPLIED = ascii("applied");
    static final byte[] HORIZON = ascii("horizon");
    static final byte[] TIME = ascii("time");
    static final byte[] SWEEP = ascii("sweep");
    private static final String OPTION = "option/";
    static final byte[] OPTIONS = ascii(OPTION);
    static final byte[] OPTIONS_END = ascii("option0");

    private Keys() {}

    static byte[] node(NodeName name) {
        return ascii(name.toString());
    }

    static byte[] option(String key) {
        return ascii(OPTION + key);
    }

    static String option(byte[] key) {
        return new String(key, UTF_8).substring(OPTION.length());
    }

    static byte[] change(long index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    }

    static long change(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    /// Index and position, each as the number of its bytes and its bytes: short, and in the order of epochs.
    static byte[] epoch(Epoch epoch) {
        byte[] key = new byte[14];
        int end = ordered(epoch.index(), key, 0);
        return Arrays.copyOf(key, ordered(epoch.position(), key, end));
    }

    static Epoch epoch(byte[] key, int from) {
        int next = from + 1 + key[from];
        return new Epoch(ordered(key, from), (int) ordered(key, next));
    }

    static byte[] route(byte[] filterKey, byte[] epochKey) {
        byte[] key = Arrays.copyOf(filterKey, filterKey.length + epochKey.length);
        System.arraycopy(epochKey, 0, key, filterKey.length, epochKey.length);
        return key;
    }

    static byte[] filter(String filter) {
        return FilterKey.encode(TopicFilter.of(filter));
    }

    /// Where a route goes.
    static Epoch destination(byte[] routeKey) {
        return epoch(routeKey, FilterKey.suffixStart(routeKey));
    }

    private static int ordered(long value, byte[] into, int from) {
        int bytes = (64 - Long.numberOfLeadingZeros(value) + 7) / 8;
        into[from] = (byte) bytes;
        for (int i = 0; i < bytes; i++) {
            into[from + 1 + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
        }
        return from + 1 + bytes;
    }

    private static long ordered(byte[] key, int from) {
        long value = 0;
        for (int i = 1; i <= key[from]; i++) {
            value = (value << 8) | (key[from + i] & 0xff);
        }
        return value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(UTF_8);
    }
}
