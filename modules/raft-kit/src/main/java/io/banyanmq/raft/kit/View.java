package io.banyanmq.raft.kit;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/// A consistent state of a [Database], together with the log point up to which it was applied: data
/// and index belong together. Any thread may use it, one at a time; close it soon, because it keeps
/// replaced data alive.
public final class View implements Reader, AutoCloseable {
    private final Database database;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final LogPoint applied;
    private boolean open = true;

    View(Database database, Snapshot snapshot) {
        this.database = database;
        this.snapshot = snapshot;
        options = new ReadOptions().setSnapshot(snapshot);
        applied = database.readApplied(options);
        database.register(this, this::free);
    }

    /// The last entry whose effects this view shows.
    public LogPoint applied() {
        return applied;
    }

    @Override
    public byte @Nullable [] get(ColumnFamily family, byte[] key) {
        return database.reading(() -> {
            ensureOpen();
            return database.getNow(family, options, key);
        });
    }

    @Override
    public Scan scan(ColumnFamily family, byte[] from, byte[] upTo) {
        return database.reading(() -> {
            ensureOpen();
            return new Scan(
                    database,
                    from,
                    upTo,
                    own -> database.iteratorNow(family, own.setSnapshot(snapshot)));
        });
    }

    private void ensureOpen() {
        if (!open) {
            throw DatabaseException.closed(database.directory());
        }
    }

    @Override
    public void close() {
        database.release(this, this::free);
    }

    /// Frees the native parts; the database calls it under its lock.
    void free() {
        if (open) {
            open = false;
            options.close();
            database.releaseSnapshotNow(snapshot);
        }
    }
}
