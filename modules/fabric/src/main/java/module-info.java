import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.fabric {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires transitive io.netty.transport;
    requires transitive io.netty.buffer;
    requires io.netty.handler;
    requires io.netty.common;
    requires org.slf4j;
}
