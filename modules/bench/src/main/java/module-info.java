import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.bench {
    requires static transitive org.jspecify;
    requires io.banyanmq.topic;
    requires io.banyanmq.mqtt.codec;
}
