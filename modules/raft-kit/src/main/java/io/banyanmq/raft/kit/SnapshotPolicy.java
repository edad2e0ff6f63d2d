package io.banyanmq.raft.kit;

import java.time.Duration;

/// When a replica takes a snapshot and drops the log before it: at the first of three marks.
///
/// @param entriesMax entries applied since the last one, at least 1
/// @param bytesMax bytes of entries applied since the last one, at least 1
/// @param interval time since the last one, if anything was applied
public record SnapshotPolicy(long entriesMax, long bytesMax, Duration interval) {
    /// 200,000 entries, 256 MiB or ten minutes.
    public static final SnapshotPolicy DEFAULT =
            new SnapshotPolicy(200_000, 256L << 20, Duration.ofMinutes(10));

    public SnapshotPolicy {
        if (entriesMax < 1 || bytesMax < 1 || !interval.isPositive()) {
            throw new IllegalArgumentException(
                    "snapshots every " + entriesMax + " entries, " + bytesMax + " B, " + interval);
        }
    }
}
