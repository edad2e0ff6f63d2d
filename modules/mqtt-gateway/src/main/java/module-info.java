import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.mqtt.gateway {
    requires static transitive org.jspecify;
    requires io.banyanmq.topic;
    requires io.banyanmq.mqtt.codec;
    requires transitive io.banyanmq.cluster.wire;
    requires transitive io.banyanmq.fabric;
    requires io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.handler;
    requires io.netty.codec.http;
    requires org.slf4j;

    exports io.banyanmq.mqtt.gateway;
    exports io.banyanmq.mqtt.gateway.cluster to
            io.banyanmq.node;
    exports io.banyanmq.mqtt.gateway.lane to
            io.banyanmq.node;
    exports io.banyanmq.mqtt.gateway.shell to
            io.banyanmq.node;
    exports io.banyanmq.mqtt.gateway.core to
            io.banyanmq.simulation;
}
