import org.jspecify.annotations.NullMarked;

/// Benchmarks by JMH. It compiles as a module and runs from the class path, for JMH starts its forks so.
@NullMarked
module io.banyanmq.bench {
    requires static transitive org.jspecify;
    requires io.banyanmq.topic;
    requires io.banyanmq.mqtt.codec;
    requires io.netty.codec.mqtt;
    requires io.netty.transport;
    requires jmh.core;
}
