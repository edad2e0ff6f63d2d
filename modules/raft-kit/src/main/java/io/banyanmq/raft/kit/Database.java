package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/// What a replica knows, in RocksDB, up to one log point.
///
/// Writes go without RocksDB's own log, because the Raft log is the fsynced one: every [Batch]
/// carries its log point, all column families are flushed together, and after a crash Raft applies
/// again what had not been flushed.
///
/// Reads may come from any thread. Closing invalidates open views and scans: they throw
/// [DatabaseException] with `CLOSED` from then on. That happens when a snapshot is installed, too;
/// [ReplicatedState#opened] then hands out the new database.
public final class Database implements AutoCloseable {
    private static final byte[] APPLIED_KEY = "applied".getBytes(UTF_8);
    private static final int MEMTABLE_BYTES = 16 << 20;

    private final Path directory;
    private final List<RocksObject> settings = new ArrayList<>();
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();
    private final Map<ColumnFamily, ColumnFamilyHandle> families = new HashMap<>();
    private final Map<Object, Runnable> children = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private final WriteOptions writing = new WriteOptions().setDisableWAL(true);
    private final RocksDB rocks;
    private boolean open = true;

    private Database(
            Path directory, List<ColumnFamily> families, DatabaseMemory memory, boolean readOnly) {
        this.directory = directory;
        settings.add(writing);
        BlockBasedTableConfig tables =
                new BlockBasedTableConfig()
                        .setBlockCache(memory.cache())
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(keep(new BloomFilter(10)));
        ColumnFamilyOptions familyOptions =
                keep(new ColumnFamilyOptions())
                        .setTableFormatConfig(tables)
                        .setWriteBufferSize(MEMTABLE_BYTES)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setLevelCompactionDynamicLevelBytes(true);
        DBOptions options =
                keep(new DBOptions())
                        .setCreateIfMissing(!readOnly)
                        .setCreateMissingColumnFamilies(!readOnly)
                        .setAtomicFlush(true)
                        .setWriteBufferManager(memory.writeBuffers())
                        .setMaxBackgroundJobs(2)
                        .setMaxOpenFiles(512)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                        .setKeepLogFileNum(2);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (ColumnFamily family : families) {
            descriptors.add(
                    new ColumnFamilyDescriptor(family.name().getBytes(UTF_8), familyOptions));
        }
        try {
            rocks =
                    readOnly
                            ? RocksDB.openReadOnly(
                                    options, directory.toString(), descriptors, handles)
                            : RocksDB.open(options, directory.toString(), descriptors, handles);
        } catch (RocksDBException e) {
            closeSettings();
            throw DatabaseException.of(directory, e);
        }
        for (int i = 0; i < families.size(); i++) {
            this.families.put(families.get(i), handles.get(i + 1));
        }
    }

