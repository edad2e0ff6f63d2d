package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Builds outgoing PUBLISH frames from parts that lie in buffers, appending to an out buffer without
/// allocating. One an event loop; set what the message is, then append it once for each kind of
/// receiver. Nothing is checked again: topic and properties come from a frame that was.
///
/// ```java
/// writer.begin(version).topic(frame).properties(frame).messageExpirySeconds(left);
/// writer.append(out, PublishWriter.firstByte(qos, retain, dup), packetId, frame.buffer(), ...);
/// ```
public final class PublishWriter {
    private static final byte TOPIC_ALIAS_ID = 0x23;
    private static final byte SUBSCRIPTION_IDENTIFIER_ID = 0x0B;
    private static final int TOPIC_ALIAS_BYTES = 3;

    private MqttVersion version = MqttVersion.V5;
    private ByteBuf topic = Unpooled.EMPTY_BUFFER;
    private int topicIndex;
    private int topicLength;
    private ByteBuf properties = Unpooled.EMPTY_BUFFER;
    private int headIndex;
    private int headLength;
    private int tailIndex;
    private int tailLength;
    private int expiryOffset;
    private long expirySeconds;
    private int topicAlias;
    private int[] subscriptionIds = {};
    private int subscriptionIdCount;

    /// A writer with nothing set.
    public PublishWriter() {}

    /// The first byte of a PUBLISH.
    ///
    /// @param qos 0, 1 or 2
    public static int firstByte(int qos, boolean retain, boolean dup) {
        return 0x30 | (dup ? 0x08 : 0) | (qos << 1) | (retain ? 0x01 : 0);
    }

    /// Appends a frame as it was received but for its flags and packet identifier: the whole of it
    /// is copied at once. For a receiver of the same version and QoS; a topic alias or a message
    /// expiry interval would go with it.
    ///
    /// @param firstByte with the QoS of `frame`
    /// @param packetId 1..65,535; ignored with QoS 0
    public static void appendCopy(ByteBuf out, PublishFrame frame, int firstByte, int packetId) {
        int start = out.writerIndex();
        out.writeBytes(frame.buffer(), frame.index(), frame.length());
        out.setByte(start, firstByte);
        if (frame.packetIdIndex() >= 0) {
            out.setShort(start + frame.packetIdIndex() - frame.index(), packetId);
        }
    }

    /// Appends a frame that [#append] made before, with other flags and another packet identifier.
    ///
    /// @param encoded holds the frame, `length` bytes from `index`
    /// @param packetIdOffset what [#append] returned for it; 0 with QoS 0
    /// @param firstByte with the same QoS
    public static void appendEncoded(
            ByteBuf out,
            ByteBuf encoded,
            int index,
            int length,
            int packetIdOffset,
            int firstByte,
            int packetId) {
        int start = out.writerIndex();
        out.writeBytes(encoded, index, length);
        out.setByte(start, firstByte);
        if (packetIdOffset > 0) {
            out.setShort(start + packetIdOffset, packetId);
        }
    }

