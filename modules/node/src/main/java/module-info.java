import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.node {
    requires static transitive org.jspecify;
    requires io.banyanmq.mqtt.gateway;
    requires io.banyanmq.route.store;
    requires io.banyanmq.session.store;
}
