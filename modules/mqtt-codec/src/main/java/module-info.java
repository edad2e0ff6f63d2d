import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.mqtt.codec {
    requires static transitive org.jspecify;
    requires transitive io.netty.buffer;
    requires io.netty.common;
}
