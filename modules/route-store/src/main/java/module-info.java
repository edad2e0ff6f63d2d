import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.route.store {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires io.banyanmq.fabric;
    requires io.banyanmq.raft.kit;
    requires org.slf4j;
}
