package io.banyanmq.raft.kit;

import org.jspecify.annotations.Nullable;

/// Reads of one consistent state. Keys are ordered by their bytes, unsigned.
public interface Reader {
    /// The value of `key`, a copy; null when there is none.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    byte @Nullable [] get(ColumnFamily family, byte[] key);

    /// Opens a scan over the keys from `from` (inclusive) up to `upTo` (exclusive), placed on the
    /// first. The upper bound is mandatory: a scan without one reads every deleted key behind its
    /// last live one.
    ///
    /// @throws DatabaseException if the disk fails or the database was closed
    Scan scan(ColumnFamily family, byte[] from, byte[] upTo);
}
