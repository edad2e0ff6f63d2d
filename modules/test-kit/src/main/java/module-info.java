import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.test.kit {
    requires static transitive org.jspecify;
    requires io.banyanmq.mqtt.codec;
}
