import org.jspecify.annotations.NullMarked;

/// What every Raft group of ours shares: the server of a process, group formation, a state machine
/// over RocksDB with its snapshots, and a watchdog.
@NullMarked
module io.banyanmq.raft.kit {
    requires static transitive org.jspecify;
    requires io.banyanmq.bundle.ratis;
    requires io.banyanmq.bundle.rocksdb;
    requires org.slf4j;

    exports io.banyanmq.raft.kit;
}
