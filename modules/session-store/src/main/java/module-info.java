import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.session.store {
    requires static transitive org.jspecify;
    requires io.banyanmq.cluster.wire;
}
