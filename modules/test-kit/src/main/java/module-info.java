import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.test.kit {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.mqtt.codec;
    requires transitive io.netty.buffer;
    requires java.management;
    requires jdk.management;

    exports io.banyanmq.test.kit;
}
