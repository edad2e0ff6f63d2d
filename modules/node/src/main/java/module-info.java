import org.jspecify.annotations.NullMarked;

/// A node: one process with one or more roles. Its program is `io.banyanmq.node.Main`.
@NullMarked
module io.banyanmq.node {
    requires static transitive org.jspecify;
    requires io.banyanmq.bundle.micrometer;
    requires io.banyanmq.mqtt.gateway;
    requires io.banyanmq.node.config;
    requires io.banyanmq.raft.kit;
    requires io.banyanmq.route.store;
    requires io.banyanmq.session.store;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires io.banyanmq.topic;
    requires io.helidon.webserver;
    requires io.netty.common;
    requires jul.to.slf4j;
    requires org.slf4j;
    requires tools.jackson.databind;

    provides ch.qos.logback.classic.spi.Configurator with
            io.banyanmq.node.process.Logs;

    opens io.banyanmq.node.local to
            tools.jackson.databind;
    opens io.banyanmq.node.admin to
            tools.jackson.databind;
}
