package io.banyanmq.route.store.shell;

import io.banyanmq.raft.kit.ColumnFamily;
import io.banyanmq.raft.kit.Database;
import io.banyanmq.raft.kit.Scan;
import io.banyanmq.route.store.core.Rows;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// [Rows] over a [Database]: a column family each.
public final class RocksRows implements Rows {
    private static final Map<Family, ColumnFamily> FAMILIES = new EnumMap<>(Family.class);

    static {
        for (Family family : Family.values()) {
            FAMILIES.put(family, new ColumnFamily(family.name().toLowerCase(Locale.ROOT)));
        }
    }

    private final Database database;

    /// The rows in `database`, which stays its owner's.
    public RocksRows(Database database) {
        this.database = database;
    }

    /// The column families that rows need.
    static List<ColumnFamily> families() {
        return List.copyOf(FAMILIES.values());
    }

    @Override
    public Rows.View view() {
        return new RocksView(database.view());
    }

    /// `batch` as the machine writes to it; it stays the owner's to commit.
    static Rows.Batch batch(io.banyanmq.raft.kit.Batch batch) {
        return new RocksBatch(batch);
    }

    private static ColumnFamily column(Family family) {
        ColumnFamily column = FAMILIES.get(family);
        if (column == null) {
            throw new IllegalArgumentException("no column family for " + family);
        }
        return column;
    }

    private static Cursor cursor(
            io.banyanmq.raft.kit.Reader reader, Family family, byte[] from, byte[] upTo) {
        return new RocksCursor(reader.scan(column(family), from, upTo));
    }

    private record RocksView(io.banyanmq.raft.kit.View view) implements Rows.View {
        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            return view.get(column(family), key);
        }

        @Override
        public Cursor cursor(Family family, byte[] from, byte[] upTo) {
            return RocksRows.cursor(view, family, from, upTo);
        }

        @Override
        public void close() {
            view.close();
        }
    }

    private record RocksBatch(io.banyanmq.raft.kit.Batch batch) implements Rows.Batch {
        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            return batch.get(column(family), key);
        }

        @Override
        public Cursor cursor(Family family, byte[] from, byte[] upTo) {
            return RocksRows.cursor(batch, family, from, upTo);
        }

        @Override
        public void put(Family family, byte[] key, byte[] value) {
            batch.put(column(family), key, value);
        }

        @Override
        public void delete(Family family, byte[] key) {
            batch.delete(column(family), key);
        }
    }

    private record RocksCursor(Scan scan) implements Cursor {
        @Override
        public boolean valid() {
            return scan.valid();
        }

        @Override
        public void seek(byte[] key) {
            scan.seek(key);
        }

        @Override
        public void next() {
            scan.next();
        }

        @Override
        public byte[] key() {
            return scan.key();
        }

        @Override
        public byte[] value() {
            return scan.value();
        }

        @Override
        public void close() {
            scan.close();
        }
    }
}
