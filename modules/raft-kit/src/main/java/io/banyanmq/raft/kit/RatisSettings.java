package io.banyanmq.raft.kit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// Ratis' properties, set through its typed setters alone: a misspelt key would be ignored.
final class RatisSettings {
    private RatisSettings() {}

    /// The properties for `config`, without a storage directory: see [RaftNode].
    static RaftProperties of(RaftConfig config) {
        RaftProperties properties = new RaftProperties();

        GrpcConfigKeys.Server.setHost(properties, config.bindHost());
        GrpcConfigKeys.Server.setPort(properties, config.bindPort());

        // Not shorter: 150..300 ms gave elections under load without need.
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(config.electionTimeoutMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(config.electionTimeoutMax()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, time(Duration.ofSeconds(1)));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // A process that was stopped for minutes goes on; it need not be started anew.
        RaftServerConfigKeys.setCloseThreshold(properties, time(Duration.ofDays(365)));
        // Repeats are recognized by the numbers of their sources, not by Ratis' cache.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(Duration.ofSeconds(1)));

        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // An entry of metadata behind every commit would double the time of a single write.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setCorruptionPolicy(
                properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, bytes(config.segmentBytesMax()));
        RaftServerConfigKeys.Log.setPreallocatedSize(
                properties, bytes(Math.min(config.segmentBytesMax(), 4L << 20)));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, bytes(64L << 20));
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, bytes(4L << 20));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, bytes(4L << 20));
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, time(Duration.ofMillis(1)));

        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(
                properties, config.snapshots().entriesMax());
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        assertDurable(properties);
        return properties;
    }

    /// Points Ratis to where the logs lie.
    static void storeIn(RaftProperties properties, Path directory) {
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, directory.resolve("removed").toFile());
    }

    /// Lets a peer without others stand for its first election at once: nobody can lead already.
    static void electAlone(RaftProperties properties) {
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, time(Duration.ofMillis(10)));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, time(Duration.ofMillis(20)));
    }

    /// Throws if a majority's fsync would not stand behind every commit.
    static void assertDurable(RaftProperties properties) {
        if (RaftServerConfigKeys.Log.unsafeFlushEnabled(properties)
                || RaftServerConfigKeys.Log.asyncFlushEnabled(properties)) {
            throw new IllegalStateException("the Raft log is not fsynced before it acknowledges");
        }
    }

    /// The settings that decide behaviour, as Ratis will read them, for the log.
    static Map<String, String> effective(RaftProperties properties) {
        Map<String, String> effective = new TreeMap<>();
        for (String key :
                List.of(
                        RaftServerConfigKeys.Rpc.TIMEOUT_MIN_KEY,
                        RaftServerConfigKeys.Rpc.TIMEOUT_MAX_KEY,
                        RaftServerConfigKeys.Rpc.REQUEST_TIMEOUT_KEY,
                        RaftServerConfigKeys.LeaderElection.PRE_VOTE_KEY,
                        RaftServerConfigKeys.Log.UNSAFE_FLUSH_ENABLED_KEY,
                        RaftServerConfigKeys.Log.ASYNC_FLUSH_ENABLED_KEY,
                        RaftServerConfigKeys.Log.LOG_METADATA_ENABLED_KEY,
                        RaftServerConfigKeys.Log.CORRUPTION_POLICY_KEY,
                        RaftServerConfigKeys.Log.SEGMENT_SIZE_MAX_KEY,
                        RaftServerConfigKeys.Log.PURGE_UPTO_SNAPSHOT_INDEX_KEY,
                        RaftServerConfigKeys.Log.Appender.BUFFER_BYTE_LIMIT_KEY,
                        RaftServerConfigKeys.Snapshot.AUTO_TRIGGER_THRESHOLD_KEY,
                        RaftServerConfigKeys.Snapshot.RETENTION_FILE_NUM_KEY)) {
            effective.put(key, properties.get(key, "default"));
        }
        return effective;
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static SizeInBytes bytes(long bytes) {
        return SizeInBytes.valueOf(bytes);
    }
}
