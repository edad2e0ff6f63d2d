package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.PublishFrame;
import io.banyanmq.mqtt.codec.PublishWriter;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message that is on its way now: where its parts lie, and its encodings, each made when it is first wanted. Reusable,
/// one a loop and purpose; holds no reference count, so the buffers must outlive its use.
final class Message {
    /// The deadline of a message that does not expire.
    static final long NEVER = Long.MAX_VALUE;

    /// Payloads up to this are copied to each receiver; of longer ones each gets a retained slice. Measured: copying wins up to
    /// 1 KiB, draws at 4 KiB, loses at 16 KiB.
    static final int COPIED_BYTES_MAX = 2_048;

    private static final int QOS_LEVELS = 3;
    private static final int[] NO_IDENTIFIERS = {};

    private final PublishWriter writer = new PublishWriter();
    private final ByteBufAllocator allocator;
    private final ByteBuf encodings;
    private final ByteBuf cleanProperties;

    private ByteBuf topic = Unpooled.EMPTY_BUFFER;
    private int topicIndex;
    private int topicLength;
    private ByteBuf properties = Unpooled.EMPTY_BUFFER;
    private int propertiesIndex;
    private int propertiesLength;

    /// Where in [#properties] the message expiry interval's identifier is; -1 if there is none.
    private int expiryIndex;

    private ByteBuf payload = Unpooled.EMPTY_BUFFER;
    private int payloadIndex;
    private int payloadLength;
    private int qos;
    private boolean retain;
    private long deadlineNanos;

    /// The frame it came in, if it can go out as it is to receivers of the same kind; its version tells the kind.
    private @Nullable PublishFrame frame;

    private MqttVersion frameVersion = MqttVersion.V5;

    private final Encoded[] shared = new Encoded[2 * QOS_LEVELS];
    private int sharedMade;

    private final Encoded individual = new Encoded();
    private final ByteBuf individualBuffer;
    private int[] individualIdentifiers = NO_IDENTIFIERS;
    private int individualQos = -1;

    /// A copy of a large payload for those who cannot send it now; made once a message.
    private @Nullable ByteBuf payloadCopy;

    Message(ByteBufAllocator allocator) {
        this.allocator = allocator;
        encodings = allocator.directBuffer(4_096);
        cleanProperties = allocator.directBuffer(256);
        individualBuffer = allocator.directBuffer(1_024);
        Arrays.setAll(shared, i -> new Encoded());
    }

    /// Sets it to a frame a client sent, with the topic's bytes given apart if the frame has only an alias.
    void set(PublishFrame from, MqttVersion version, Receivers receivers, long nowNanos) {
        begin();
        ByteBuf buffer = from.buffer();
        qos = from.qos();
        retain = from.retain();
        payload = buffer;
        payloadIndex = from.payloadIndex();
        payloadLength = from.payloadLength();
        boolean aliased = from.topicAliasIndex() >= 0;
        if (from.topicLength() > 0) {
            topic(buffer, from.topicIndex(), from.topicLength());
        } else {
            topic(receivers.topicBuffer, 0, receivers.topic.length);
        }
        if (aliased) {
            setCleanProperties(from);
        } else {
            properties(
                    buffer,
                    from.propertiesIndex(),
                    from.propertiesLength(),
                    from.messageExpiryIndex());
            frame = from;
            frameVersion = version;
        }
        long seconds = from.messageExpirySeconds();
        deadlineNanos = seconds < 0 ? NEVER : nowNanos + seconds * 1_000_000_000L;
    }

    /// Takes the topic alias out, which is of the sender's connection alone.
    private void setCleanProperties(PublishFrame from) {
        cleanProperties.clear();
        writer.begin(MqttVersion.V5).properties(from).appendProperties(cleanProperties);
        int expiry = PropertyScan.messageExpiry(cleanProperties, 0, cleanProperties.writerIndex());
        properties(cleanProperties, 0, cleanProperties.writerIndex(), expiry);
    }

    /// Sets it to what another gateway or loop handed over.
    ///
    /// @param deadline null to count on from the interval that remained when it was sent
    void set(ForwardBody.View view, ByteBuf body, @Nullable Long deadline, long nowNanos) {
        begin();
        qos = view.qos();
        retain = view.retain();
        topic(body, view.topicOffset(), view.topicLength());
        int expiry =
                PropertyScan.messageExpiry(body, view.propertiesOffset(), view.propertiesLength());
        properties(body, view.propertiesOffset(), view.propertiesLength(), expiry);
        payload = body;
        payloadIndex = view.payloadOffset();
        payloadLength = view.payloadLength();
        if (deadline != null) {
            deadlineNanos = deadline;
        } else {
            deadlineNanos =
                    expiry < 0
                            ? NEVER
                            : nowNanos + body.getUnsignedInt(expiry + 1) * 1_000_000_000L;
        }
    }

    private void begin() {
        frame = null;
        encodings.clear();
        sharedMade = 0;
        individualQos = -1;
        releaseCopy();
    }

    private void topic(ByteBuf buffer, int index, int length) {
        topic = buffer;
        topicIndex = index;
        topicLength = length;
    }

    private void properties(ByteBuf buffer, int index, int length, int expiry) {
        properties = buffer;
        propertiesIndex = index;
        propertiesLength = length;
        expiryIndex = expiry;
    }

    /// Everybody has it: lets go of what was made for it.
    void done() {
        releaseCopy();
    }

    void release() {
        releaseCopy();
        encodings.release();
        cleanProperties.release();
        individualBuffer.release();
    }

    private void releaseCopy() {
        if (payloadCopy != null) {
            payloadCopy.release();
            payloadCopy = null;
        }
    }

