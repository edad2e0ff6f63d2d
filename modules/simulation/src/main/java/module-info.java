import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.simulation {
    requires static transitive org.jspecify;
    requires io.banyanmq.route.store;
    requires io.banyanmq.mqtt.gateway;
    requires io.banyanmq.fabric;
    requires io.banyanmq.cluster.wire;
}