    /// Opens the database in `directory`, and creates it when there is none.
    ///
    /// @param families all column families it has or shall have
    /// @throws DatabaseException if it is locked, damaged, or the directory cannot be written
    public static Database open(
            Path directory, List<ColumnFamily> families, DatabaseMemory memory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new DatabaseException(
                    DatabaseException.Fault.UNWRITABLE, directory, e.toString(), e);
        }
        if (!Files.isWritable(directory)) {
            throw new DatabaseException(
                    DatabaseException.Fault.UNWRITABLE, directory, "permission denied", null);
        }
        return new Database(directory, families, memory, false);
    }

    /// Opens it without changing a byte, to see whether it holds together.
    static Database openReadOnly(
            Path directory, List<ColumnFamily> families, DatabaseMemory memory) {
        return new Database(directory, families, memory, true);
    }

    /// The directory it lies in.
    public Path directory() {
        return directory;
    }

    /// Opens a view of what was last written.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    public View view() {
        return reading(() -> new View(this, rocks.getSnapshot()));
    }

    /// The log point of the last batch that was written; [LogPoint#NONE] at first.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    public LogPoint applied() {
        try (ReadOptions options = new ReadOptions()) {
            return reading(() -> readApplied(options));
        }
    }

    /// An estimate of the bytes on disk.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    public long diskBytes() {
        return reading(() -> {
            try {
                long bytes = 0;
                for (ColumnFamilyHandle handle : handles) {
                    bytes += rocks.getLongProperty(handle, "rocksdb.total-sst-files-size");
                }
                return bytes;
            } catch (RocksDBException e) {
                throw DatabaseException.of(directory, e);
            }
        });
    }

    /// Writes what `changes` puts into a batch, all or not at all, with its log point. For tests of what
    /// runs over a database: a replica writes its own.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    public void write(LogPoint point, Consumer<Batch> changes) {
        try (Batch batch = batch()) {
            changes.accept(batch);
            batch.write(point);
        }
    }

    /// A batch of changes for the next entry.
    Batch batch() {
        return reading(() -> new Batch(this));
    }

    /// Writes a consistent copy to `target`, which must not exist; unchanged files are shared with
    /// it. Everything written so far is on disk afterwards.
    void checkpoint(Path target) {
        reading(() -> {
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                    Checkpoint checkpoint = Checkpoint.create(rocks)) {
                rocks.flush(flush, handles);
                checkpoint.createCheckpoint(target.toString());
                return true;
            } catch (RocksDBException e) {
                throw DatabaseException.of(directory, e);
            }
        });
    }

    /// Closes what was opened from it, then itself. Twice is harmless.
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (!open) {
                return;
            }
            open = false;
            children.forEach((child, free) -> freeIf(child instanceof Scan, free));
            children.forEach((child, free) -> freeIf(!(child instanceof Scan), free));
            children.clear();
            handles.forEach(ColumnFamilyHandle::close);
            rocks.close();
            closeSettings();
        } finally {
            closing.writeLock().unlock();
        }
    }

    private static void freeIf(boolean now, Runnable free) {
        if (now) {
            free.run();
        }
    }

    private void closeSettings() {
        settings.reversed().forEach(RocksObject::close);
    }

    private <T extends RocksObject> T keep(T setting) {
        settings.add(setting);
        return setting;
    }

    /// Runs `read` while the database is sure to stay open.
    <T extends @Nullable Object> T reading(Supplier<T> read) {
        closing.readLock().lock();
        try {
            if (!open) {
                throw DatabaseException.closed(directory);
            }
            return read.get();
        } finally {
            closing.readLock().unlock();
        }
    }

    /// Remembers what has to be freed before the database closes.
    void register(Object child, Runnable free) {
        children.put(child, free);
    }

    /// Frees `child` unless closing the database did so already.
    void release(Object child, Runnable free) {
        closing.readLock().lock();
        try {
            if (children.remove(child) != null) {
                free.run();
            }
        } finally {
            closing.readLock().unlock();
        }
    }

    ColumnFamilyHandle handle(ColumnFamily family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalArgumentException(
                    "database " + directory + " has no column family " + family.name());
        }
        return handle;
    }

    byte @Nullable [] getNow(ColumnFamily family, ReadOptions options, byte[] key) {
        try {
            return rocks.get(handle(family), options, key);
        } catch (RocksDBException e) {
            throw DatabaseException.of(directory, e);
        }
    }

    byte @Nullable [] getWithNow(
            WriteBatchWithIndex changes, ColumnFamily family, ReadOptions options, byte[] key) {
        try {
            return changes.getFromBatchAndDB(rocks, handle(family), options, key);
        } catch (RocksDBException e) {
            throw DatabaseException.of(directory, e);
        }
    }

    RocksIterator iteratorNow(ColumnFamily family, ReadOptions options) {
        return rocks.newIterator(handle(family), options);
    }

    void releaseSnapshotNow(Snapshot snapshot) {
        rocks.releaseSnapshot(snapshot);
        snapshot.close();
    }

    void writeNow(WriteBatchWithIndex changes, LogPoint point) {
        byte[] applied =
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(point.term())
                        .putLong(point.index())
                        .array();
        try {
            changes.put(APPLIED_KEY, applied);
            rocks.write(writing, changes);
        } catch (RocksDBException e) {
            throw DatabaseException.of(directory, e);
        }
    }

    LogPoint readApplied(ReadOptions options) {
        byte[] applied;
        try {
            applied = rocks.get(options, APPLIED_KEY);
        } catch (RocksDBException e) {
            throw DatabaseException.of(directory, e);
        }
        if (applied == null) {
            return LogPoint.NONE;
        }
        if (applied.length != 2 * Long.BYTES) {
            throw DatabaseException.corrupt(
                    directory, "applied log point of " + applied.length + " B, expected 16 B");
        }
        ByteBuffer point = ByteBuffer.wrap(applied);
        return new LogPoint(point.getLong(), point.getLong());
    }

    /// Where a [Scan] gets its native iterator from.
    interface IteratorSource {
        RocksIterator open(ReadOptions options);
    }
}
