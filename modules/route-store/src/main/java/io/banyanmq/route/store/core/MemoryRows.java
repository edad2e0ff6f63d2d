package io.banyanmq.route.store.core;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// [Rows] in memory: the twin for simulation and tests. For one thread.
public final class MemoryRows implements Rows {
    private static final byte[] DELETED = new byte[0];

    private final Map<Family, NavigableMap<byte[], byte[]>> families = new EnumMap<>(Family.class);
    private int openViews;

    /// No rows.
    public MemoryRows() {
        for (Family family : Family.values()) {
            families.put(family, sorted());
        }
    }

    /// A copy as of now, as a disk keeps it.
    public MemoryRows copy() {
        MemoryRows copy = new MemoryRows();
        families.forEach((family, rows) -> copy.rows(family).putAll(rows));
        return copy;
    }

    /// Starts a batch; the one before is committed or forgotten.
    public MemoryBatch begin() {
        return new MemoryBatch();
    }

    @Override
    public View view() {
        openViews++;
        return new MemoryView();
    }

    private static NavigableMap<byte[], byte[]> sorted() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    private NavigableMap<byte[], byte[]> rows(Family family) {
        return of(families, family);
    }

    private static NavigableMap<byte[], byte[]> of(
            Map<Family, NavigableMap<byte[], byte[]>> families, Family family) {
        NavigableMap<byte[], byte[]> rows = families.get(family);
        if (rows == null) {
            throw new IllegalStateException("the view is closed");
        }
        return rows;
    }

    private final class MemoryView implements View {
        private final Map<Family, NavigableMap<byte[], byte[]>> seen = new EnumMap<>(families);

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            return of(seen, family).get(key);
        }

        @Override
        public Cursor cursor(Family family, byte[] from, byte[] upTo) {
            return new MemoryCursor(of(seen, family), from, upTo);
        }

        @Override
        public void close() {
            if (!seen.isEmpty()) {
                seen.clear();
                openViews--;
            }
        }
    }

    private static final class MemoryCursor implements Cursor {
        private final NavigableMap<byte[], byte[]> rows;
        private Map.@Nullable Entry<byte[], byte[]> here;

        MemoryCursor(NavigableMap<byte[], byte[]> all, byte[] from, byte[] upTo) {
            rows = all.subMap(from, true, upTo, false);
            here = rows.firstEntry();
        }

        @Override
        public boolean valid() {
            return here != null;
        }

        @Override
        public void seek(byte[] key) {
            here = rows.ceilingEntry(key);
        }

        @Override
        public void next() {
            here = rows.higherEntry(entry().getKey());
        }

        @Override
        public byte[] key() {
            return entry().getKey();
        }

        @Override
        public byte[] value() {
            return entry().getValue();
        }

        @Override
        public void close() {}

        private Map.Entry<byte[], byte[]> entry() {
            Map.Entry<byte[], byte[]> entry = here;
            if (entry == null) {
                throw new IllegalStateException("the cursor stands behind the last row");
            }
            return entry;
        }
    }

    /// The writes of one entry.
    public final class MemoryBatch implements Batch {
        private final Map<Family, NavigableMap<byte[], byte[]>> writes =
                new EnumMap<>(Family.class);

        private MemoryBatch() {}

        @Override
        @SuppressWarnings("ReferenceEquality") // the mark of a deletion is one object
        public byte @Nullable [] get(Family family, byte[] key) {
            NavigableMap<byte[], byte[]> written = writes.get(family);
            byte[] value = written == null ? null : written.get(key);
            if (value == null) {
                return rows(family).get(key);
            }
            return value == DELETED ? null : value;
        }

        @Override
        public Cursor cursor(Family family, byte[] from, byte[] upTo) {
            NavigableMap<byte[], byte[]> written = writes.get(family);
            if (written == null) {
                return new MemoryCursor(rows(family), from, upTo);
            }
            NavigableMap<byte[], byte[]> merged = new TreeMap<>(rows(family));
            merge(written, merged);
            return new MemoryCursor(merged, from, upTo);
        }

        @Override
        public void put(Family family, byte[] key, byte[] value) {
            writes.computeIfAbsent(family, _ -> sorted()).put(key, value);
        }

        @Override
        public void delete(Family family, byte[] key) {
            put(family, key, DELETED);
        }

        /// Makes all of it visible.
        public void commit() {
            if (openViews > 0) { // they go on with the maps that they have
                families.replaceAll((_, rows) -> new TreeMap<>(rows));
            }
            writes.forEach((family, written) -> merge(written, rows(family)));
            writes.clear();
        }

        @SuppressWarnings("ReferenceEquality")
        private static void merge(
                NavigableMap<byte[], byte[]> written, NavigableMap<byte[], byte[]> into) {
            written.forEach((key, value) -> {
                if (value == DELETED) {
                    into.remove(key);
                } else {
                    into.put(key, value);
                }
            });
        }
    }
}
