import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.test.kit {
    requires static org.jspecify;
    requires io.banyanmq.mqtt.codec;

}
