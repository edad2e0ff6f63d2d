package io.banyanmq.raft.kit;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;

/// The changes of one log entry, written all or not at all together with the entry's log point.
/// Reads see the database with the changes so far, so a second command of an entry sees what the
/// first one did.
///
/// Of the apply thread only. A scan must not be open while the batch changes.
public final class Batch implements Reader, AutoCloseable {
    private final Database database;
    private final WriteBatchWithIndex changes;
    private final ReadOptions options = new ReadOptions();
    private boolean open = true;

    Batch(Database database) {
        this.database = database;
        changes = new WriteBatchWithIndex(true);
        database.register(this, this::free);
    }

    /// Sets the value of `key`.
    public void put(ColumnFamily family, byte[] key, byte[] value) {
        change(() -> changes.put(database.handle(family), key, value));
    }

    /// Removes `key`; no matter if it is not there.
    public void delete(ColumnFamily family, byte[] key) {
        change(() -> changes.delete(database.handle(family), key));
    }

    @Override
    public byte @Nullable [] get(ColumnFamily family, byte[] key) {
        return database.reading(() -> {
            ensureOpen();
            return database.getWithNow(changes, family, options, key);
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
                    own ->
                            changes.newIteratorWithBase(
                                    database.handle(family),
                                    database.iteratorNow(family, own),
                                    own));
        });
    }

    /// Number of changes so far.
    public int changes() {
        return database.reading(changes::count);
    }

    /// Writes the changes and `point` as the last applied one.
    void write(LogPoint point) {
        database.reading(() -> {
            ensureOpen();
            database.writeNow(changes, point);
            return true;
        });
    }

    private void change(Change change) {
        database.reading(() -> {
            ensureOpen();
            try {
                change.apply();
                return true;
            } catch (RocksDBException e) {
                throw DatabaseException.of(database.directory(), e);
            }
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
            changes.close();
        }
    }

    private interface Change {
        void apply() throws RocksDBException;
    }
}