    int qos() {
        return qos;
    }

    boolean retain() {
        return retain;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /// Seconds of its expiry interval that remain, rounded up; 0 or less once it has expired.
    static long secondsLeft(long deadlineNanos, long nowNanos) {
        return Math.ceilDiv(deadlineNanos - nowNanos, 1_000_000_000L);
    }

    ByteBuf topic() {
        return topic;
    }

    int topicIndex() {
        return topicIndex;
    }

    int topicLength() {
        return topicLength;
    }

    boolean payloadIsLarge() {
        return payloadLength > COPIED_BYTES_MAX;
    }

    /// A slice of a large payload, to be sent now; the caller owns the reference.
    ByteBuf payloadSlice() {
        return payload.retainedSlice(payloadIndex, payloadLength);
    }

    /// A large payload to be kept for a while: a copy of just it, that all who keep it share. The caller owns the reference.
    ByteBuf payloadToKeep() {
        ByteBuf copy = payloadCopy;
        if (copy == null) {
            copy = allocator.directBuffer(payloadLength);
            copy.writeBytes(payload, payloadIndex, payloadLength);
            payloadCopy = copy;
        }
        return copy.retainedDuplicate();
    }

    /// The frame that all receivers of a version share which have no identifiers and no aliases.
    ///
    /// @param toQos at most the message's
    Encoded encoded(boolean v5, int toQos) {
        int kind = (v5 ? QOS_LEVELS : 0) + toQos;
        Encoded encoded = shared[kind];
        if ((sharedMade & 1 << kind) == 0) {
            sharedMade |= 1 << kind;
            PublishFrame from = frame;
            if (from != null && toQos == qos && v5 == (frameVersion == MqttVersion.V5)) {
                asReceived(from, encoded);
            } else {
                start(v5 ? MqttVersion.V5 : MqttVersion.V3_1_1);
                append(encodings, encoded, toQos, v5);
            }
        }
        return encoded;
    }

    private void asReceived(PublishFrame from, Encoded to) {
        to.source = from.buffer();
        to.index = from.index();
        to.payloadLength = payloadIsLarge() ? payloadLength : 0;
        to.length = from.length() - to.payloadLength;
        to.packetIdOffset = from.packetIdIndex() < 0 ? 0 : from.packetIdIndex() - from.index();
        to.expiryOffset = expiryIndex < 0 ? 0 : expiryIndex + 1 - from.index();
        to.firstByte = PublishWriter.firstByte(qos, false, false);
    }

    /// The frame for one receiver; good until the next is made.
    ///
    /// @param identifiers of its subscriptions
    /// @param alias 0 for none
    /// @param withTopic false if the alias stands for it
    Encoded encodedFor(int toQos, int[] identifiers, int alias, boolean withTopic) {
        boolean again =
                alias == 0
                        && individualQos == toQos
                        && Arrays.equals(individualIdentifiers, identifiers);
        if (!again) {
            individualBuffer.clear();
            start(MqttVersion.V5);
            writer.subscriptionIdentifiers(identifiers, identifiers.length).topicAlias(alias);
            if (!withTopic) {
                writer.topic(topic, topicIndex, 0);
            }
            append(individualBuffer, individual, toQos, true);
            individualIdentifiers = identifiers;
            individualQos = alias == 0 ? toQos : -1;
        }
        return individual;
    }

    private void start(MqttVersion version) {
        writer.begin(version)
                .topic(topic, topicIndex, topicLength)
                .properties(properties, propertiesIndex, propertiesLength);
    }

    private void append(ByteBuf out, Encoded to, int toQos, boolean withProperties) {
        to.source = out;
        to.index = out.writerIndex();
        to.firstByte = PublishWriter.firstByte(toQos, false, false);
        to.payloadLength = payloadIsLarge() ? payloadLength : 0;
        to.packetIdOffset = writer.appendHeader(out, to.firstByte, 0, payloadLength);
        int head = out.writerIndex() - to.index;
        // What the writer adds to the properties comes behind those the message has.
        int added = writer.propertiesLength() - propertiesLength;
        to.expiryOffset =
                expiryIndex < 0 || !withProperties
                        ? 0
                        : head - added - propertiesLength + (expiryIndex - propertiesIndex) + 1;
        if (to.payloadLength == 0) {
            out.writeBytes(payload, payloadIndex, payloadLength);
        }
        to.length = out.writerIndex() - to.index;
    }

    /// Appends it as a [ForwardBody], what remains of its expiry interval included.
    ///
    /// @param plain whether plain subscriptions are to get it
    void appendBody(ByteBuf out, boolean plain, List<String> sharedFilters, long nowNanos) {
        int start = out.writerIndex();
        ForwardBody.writeHead(
                out,
                qos,
                retain,
                plain,
                topic,
                topicIndex,
                topicLength,
                properties,
                propertiesIndex,
                propertiesLength,
                sharedFilters);
        if (expiryIndex >= 0) {
            int at = start + 1 + 2 + topicLength + 4 + (expiryIndex - propertiesIndex) + 1;
            out.setInt(at, (int) Math.max(0, secondsLeft(deadlineNanos, nowNanos)));
        }
        out.writeBytes(payload, payloadIndex, payloadLength);
    }

    /// It as something to keep until a shared subscription's member has settled it; the caller owns it.
    HeldMessage hold(String filter, long nowNanos) {
        ByteBuf body = allocator.directBuffer(64 + topicLength + propertiesLength + payloadLength);
        appendBody(body, false, List.of(filter), nowNanos);
        return new HeldMessage(body, deadlineNanos, filter);
    }
}
