package io.banyanmq.topic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A topic name split into its levels, to be matched against [SubscriptionTable]s and a
/// `RouteIndex`: one splitting and hashing for all of them.
///
/// Reusable, and of one thread; matching with it allocates nothing. It is also the stack of the
/// walk, so it may not be used again from within a match.
public final class TopicLevels {
    private static final int LEVELS_INITIAL = 16;

    private final LevelHash levelHash;
    private byte[] utf8 = {};
    private int count;
    private boolean dollar;
    private int hashed;

    /// Level i is `utf8[starts[i]..starts[i + 1] - 1)`.
    private int[] starts = new int[LEVELS_INITIAL + 1];

    private long[] hashes = new long[LEVELS_INITIAL];

    private @Nullable Object[] stackNodes = new @Nullable Object[LEVELS_INITIAL];
    private int[] stackDepths = new int[LEVELS_INITIAL];
    private long[] stackHashes = new long[LEVELS_INITIAL];
    private int stackSize;

    /// @param levelHash the hash of all tables that will be asked
    public TopicLevels(LevelHash levelHash) {
        this.levelHash = levelHash;
    }

    /// Takes the valid topic name `utf8[off..off + len)`, which must not change while it is
    /// matched.
    public TopicLevels set(byte[] utf8, int off, int len) {
        this.utf8 = utf8;
        dollar = len > 0 && utf8[off] == '$';
        hashed = 0;
        int levels = 0;
        starts[0] = off;
        for (int i = off, end = off + len; i < end; i++) {
            if (utf8[i] == '/') {
                if (++levels == hashes.length) {
                    grow();
                }
                starts[levels] = i + 1;
            }
        }
        count = levels + 1;
        starts[count] = off + len + 1;
        return this;
    }

    /// How many levels the topic has.
    public int count() {
        return count;
    }

    /// Whether wildcards match the first level: not of topics that begin with `$` [MQTT-4.7.2-1].
    boolean wildAt(int depth) {
        return depth > 0 || !dollar;
    }

    byte[] utf8() {
        return utf8;
    }

    int from(int level) {
        return starts[level];
    }

    int to(int level) {
        return starts[level + 1] - 1;
    }

    /// The hash of a level, worked out when it is first asked for.
    long hash(int level) {
        while (hashed <= level) {
            hashes[hashed] = levelHash.hash(utf8, from(hashed), to(hashed));
            hashed++;
        }
        return hashes[level];
    }

    void checkHash(LevelHash expected) {
        if (!levelHash.equals(expected)) {
            throw new IllegalArgumentException(
                    "topic levels are hashed with another key than the table");
        }
    }

    /// Remembers a branch; `depth` is how many levels it has taken.
    void push(Object node, int depth, long hash) {
        stackNodes[stackSize] = node;
        stackDepths[stackSize] = depth;
        stackHashes[stackSize++] = hash;
    }

    /// The branch remembered last, null if none is; [#poppedDepth] and [#poppedHash] go with it.
    @Nullable Object pop() {
        if (stackSize == 0) {
            return null;
        }
        Object node = stackNodes[--stackSize];
        stackNodes[stackSize] = null;
        return node;
    }

    int poppedDepth() {
        return stackDepths[stackSize];
    }

    long poppedHash() {
        return stackHashes[stackSize];
    }

    /// Forgets the branches a visitor's exception may have left behind.
    void clearStack() {
        stackSize = 0;
    }

    /// A walk leaves at most one branch a level behind, so the stack needs as much room as the
    /// levels.
    private void grow() {
        int size = hashes.length * 2;
        starts = Arrays.copyOf(starts, size + 1);
        hashes = new long[size];
        stackNodes = new @Nullable Object[size];
        stackDepths = new int[size];
        stackHashes = new long[size];
    }
}
