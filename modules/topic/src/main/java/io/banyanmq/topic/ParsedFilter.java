package io.banyanmq.topic;

import java.util.Arrays;

/// The shape of a filter and the hashes of its prefixes: the writer's counterpart of [TopicLevels].
/// Reusable.
final class ParsedFilter {
    /// The hash of no level.
    static final long SEED = 0x9e3779b97f4a7c15L;

    private static final long ODD = 0xd6e8feb86659fd93L;

    private final LevelHash levelHash;
    private int levels;
    private boolean rest;
    private boolean[] plus = new boolean[16];
    private long[] prefixes = new long[16];

    ParsedFilter(LevelHash levelHash) {
        this.levelHash = levelHash;
    }

    /// The hash of a prefix and one concrete level more; a `+` leaves it as it is, for the shape
    /// knows it. Two prefixes of one shape are as unlikely to collide as two level hashes.
    static long append(long prefix, long level) {
        return (Long.rotateLeft(prefix, 23) ^ level) * ODD;
    }

    /// What a [RouteTable] wants: every bit depends on every bit.
    static long mixed(long hash) {
        long h = (hash ^ hash >>> 32) * 0xbea225f9eb34556dL;
        h = (h ^ h >>> 29) * 0xbea225f9eb34556dL;
        return h ^ h >>> 32;
    }

    ParsedFilter set(byte[] utf8) {
        levels = 0;
        rest = false;
        long prefix = SEED;
        for (int from = 0, to; from <= utf8.length; from = to + 1) {
            to = from;
            while (to < utf8.length && utf8[to] != '/') {
                to++;
            }
            if (to - from == 1 && utf8[from] == '#') {
                rest = true;
                return this;
            }
            boolean wild = to - from == 1 && utf8[from] == '+';
            if (!wild) {
                prefix = append(prefix, levelHash.hash(utf8, from, to));
            }
            take(wild, prefix);
        }
        return this;
    }

    private void take(boolean wild, long prefix) {
        if (levels == plus.length) {
            plus = Arrays.copyOf(plus, levels * 2);
            prefixes = Arrays.copyOf(prefixes, levels * 2);
        }
        plus[levels] = wild;
        prefixes[levels++] = prefix;
    }

    /// How many levels there are, without a `#`.
    int levels() {
        return levels;
    }

    /// Whether `#` is the last level.
    boolean rest() {
        return rest;
    }

    boolean isPlus(int level) {
        return plus[level];
    }

    /// The hash of the first `level + 1` levels.
    long prefix(int level) {
        return prefixes[level];
    }

    /// The hash of the whole filter, for the table of its shape.
    long hash() {
        return mixed(levels == 0 ? SEED : prefixes[levels - 1]);
    }

    /// The shape as a value, equal for filters of one shape: `+` for one, `.` for a concrete level.
    String shape() {
        StringBuilder shape = new StringBuilder(levels + 1);
        for (int i = 0; i < levels; i++) {
            shape.append(plus[i] ? '+' : '.');
        }
        return rest ? shape.append('#').toString() : shape.toString();
    }
}
