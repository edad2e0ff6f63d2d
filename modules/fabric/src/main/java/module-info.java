import org.jspecify.annotations.NullMarked;

/// Authenticated links between nodes: handshake, conversations (control messages) and numbered links
/// (publishes), over TCP or, in one process, Netty's local transport.
@NullMarked
module io.banyanmq.fabric {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires transitive io.netty.transport;
    requires transitive io.netty.buffer;
    requires transitive io.netty.handler;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires org.slf4j;

    exports io.banyanmq.fabric;
    exports io.banyanmq.fabric.core to
            io.banyanmq.simulation;
}
