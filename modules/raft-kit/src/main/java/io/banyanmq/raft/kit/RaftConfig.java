package io.banyanmq.raft.kit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How one process takes part in its Raft groups.
///
/// @param self this process as a peer; the same in all its groups
/// @param bindHost address of the local interface that the Raft port listens on
/// @param bindPort the Raft port, 1..65535
/// @param directory what it keeps on disk; one process at a time
/// @param tls keys for mutual TLS; off loopback it is mandatory
/// @param entryBytesMax the largest entry that may be submitted, 1 KiB..2 MiB: well below the 4 MiB
///     of a follower's request, because one oversized entry would depose every leader
/// @param memoryBytesMax memory for all databases of this process, see [DatabaseMemory]
/// @param diskFreeBytesMin below that much free space nothing is submitted any more
/// @param electionTimeoutMin silence of the leader after which a follower may stand for election
/// @param electionTimeoutMax silence of the leader after which it surely does
/// @param snapshots when to take snapshots
/// @param segmentBytesMax size of one file of the log
/// @param closeTimeout after which [RaftNode#close] no longer waits for threads that hang
public record RaftConfig(
        Peer self,
        String bindHost,
        int bindPort,
        Path directory,
        Optional<RaftTls> tls,
        int entryBytesMax,
        long memoryBytesMax,
        long diskFreeBytesMin,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        SnapshotPolicy snapshots,
        long segmentBytesMax,
        Duration closeTimeout) {
    public RaftConfig {
        if (bindPort < 1 || bindPort > 65_535) {
            throw new IllegalArgumentException("Raft port " + bindPort + ", expected 1..65535");
        }
        if (entryBytesMax < 1 << 10 || entryBytesMax > 2 << 20) {
            throw new IllegalArgumentException(
                    "Raft entries of at most " + entryBytesMax + " B, expected 1 KiB..2 MiB");
        }
        if (!electionTimeoutMin.isPositive()
                || electionTimeoutMax.compareTo(electionTimeoutMin) <= 0) {
            throw new IllegalArgumentException(
                    "election timeout " + electionTimeoutMin + ".." + electionTimeoutMax);
        }
        if (segmentBytesMax < 64 << 10) {
            throw new IllegalArgumentException(
                    "Raft log files of " + segmentBytesMax + " B, at least 64 KiB");
        }
        directory = directory.toAbsolutePath();
    }

    /// A config with the defaults that were measured to serve well: entries of at most 1 MiB, 64 MiB
    /// of memory, 256 MiB of disk kept free, elections after 0.5..1 s, log files of 32 MiB.
    public static RaftConfig of(Peer self, String bindHost, int bindPort, Path directory) {
        return new RaftConfig(
                self,
                bindHost,
                bindPort,
                directory,
                Optional.empty(),
                1 << 20,
                64L << 20,
                256L << 20,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                SnapshotPolicy.DEFAULT,
                32L << 20,
                Duration.ofSeconds(10));
    }

    /// The same with mutual TLS.
    public RaftConfig withTls(RaftTls tls) {
        return new RaftConfig(
                self,
                bindHost,
                bindPort,
                directory,
                Optional.of(tls),
                entryBytesMax,
                memoryBytesMax,
                diskFreeBytesMin,
                electionTimeoutMin,
                electionTimeoutMax,
                snapshots,
                segmentBytesMax,
                closeTimeout);
    }

    /// The same with other snapshots and log files.
    public RaftConfig withSnapshots(SnapshotPolicy snapshots, long segmentBytesMax) {
        return new RaftConfig(
                self,
                bindHost,
                bindPort,
                directory,
                tls,
                entryBytesMax,
                memoryBytesMax,
                diskFreeBytesMin,
                electionTimeoutMin,
                electionTimeoutMax,
                snapshots,
                segmentBytesMax,
                closeTimeout);
    }
}
