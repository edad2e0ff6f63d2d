import org.jspecify.annotations.NullMarked;

/// The route store: membership, leases, the topic trie and the feed, replicated.
@NullMarked
module io.banyanmq.route.store {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires transitive io.banyanmq.fabric;
    requires transitive io.banyanmq.raft.kit;
    requires io.banyanmq.topic;
    requires org.slf4j;

    exports io.banyanmq.route.store;
    exports io.banyanmq.route.store.core to
            io.banyanmq.node,
            io.banyanmq.simulation;
    exports io.banyanmq.route.store.shell to
            io.banyanmq.node;
}
