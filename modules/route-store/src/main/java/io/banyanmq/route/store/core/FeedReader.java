package io.banyanmq.route.store.core;

import io.banyanmq.route.store.core.Rows.Family;
import java.util.ArrayList;
import java.util.List;

/// Reads the feed of one state of the store.
public final class FeedReader {
    private FeedReader() {}

    /// What a follower gets.
    public sealed interface Chunk {
        /// The next entries, encoded as `io.banyanmq.cluster.wire.FeedFormat` does; the follower has then everything
        /// up to `upTo`. `upTo` is the state's index unless the byte bound came first.
        record Entries(List<byte[]> encoded, long upTo) implements Chunk {
            public Entries {
                encoded = List.copyOf(encoded);
            }
        }

        /// Entries up to `horizon` are gone: the follower needs a [RouteScan].
        record Behind(long horizon) implements Chunk {}
    }

    /// The entries behind `afterIndex`, at least one if there is any, then as many as fit into `bytesMax`.
    public static Chunk read(Rows.View view, long afterIndex, int bytesMax) {
        long horizon = Changes.horizon(view);
        if (afterIndex < horizon || afterIndex == 0) {
            return new Chunk.Behind(horizon);
        }
        List<byte[]> entries = new ArrayList<>();
        long bytes = 0;
        try (Rows.Cursor changes =
                view.cursor(Family.CHANGES, Keys.change(afterIndex + 1), Keys.LAST)) {
            long upTo = afterIndex;
            for (; changes.valid(); changes.next()) {
                byte[] entry = changes.value();
                bytes += entry.length;
                if (bytes > bytesMax && !entries.isEmpty()) {
                    return new Chunk.Entries(entries, upTo);
                }
                entries.add(entry);
                upTo = Keys.change(changes.key());
            }
        }
        return new Chunk.Entries(entries, Math.max(afterIndex, RouteMachine.appliedIndex(view)));
    }
}
