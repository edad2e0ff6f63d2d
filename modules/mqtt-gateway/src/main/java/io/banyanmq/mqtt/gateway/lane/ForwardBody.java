package io.banyanmq.mqtt.gateway.lane;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A publish on its way between gateways. Big endian:
///
/// | field | bytes |
/// |---|---|
/// | flags: bits 0-1 QoS, bit 2 retain, bit 3 for plain subscriptions too, bit 4 shared list present | 1 |
/// | topic length, topic (UTF-8) | 2 + n |
/// | property block length, MQTT 5 properties as in PUBLISH, without topic alias and subscription identifiers | 4 + n |
/// | if bit 4: count, then each shared filter's length and text | 2, (2 + n)* |
/// | payload, to the end | n |
///
/// Message expiry travels as the interval that remains at sending; the receiver counts on from arrival.
public final class ForwardBody {
    private static final int RETAIN = 1 << 2;
    private static final int PLAIN = 1 << 3;
    private static final int SHARED = 1 << 4;

    private ForwardBody() {}

    /// Appends everything before the payload; the caller appends the payload's bytes.
    public static void writeHead(
            ByteBuf out,
            int qos,
            boolean retain,
            boolean plain,
            ByteBuf topic,
            int topicOffset,
            int topicLength,
            ByteBuf properties,
            int propertiesOffset,
            int propertiesLength,
            List<String> sharedFilters) {
        out.writeByte(
                qos
                        | (retain ? RETAIN : 0)
                        | (plain ? PLAIN : 0)
                        | (sharedFilters.isEmpty() ? 0 : SHARED));
        out.writeShort(topicLength).writeBytes(topic, topicOffset, topicLength);
        out.writeInt(propertiesLength).writeBytes(properties, propertiesOffset, propertiesLength);
        if (!sharedFilters.isEmpty()) {
            out.writeShort(sharedFilters.size());
            for (String filter : sharedFilters) {
                byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
                out.writeShort(bytes.length).writeBytes(bytes);
            }
        }
    }

    /// A reusable view of a body; offsets are absolute in the buffer that was read.
    public static final class View {
        private int flags;
        private int topicOffset;
        private int topicLength;
        private int propertiesOffset;
        private int propertiesLength;
        private int payloadOffset;
        private int payloadLength;
        private List<String> shared = List.of();

        /// Reads the body between `body`'s reader and writer index, moving neither. `IndexOutOfBoundsException` if it is cut short:
        /// a fault of the sending gateway.
        public View read(ByteBuf body) {
            int at = body.readerIndex();
            flags = body.getByte(at);
            topicLength = body.getUnsignedShort(at + 1);
            topicOffset = at + 3;
            at = topicOffset + topicLength;
            propertiesLength = body.getInt(at);
            propertiesOffset = at + 4;
            at = propertiesOffset + propertiesLength;
            shared = List.of();
            if ((flags & SHARED) != 0) {
                int count = body.getUnsignedShort(at);
                at += 2;
                List<String> filters = new ArrayList<>(Math.min(count, 64));
                for (int i = 0; i < count; i++) {
                    int length = body.getUnsignedShort(at);
                    filters.add(body.toString(at + 2, length, StandardCharsets.UTF_8));
                    at += 2 + length;
                }
                shared = filters;
            }
            payloadOffset = at;
            payloadLength = body.writerIndex() - at;
            if (payloadLength < 0 || propertiesLength < 0) {
                throw new IndexOutOfBoundsException("forwarded publish is cut short");
            }
            return this;
        }

        public int qos() {
            return flags & 3;
        }

        public boolean retain() {
            return (flags & RETAIN) != 0;
        }

        /// Whether plain (not shared) subscriptions get it.
        public boolean plain() {
            return (flags & PLAIN) != 0;
        }

        public int topicOffset() {
            return topicOffset;
        }

        public int topicLength() {
            return topicLength;
        }

        public int propertiesOffset() {
            return propertiesOffset;
        }

        public int propertiesLength() {
            return propertiesLength;
        }

        public int payloadOffset() {
            return payloadOffset;
        }

        public int payloadLength() {
            return payloadLength;
        }

        /// The shared subscriptions of which one member each is to be served.
        public List<String> shared() {
            return shared;
        }
    }
}
