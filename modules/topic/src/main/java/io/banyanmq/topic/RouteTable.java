package io.banyanmq.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntUnaryOperator;

/// A hash table from 64-bit hashes to rows, 12 bytes an entry, for one writer and readers without
/// locks.
///
/// It is an extendible hash: the upper bits choose a segment by a directory, and a full segment of
/// [#SEGMENT_ENTRIES_MAX] entries is split in two. So it grows by a few KiB at a time, and 60 to 75
/// % of it is in use. Within a segment's array an entry never moves, and a new array is complete
/// before it is published, so a reader finds whatever is there before and after its search.
final class RouteTable {
    /// What [#get] answers for a hash that is not there.
    static final int ABSENT = -1;

    static final int SEGMENT_ENTRIES_MAX = 4_096;
    private static final int CAPACITY_MIN = 8;
    private static final int DEPTH_MAX = 24;
    private static final int ENTRY_INTS = 3;
    private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);

    private volatile Segment[] directory = {new Segment(0, CAPACITY_MIN)};
    private int depth;

    /// Entries are (upper half of the hash, lower half, row); an upper half of 0 is no entry. A
    /// removed entry keeps its hash and holds [#ABSENT].
    private static final class Segment {
        private final int[] ints;
        private final int capacity;

        /// How many upper bits of the hash all its entries share.
        private final int depth;

        private int live;
        private int used;

        Segment(int depth, int capacity) {
            this.depth = depth;
            this.capacity = capacity;
            this.ints = new int[capacity * ENTRY_INTS];
        }

        boolean isFull() {
            return used >= capacity - capacity / 4;
        }
    }

    /// The row of a hash, or [#ABSENT]; by any thread.
    int get(long hash) {
        Segment[] segments = directory;
        Segment segment = (Segment) SEGMENT.getAcquire(segments, index(hash, segments.length));
        int[] ints = segment.ints;
        int upper = upper(hash);
        for (int i = start(hash, segment.capacity); ; ) {
            int there = (int) INT.getAcquire(ints, i);
            if (there == 0) {
                return ABSENT;
            }
            if (there == upper && ints[i + 1] == (int) hash) {
                return (int) INT.getAcquire(ints, i + 2);
            }
            i += ENTRY_INTS;
            if (i == ints.length) {
                i = 0;
            }
        }
    }

    /// Sets the row of a hash, 0 or more.
    void put(long hash, int row) {
        Segment segment = segment(hash);
        int at = find(segment, hash);
        if (segment.ints[at] == 0 && segment.isFull()) {
            makeRoom(segment, hash);
            put(hash, row);
            return;
        }
        if (segment.ints[at] == 0) {
            segment.used++;
            segment.live++;
            write(segment.ints, at, hash, row);
        } else {
            segment.live += segment.ints[at + 2] == ABSENT ? 1 : 0;
            INT.setRelease(segment.ints, at + 2, row);
        }
    }

    /// Removes a hash that is there.
    void remove(long hash) {
        Segment segment = segment(hash);
        INT.setRelease(segment.ints, find(segment, hash) + 2, ABSENT);
        segment.live--;
        shrink(segment, hash);
    }

    /// Replaces every row by what `change` makes of it, [#ABSENT] for none.
    void replaceAll(IntUnaryOperator change) {
        for (int i = 0; i < directory.length; i += span(directory[i])) {
            Segment segment = directory[i];
            int[] ints = segment.ints;
            for (int at = 0; at < ints.length; at += ENTRY_INTS) {
                int row = ints[at + 2];
                if (ints[at] != 0 && row != ABSENT) {
                    int changed = change.applyAsInt(row);
                    if (changed != row) {
                        INT.setRelease(ints, at + 2, changed);
                        segment.live -= changed == ABSENT ? 1 : 0;
                    }
                }
            }
            shrink(segment, depth == 0 ? 0 : (long) i << (Long.SIZE - depth));
        }
    }

    /// Copies a segment that holds little; `hash` is any that belongs to it.
    private void shrink(Segment segment, long hash) {
        if (segment.capacity > CAPACITY_MIN && segment.live < segment.capacity * 2 / 5) {
            publish(copy(segment, segment.depth, hash), hash);
        }
    }

    long bytes() {
        long bytes = 48 + 16 + 4L * directory.length;
        for (int i = 0; i < directory.length; i += span(directory[i])) {
            bytes += 32 + 16 + 4L * directory[i].ints.length;
        }
        return bytes;
    }

    private void makeRoom(Segment segment, long hash) {
        if (segment.live < SEGMENT_ENTRIES_MAX || segment.depth == DEPTH_MAX) {
            publish(copy(segment, segment.depth, hash), hash);
            return;
        }
        if (segment.depth == depth) {
            doubleDirectory();
        }
        long sibling = hash ^ (Long.MIN_VALUE >>> segment.depth);
        Segment mine = copy(segment, segment.depth + 1, hash);
        Segment other = copy(segment, segment.depth + 1, sibling);
        publish(mine, hash);
        publish(other, sibling);
    }

    /// The live entries of `from` that share the first `bits` bits with `hash`, with room for a
    /// quarter more.
    private static Segment copy(Segment from, int bits, long hash) {
        int count = 0;
        for (int at = 0; at < from.ints.length; at += ENTRY_INTS) {
            count += belongs(from.ints, at, bits, hash) ? 1 : 0;
        }
        Segment to = new Segment(bits, Math.max(CAPACITY_MIN, count + count * 2 / 3));
        for (int at = 0; at < from.ints.length; at += ENTRY_INTS) {
            if (belongs(from.ints, at, bits, hash)) {
                long entry = hashAt(from.ints, at);
                write(to.ints, find(to, entry), entry, from.ints[at + 2]);
            }
        }
        to.live = count;
        to.used = count;
        return to;
    }

    private static boolean belongs(int[] ints, int at, int bits, long hash) {
        long differing = hashAt(ints, at) ^ hash;
        return ints[at] != 0 && ints[at + 2] != ABSENT && index(differing, 1 << bits) == 0;
    }

    private void doubleDirectory() {
        Segment[] old = directory;
        Segment[] fresh = new Segment[old.length * 2];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = old[i / 2];
        }
        depth++;
        directory = fresh;
    }

    private void publish(Segment segment, long hash) {
        int first = index(hash, 1 << segment.depth) * span(segment);
        for (int i = first; i < first + span(segment); i++) {
            SEGMENT.setRelease(directory, i, segment);
        }
    }

    /// How many places of the directory lead to a segment; they stand together.
    private int span(Segment segment) {
        return 1 << (depth - segment.depth);
    }

    private Segment segment(long hash) {
        return directory[index(hash, directory.length)];
    }

    /// Where the entry of a hash is, or is to be.
    private static int find(Segment segment, long hash) {
        int[] ints = segment.ints;
        int upper = upper(hash);
        int at = start(hash, segment.capacity);
        while (ints[at] != 0 && !(ints[at] == upper && ints[at + 1] == (int) hash)) {
            at = at + ENTRY_INTS == ints.length ? 0 : at + ENTRY_INTS;
        }
        return at;
    }

    /// The upper half goes last: with it the entry is there.
    private static void write(int[] ints, int at, long hash, int row) {
        ints[at + 2] = row;
        ints[at + 1] = (int) hash;
        INT.setRelease(ints, at, upper(hash));
    }

    private static int start(long hash, int capacity) {
        return (int) (((hash & 0xffff_ffffL) * capacity) >>> 32) * ENTRY_INTS;
    }

    /// The upper log2(`size`) bits; `size` is a power of two, at most 2^24.
    private static int index(long hash, int size) {
        return (int) (hash >>> 32 >>> (Integer.numberOfLeadingZeros(size) + 1));
    }

    private static long hashAt(int[] ints, int at) {
        return ((long) ints[at] << 32) | (ints[at + 1] & 0xffff_ffffL);
    }

    /// An upper half of 0 would be no entry: 1 stands for it.
    private static int upper(long hash) {
        int upper = (int) (hash >>> 32);
        return upper == 0 ? 1 : upper;
    }
}
