package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// The aliases a gateway gave to topics on the way to one client: the first topics it sends get one each, and keep it.
/// MQTT 5 §3.3.2.3.4.
final class TopicAliases {
    private final ByteBuf[] topics;
    private int given;
    private boolean fresh;

    /// @param max 1 or more
    TopicAliases(int max) {
        topics = new ByteBuf[max];
    }

    /// The alias of a topic, a new one if it has none and there are any left; 0 if there are not. [#isFresh] says whether
    /// the client does not know it yet.
    int of(ByteBuf topic, int index, int length) {
        fresh = false;
        for (int i = 0; i < given; i++) {
            ByteBuf known = topics[i];
            if (known.readableBytes() == length
                    && ByteBufUtil.equals(known, 0, topic, index, length)) {
                return i + 1;
            }
        }
        if (given == topics.length) {
            return 0;
        }
        byte[] copy = new byte[length];
        topic.getBytes(index, copy);
        topics[given++] = Unpooled.wrappedBuffer(copy);
        fresh = true;
        return given;
    }

    /// Whether the last alias has to go with its topic.
    boolean isFresh() {
        return fresh;
    }

    /// Takes the last alias back: the packet that was to tell it was not sent.
    void takeBack() {
        if (fresh) {
            given--;
            fresh = false;
        }
    }

    static @Nullable TopicAliases upTo(int max) {
        return max == 0 ? null : new TopicAliases(max);
    }
}