    /// Forgets the message before.
    ///
    /// @param receiver the version of whom the frames are for; before MQTT 5 all properties are
    ///     left out
    public PublishWriter begin(MqttVersion receiver) {
        version = receiver;
        topicLength = 0;
        subscriptionIdCount = 0;
        topicAlias = 0;
        return properties(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    /// Changes the receiver's version and keeps the message.
    public PublishWriter version(MqttVersion receiver) {
        version = receiver;
        return this;
    }

    /// Sets the topic name: `length` bytes of text from `index`; none if an alias stands for it.
    public PublishWriter topic(ByteBuf source, int index, int length) {
        topic = source;
        topicIndex = index;
        topicLength = length;
        return this;
    }

    /// Sets the topic name of a frame.
    public PublishWriter topic(PublishFrame frame) {
        return topic(frame.buffer(), frame.topicIndex(), frame.topicLength());
    }

    /// Sets the properties: `length` bytes from `index`, without the length before them, and without
    /// a topic alias.
    public PublishWriter properties(ByteBuf source, int index, int length) {
        properties = source;
        headIndex = index;
        headLength = length;
        tailLength = 0;
        expiryOffset = -1;
        return this;
    }

    /// Sets the properties of a frame, but not its topic alias, which ends with its connection.
    public PublishWriter properties(PublishFrame frame) {
        properties(frame.buffer(), frame.propertiesIndex(), frame.propertiesLength());
        int alias = frame.topicAliasIndex();
        if (alias >= 0) {
            headLength = alias - headIndex;
            tailIndex = alias + TOPIC_ALIAS_BYTES;
            tailLength = frame.propertiesIndex() + frame.propertiesLength() - tailIndex;
        }
        return this;
    }

    /// Replaces the message expiry interval by what is left of it.
    ///
    /// @param identifierIndex where the property's identifier is in the source of the properties
    /// @param seconds 0..4,294,967,295
    public PublishWriter messageExpiry(int identifierIndex, long seconds) {
        boolean inHead = identifierIndex < headIndex + headLength;
        expiryOffset =
                1
                        + (inHead
                                ? identifierIndex - headIndex
                                : headLength + identifierIndex - tailIndex);
        expirySeconds = seconds;
        return this;
    }

    /// Sets the alias of this receiver's connection.
    ///
    /// @param alias 1..65,535; 0 for none
    public PublishWriter topicAlias(int alias) {
        topicAlias = alias;
        return this;
    }

    /// Sets the subscription identifiers of this receiver.
    ///
    /// @param ids each 1..268,435,455; kept, not copied, until the frames are appended
    /// @param count how many of them, from the first
    public PublishWriter subscriptionIdentifiers(int[] ids, int count) {
        subscriptionIds = ids;
        subscriptionIdCount = count;
        return this;
    }

    /// Bytes of all properties without the length before them; of no use before MQTT 5.
    public int propertiesLength() {
        int length = headLength + tailLength + (topicAlias == 0 ? 0 : TOPIC_ALIAS_BYTES);
        for (int i = 0; i < subscriptionIdCount; i++) {
            length += 1 + VariableByteInteger.size(subscriptionIds[i]);
        }
        return length;
    }

    /// Appends properties as set, without the length before them: to keep or send on a message's
    /// properties without its alias.
    public void appendProperties(ByteBuf out) {
        int start = out.writerIndex();
        out.writeBytes(properties, headIndex, headLength);
        if (tailLength > 0) {
            out.writeBytes(properties, tailIndex, tailLength);
        }
        if (expiryOffset >= 0) {
            out.setInt(start + expiryOffset, (int) expirySeconds);
        }
        if (topicAlias != 0) {
            out.writeByte(TOPIC_ALIAS_ID);
            out.writeShort(topicAlias);
        }
        for (int i = 0; i < subscriptionIdCount; i++) {
            out.writeByte(SUBSCRIPTION_IDENTIFIER_ID);
            VariableByteInteger.write(out, subscriptionIds[i]);
        }
    }

    /// Bytes of the frame [#append] would make; to compare with a receiver's maximum packet size.
    ///
    /// @param qos 0, 1 or 2
    public int frameLength(int qos, int payloadLength) {
        int body = bodyLength(qos, payloadLength);
        return 1 + VariableByteInteger.size(body) + body;
    }

    private int bodyLength(int qos, int payloadLength) {
        int body = 2 + topicLength + (qos == 0 ? 0 : 2) + payloadLength;
        if (version == MqttVersion.V5) {
            int length = propertiesLength();
            body += VariableByteInteger.size(length) + length;
        }
        return body;
    }

    /// Appends a whole frame, the payload copied.
    ///
    /// @param firstByte as [#firstByte(int, boolean, boolean)] makes it
    /// @param packetId 1..65,535; ignored with QoS 0
    /// @param payload holds the payload, `length` bytes from `index`
    /// @return where in the frame the packet identifier is; 0 with QoS 0
    public int append(
            ByteBuf out, int firstByte, int packetId, ByteBuf payload, int index, int length) {
        int offset = appendHeader(out, firstByte, packetId, length);
        out.writeBytes(payload, index, length);
        return offset;
    }

    /// Appends a frame but for its payload, which the caller sends right after it, as a retained
    /// slice for example.
    ///
    /// @param payloadLength bytes that will follow
    /// @return where in the frame the packet identifier is; 0 with QoS 0
    public int appendHeader(ByteBuf out, int firstByte, int packetId, int payloadLength) {
        int qos = (firstByte & 0x06) >> 1;
        int body = bodyLength(qos, payloadLength);
        int start = out.writerIndex();
        out.ensureWritable(5 + body - payloadLength);
        out.writeByte(firstByte);
        VariableByteInteger.write(out, body);
        out.writeShort(topicLength);
        out.writeBytes(topic, topicIndex, topicLength);
        int packetIdOffset = 0;
        if (qos != 0) {
            packetIdOffset = out.writerIndex() - start;
            out.writeShort(packetId);
        }
        if (version == MqttVersion.V5) {
            VariableByteInteger.write(out, propertiesLength());
            appendProperties(out);
        }
        return packetIdOffset;
    }
}
