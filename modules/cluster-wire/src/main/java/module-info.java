import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.cluster.wire {
    requires static transitive org.jspecify;
    requires io.banyanmq.topic;
    requires io.banyanmq.cluster.proto;

    exports io.banyanmq.cluster.wire;
}
