package io.banyanmq.raft.kit;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// The memory that all databases of a process share: blocks they read and tables they have not
/// written yet. The bound is soft: a read never fails because the cache is full.
public final class DatabaseMemory implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    /// Memory of about `bytesMax` bytes, at most half of it for unwritten tables.
    ///
    /// @param bytesMax at least 1 MiB
    public DatabaseMemory(long bytesMax) {
        if (bytesMax < 1 << 20) {
            throw new IllegalArgumentException(
                    "database memory: " + bytesMax + " B, at least 1 MiB");
        }
        cache = new LRUCache(bytesMax);
        writeBuffers = new WriteBufferManager(bytesMax / 2, cache);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    /// Frees it; every database that uses it has to be closed before.
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
