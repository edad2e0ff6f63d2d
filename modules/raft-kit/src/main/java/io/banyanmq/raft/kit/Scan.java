package io.banyanmq.raft.kit;

import java.util.Arrays;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A forward walk over a range of keys, see [Reader#scan]. Of one thread; close it soon, because it
/// pins what it reads.
///
/// Every method but [#close] throws [DatabaseException] if the disk fails or the database was
/// closed meanwhile.
public final class Scan implements AutoCloseable {
    private final Database database;
    private final byte[] from;
    private final byte[] upTo;
    private final Slice upperBound;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private boolean open = true;

    /// Opens the native iterator from options that carry the upper bound; `snapshot` may add one.
    Scan(Database database, byte[] from, byte[] upTo, Database.IteratorSource source) {
        this.database = database;
        this.from = from.clone();
        this.upTo = upTo.clone();
        upperBound = new Slice(this.upTo);
        options = new ReadOptions().setIterateUpperBound(upperBound).setTotalOrderSeek(true);
        iterator = source.open(options);
        iterator.seek(this.from);
        database.register(this, this::free);
    }

    /// Whether the scan stands on a key; false once it passed the upper bound.
    public boolean valid() {
        return database.reading(this::validNow);
    }

    private boolean validNow() {
        ensureOpen();
        if (iterator.isValid()) {
            return Arrays.compareUnsigned(iterator.key(), upTo) < 0;
        }
        try {
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw DatabaseException.of(database.directory(), e);
        }
    }

    /// The key it stands on, a copy. Only while [#valid].
    public byte[] key() {
        return database.reading(() -> {
            ensureOpen();
            return iterator.key();
        });
    }

    /// The value it stands on, a copy. Only while [#valid].
    public byte[] value() {
        return database.reading(() -> {
            ensureOpen();
            return iterator.value();
        });
    }

    /// Goes to the next key. Only while [#valid].
    public void next() {
        database.reading(() -> {
            ensureOpen();
            iterator.next();
            return true;
        });
    }

    /// Goes to the first key of the range at or above `key`, forwards or backwards.
    public void seek(byte[] key) {
        database.reading(() -> {
            ensureOpen();
            iterator.seek(Arrays.compareUnsigned(key, from) < 0 ? from : key);
            return true;
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
            iterator.close();
            options.close();
            upperBound.close();
        }
    }
}
