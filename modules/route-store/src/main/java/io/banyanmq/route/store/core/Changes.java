package io.banyanmq.route.store.core;

import io.banyanmq.route.store.core.Rows.Family;
import java.util.ArrayDeque;
import java.util.Deque;

/// The rows of `changes`: the last feed entries, by log index, bounded in number and bytes. A follower behind the *horizon*
/// (the index of the last entry that is gone) needs a scan.
final class Changes {
    static final int ENTRIES_MAX = 100_000;
    private static final long BYTES_MAX = 64L << 20;

    private final int entriesMax;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long bytes;

    private record Kept(long index, int bytes) {}

    private Changes(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    static Changes open(Rows.Reader rows, int entriesMax) {
        Changes changes = new Changes(entriesMax);
        try (Rows.Cursor all = rows.cursor(Family.CHANGES, Keys.FIRST, Keys.LAST)) {
            for (; all.valid(); all.next()) {
                changes.note(Keys.change(all.key()), all.value().length);
            }
        }
        return changes;
    }

    /// Entries behind this index are there; entries up to it may be gone.
    static long horizon(Rows.Reader rows) {
        byte[] row = rows.get(Family.META, Keys.HORIZON);
        return row == null ? 0 : Fields.Reader.row("meta/horizon", 1, row).number();
    }

    void add(long index, byte[] entry, Rows.Batch batch) {
        batch.put(Family.CHANGES, Keys.change(index), entry);
        note(index, entry.length);
        long horizon = 0;
        while (kept.size() > entriesMax || (bytes > BYTES_MAX && kept.size() > 1)) {
            Kept oldest = kept.removeFirst();
            bytes -= oldest.bytes();
            batch.delete(Family.CHANGES, Keys.change(oldest.index()));
            horizon = oldest.index();
        }
        if (horizon > 0) {
            batch.put(Family.META, Keys.HORIZON, Fields.Writer.row(1).number(horizon).done());
        }
    }

    private void note(long index, int size) {
        kept.addLast(new Kept(index, size));
        bytes += size;
    }
}
