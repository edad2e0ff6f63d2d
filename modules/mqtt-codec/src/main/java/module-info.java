import org.jspecify.annotations.NullMarked;

/// MQTT 3.1, 3.1.1 and 5.0 on Netty's `ByteBuf`: a flyweight for the publish path that allocates
/// nothing, and sealed records for everything else.
@NullMarked
module io.banyanmq.mqtt.codec {
    requires static transitive org.jspecify;
    requires transitive io.netty.buffer;

    exports io.banyanmq.mqtt.codec;
}
