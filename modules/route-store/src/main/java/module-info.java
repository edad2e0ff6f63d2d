import org.jspecify.annotations.NullMarked;

/// The route store: membership, leases, the topic trie and the feed, replicated.
@NullMarked
module io.banyanmq.route.store {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires io.banyanmq.topic;
    requires io.banyanmq.fabric;
    requires io.banyanmq.raft.kit;
    requires org.slf4j;

    exports io.banyanmq.route.store.core to
            io.banyanmq.simulation;
}
