package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// A PUBLISH where it lies in a buffer: indices of its parts, no copies, no objects. One an event
/// loop is enough; [PacketDecoder#publish] moves it to the next frame.
///
/// All indices are absolute in [#buffer()] and good for as long as the buffer's bytes stay where
/// they are. The frame holds no reference count.
public final class PublishFrame {
    private static final int DUP = 0x08;
    private static final int RETAIN = 0x01;

    private final FrameCursor cursor = new FrameCursor();
    private final PropertyBlock block = new PropertyBlock();

    private int index;
    private int length;
    private int firstByte;
    private int topicIndex;
    private int topicLength;
    private int packetId;
    private int packetIdIndex;
    private int payloadIndex;

    /// A frame of nothing yet.
    public PublishFrame() {}

    void read(
            ByteBuf in,
            int index,
            int length,
            MqttVersion version,
            Sender sender,
            DecoderLimits limits)
            throws MalformedPacketException {
        this.index = index;
        this.length = length;
        cursor.open(in, index, length, PacketType.PUBLISH, version);
        firstByte = in.getByte(index) & 0xFF;
        readTopic();
        readPacketId(sender);
        if (version == MqttVersion.V5) {
            block.check(cursor, Property.Site.PUBLISH, sender, limits);
        } else {
            block.clear();
        }
        if (topicLength == 0 && block.topicAliasIndex() < 0) {
            throw cursor.protocolError(
                    version == MqttVersion.V5
                            ? "topic name is empty without topic alias"
                            : "topic name is empty",
                    Clause.TOPIC_EMPTY);
        }
        payloadIndex = cursor.at();
    }

    private void readTopic() throws MalformedPacketException {
        int qosBits = firstByte & 0x06;
        if (qosBits == 0x06) {
            throw cursor.malformed("QoS is 3", Clause.PUBLISH_QOS);
        }
        if (qosBits == 0 && (firstByte & DUP) != 0) {
            throw cursor.protocolError("DUP with QoS 0", Clause.PUBLISH_DUP);
        }
        cursor.topicName("topic name", Clause.TOPIC_WILDCARD);
        topicIndex = cursor.textIndex();
        topicLength = cursor.textLength();
    }

    private void readPacketId(Sender sender) throws MalformedPacketException {
        if ((firstByte & 0x06) == 0) {
            packetId = 0;
            packetIdIndex = -1;
            return;
        }
        packetIdIndex = cursor.at();
        packetId = cursor.twoByteInteger("packet identifier");
        if (packetId == 0) {
            throw cursor.protocolError(
                    "packet identifier is 0",
                    sender == Sender.CLIENT
                            ? Clause.PACKET_IDENTIFIER
                            : Clause.SERVER_PACKET_IDENTIFIER);
        }
    }

    /// Lets go of the buffer, so that nothing keeps it reachable between turns.
    public void clear() {
        cursor.close();
    }

    /// The buffer all indices are of.
    public ByteBuf buffer() {
        return cursor.buffer();
    }

    /// Where the first byte is.
    public int index() {
        return index;
    }

    /// Bytes of the whole frame.
    public int length() {
        return length;
    }

    /// Type and flags as sent, 0x30..0x3D.
    public int firstByte() {
        return firstByte;
    }

    /// 0, 1 or 2.
    public int qos() {
        return (firstByte & 0x06) >> 1;
    }

    /// Whether the RETAIN flag is set.
    public boolean retain() {
        return (firstByte & RETAIN) != 0;
    }

    /// Whether the DUP flag is set.
    public boolean dup() {
        return (firstByte & DUP) != 0;
    }

    /// Where the topic name's text begins; its two length bytes are before it.
    public int topicIndex() {
        return topicIndex;
    }

    /// Bytes of the topic name; 0 only if there is a topic alias.
    public int topicLength() {
        return topicLength;
    }

    /// 1..65,535; 0 with QoS 0.
    public int packetId() {
        return packetId;
    }

    /// Where the packet identifier is; -1 with QoS 0.
    public int packetIdIndex() {
        return packetIdIndex;
    }

    /// Where the first property begins, after the length of all; 0 before MQTT 5.
    public int propertiesIndex() {
        return block.index();
    }

    /// Bytes of all properties, without the length before them; 0 before MQTT 5.
    public int propertiesLength() {
        return block.length();
    }

    /// How many properties there are.
    public int propertyCount() {
        return block.count();
    }

    /// The topic alias, 1..65,535; 0 if there is none.
    public int topicAlias() {
        int at = block.topicAliasIndex();
        return at < 0 ? 0 : buffer().getUnsignedShort(at + 1);
    }

    /// Where the topic alias' identifier is (three bytes with its value); -1 if there is none.
    public int topicAliasIndex() {
        return block.topicAliasIndex();
    }

    /// The message expiry interval in seconds; -1 if there is none.
    public long messageExpirySeconds() {
        int at = block.messageExpiryIndex();
        return at < 0 ? -1 : buffer().getUnsignedInt(at + 1);
    }

    /// Where the message expiry interval's identifier is (five bytes with its value); -1 if there is
    /// none.
    public int messageExpiryIndex() {
        return block.messageExpiryIndex();
    }

    /// Where the payload begins.
    public int payloadIndex() {
        return payloadIndex;
    }

    /// Bytes of the payload.
    public int payloadLength() {
        return index + length - payloadIndex;
    }

    /// Whether the payload is well-formed UTF-8, as a payload format indicator of 1 claims. The
    /// decoder leaves that check to whoever wants to pay for it; the answer to false is 0x99.
    /// MQTT 5 §3.3.2.3.2.
    public boolean payloadIsUtf8() {
        return (Utf8.scan(buffer(), payloadIndex, payloadLength()) & Utf8.ILL_FORMED) == 0;
    }

    /// Reads the topic name; for what is not the publish path.
    public String topic() {
        return buffer().toString(topicIndex, topicLength, StandardCharsets.UTF_8);
    }

    /// Reads the properties; for what is not the publish path.
    public Properties properties() {
        try {
            return Properties.readChecked(cursor, block);
        } catch (MalformedPacketException e) {
            throw new IllegalStateException("the buffer changed under a frame", e);
        }
    }
}
