package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decodes frames that [FrameScanner] found complete. Immutable: all connections of the same version
/// share one.
///
/// Every method takes the buffer a frame is in, the index of its first byte, and the length the
/// scanner gave; it reads nothing outside of that and changes no index of the buffer. Malformed
/// input is a [MalformedPacketException] and never anything else.
public final class PacketDecoder {
    private final MqttVersion version;
    private final Sender sender;
    private final DecoderLimits limits;

    /// A decoder for one direction of a connection whose version is known.
    ///
    /// @param sender whose packets are decoded: a broker says [Sender#CLIENT]
    public PacketDecoder(MqttVersion version, Sender sender, DecoderLimits limits) {
        this.version = requireNonNull(version, "version");
        this.sender = requireNonNull(sender, "sender");
        this.limits = requireNonNull(limits, "limits");
    }

    /// Decodes the first packet of a connection, which says of what version the rest is.
    ///
    /// @throws MalformedPacketException also if it is not a CONNECT (0x82), or of a version there is
    ///     no codec for (0x84)
    public static Packet.Connect connect(ByteBuf in, int index, int length, DecoderLimits limits)
            throws MalformedPacketException {
        int firstByte = in.getByte(index) & 0xFF;
        PacketType type = PacketType.ofFirstByte(firstByte);
        FrameCursor cursor = new FrameCursor().open(in, index, length, type, MqttVersion.V5);
        cursor.unanswered();
        if (type != PacketType.CONNECT) {
            throw cursor.protocolError("first packet is not CONNECT", Clause.FIRST_PACKET);
        }
        checkFlags(cursor, type, firstByte);
        Packet.Connect connect = ConnectDecoder.decode(cursor, limits);
        cursor.finish();
        return connect;
    }

    /// The version this decodes.
    public MqttVersion version() {
        return version;
    }

    /// Decodes a PUBLISH in place, without allocating.
    ///
    /// @param into is moved to the frame; of no use after an exception
    public void publish(ByteBuf in, int index, int length, PublishFrame into)
            throws MalformedPacketException {
        into.read(in, index, length, version, sender, limits);
    }

    /// Decodes a PUBACK, PUBREC, PUBREL or PUBCOMP of the short form, without allocating.
    ///
    /// @return its packet identifier; 0 if it is of another form or not as it should be: then
    ///     [#decode] reads it or says what is wrong
    public int shortAck(ByteBuf in, int index, int length) {
        if (length != AckFrame.SHORT_BYTES) {
            return 0;
        }
        int word = in.getInt(index);
        int packetId = word & 0xFFFF;
        int firstByte = word >>> 24;
        boolean good =
                firstByte == 0x40 || firstByte == 0x50 || firstByte == 0x62 || firstByte == 0x70;
        return good ? packetId : 0;
    }

    /// Decodes a packet of any type into a record.
    public Packet decode(ByteBuf in, int index, int length) throws MalformedPacketException {
        int firstByte = in.getByte(index) & 0xFF;
        PacketType type = PacketType.ofFirstByte(firstByte);
        FrameCursor cursor = new FrameCursor().open(in, index, length, type, version);
        checkFlags(cursor, type, firstByte);
        if (!type.sentBy(sender)) {
            throw cursor.protocolError(
                    "not for a " + (sender == Sender.CLIENT ? "client" : "server") + " to send",
                    Clause.PACKET_TYPE);
        }
        Packet packet =
                switch (type) {
                    case CONNECT -> ConnectDecoder.decode(cursor, limits);
                    case CONNACK -> connack(cursor);
                    case PUBLISH -> publish(in, index, length, cursor);
                    case PUBACK, PUBREC, PUBREL, PUBCOMP -> acknowledgement(cursor, type);
                    case SUBSCRIBE -> subscribe(cursor);
                    case SUBACK -> suback(cursor);
                    case UNSUBSCRIBE -> unsubscribe(cursor);
                    case UNSUBACK -> unsuback(cursor);
                    case PINGREQ -> new Packet.Pingreq();
                    case PINGRESP -> new Packet.Pingresp();
                    case DISCONNECT -> disconnect(cursor);
                    case AUTH -> auth(cursor);
                };
        cursor.finish();
        return packet;
    }

    private static void checkFlags(FrameCursor cursor, PacketType type, int firstByte)
            throws MalformedPacketException {
        if (type == PacketType.PUBLISH || firstByte == type.firstByte()) {
            return;
        }
        // MQTT 3.1 repeats these with DUP, as it does PUBLISH.
        if (cursor.version() == MqttVersion.V3_1
                && type.reservedFlags() == 2
                && firstByte == (type.firstByte() | 0x08)) {
            return;
        }
        Clause clause =
                switch (type) {
                    case PUBREL -> Clause.PUBREL_FLAGS;
                    case SUBSCRIBE -> Clause.SUBSCRIBE_FLAGS;
                    case UNSUBSCRIBE -> Clause.UNSUBSCRIBE_FLAGS;
                    case DISCONNECT -> Clause.DISCONNECT_FLAGS;
                    case AUTH -> Clause.AUTH_FLAGS;
                    default -> Clause.RESERVED_FLAGS;
                };
        throw cursor.malformed(
                "reserved flags are " + (firstByte & 0xF) + ", must be " + type.reservedFlags(),
                clause);
    }

    private Packet.Connack connack(FrameCursor cursor) throws MalformedPacketException {
        int flags = cursor.unsignedByte("acknowledge flags");
        if (version == MqttVersion.V3_1) {
            // The byte has no meaning yet.
            flags = 0;
        }
        if (flags > 1) {
            throw cursor.malformed("reserved acknowledge flags are not 0", Clause.CONNACK_FLAGS);
        }
        ReasonCode code = connackCode(cursor);
        if (flags == 1 && code != ReasonCode.SUCCESS) {
            throw cursor.protocolError(
                    "session present with " + code, Clause.CONNACK_SESSION_PRESENT);
        }
        return new Packet.Connack(flags == 1, code, properties(cursor, Property.Site.CONNACK));
    }

    private ReasonCode connackCode(FrameCursor cursor) throws MalformedPacketException {
        if (version == MqttVersion.V5) {
            return code(cursor, PacketType.CONNACK, Clause.CONNACK_CODE);
        }
        int returnCode = cursor.unsignedByte("return code");
        Optional<ReasonCode> code = ReasonCode.ofConnectReturnCode(returnCode);
        if (code.isEmpty()) {
            throw cursor.protocolError(
                    "return code " + returnCode + " is reserved", Clause.CONNACK_CODE);
        }
        return code.get();
    }

    private Packet.Publish publish(ByteBuf in, int index, int length, FrameCursor cursor)
            throws MalformedPacketException {
        PublishFrame frame = new PublishFrame();
        publish(in, index, length, frame);
        cursor.advance(cursor.remaining(), "payload");
        return new Packet.Publish(
                frame.dup(),
                Qos.of(frame.qos()),
                frame.retain(),
                frame.topic(),
                frame.packetId(),
                frame.properties(),
                Bytes.copyOf(in, frame.payloadIndex(), frame.payloadLength()));
    }

    private Packet acknowledgement(FrameCursor cursor, PacketType type)
            throws MalformedPacketException {
        int packetId = packetId(cursor, Clause.ACK_PACKET_IDENTIFIER);
        ReasonCode code = ReasonCode.SUCCESS;
        Properties properties = Properties.NONE;
        if (version == MqttVersion.V5 && cursor.remaining() > 0) {
            code =
                    code(
                            cursor,
                            type,
                            switch (type) {
                                case PUBACK -> Clause.PUBACK_CODE;
                                case PUBREC -> Clause.PUBREC_CODE;
                                case PUBREL -> Clause.PUBREL_CODE;
                                default -> Clause.PUBCOMP_CODE;
                            });
            properties = optionalProperties(cursor, Property.Site.valueOf(type.name()));
        }
        return switch (type) {
            case PUBACK -> new Packet.Puback(packetId, code, properties);
            case PUBREC -> new Packet.Pubrec(packetId, code, properties);
            case PUBREL -> new Packet.Pubrel(packetId, code, properties);
            default -> new Packet.Pubcomp(packetId, code, properties);
        };
    }

    private Packet.Subscribe subscribe(FrameCursor cursor) throws MalformedPacketException {
        int packetId = packetId(cursor, Clause.PACKET_IDENTIFIER);
        Properties properties = properties(cursor, Property.Site.SUBSCRIBE);
        int payload = cursor.at();
        int count = 0;
        while (cursor.remaining() > 0) {
            checkCount(cursor, ++count, "topic filters");
            cursor.text("topic filter");
            checkOptions(cursor);
        }
        if (count == 0) {
            throw cursor.protocolError("no topic filter", Clause.SUBSCRIBE_EMPTY);
        }
        cursor.reopen(payload, cursor.end());
        List<Packet.Subscription> subscriptions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            subscriptions.add(subscription(cursor));
        }
        return new Packet.Subscribe(packetId, properties, subscriptions);
    }

    private void checkOptions(FrameCursor cursor) throws MalformedPacketException {
        boolean shared = cursor.lastTextStartsWith("$share/");
        int options = cursor.unsignedByte("subscription options");
        if ((options & (version == MqttVersion.V5 ? 0xC0 : 0xFC)) != 0) {
            throw cursor.malformed(
                    "reserved subscription options are not 0", Clause.SUBSCRIBE_RESERVED_BITS);
        }
        if ((options & 0x03) == 0x03) {
            throw version == MqttVersion.V5
                    ? cursor.protocolError("maximum QoS is 3", Clause.SUBSCRIBE_QOS)
                    : cursor.malformed("requested QoS is 3", Clause.SUBSCRIBE_QOS);
        }
        if ((options & 0x30) == 0x30) {
            throw cursor.protocolError("retain handling is 3", Clause.SUBSCRIBE_RETAIN_HANDLING);
        }
        if ((options & 0x04) != 0 && shared) {
            throw cursor.protocolError(
                    "no local on a shared subscription", Clause.SUBSCRIBE_NO_LOCAL_SHARED);
        }
    }

    private static Packet.Subscription subscription(FrameCursor cursor)
            throws MalformedPacketException {
        String filter = cursor.string("topic filter");
        int options = cursor.unsignedByte("subscription options");
        return new Packet.Subscription(
                filter,
                Qos.of(options & 0x03),
                (options & 0x04) != 0,
                (options & 0x08) != 0,
                RetainHandling.of(options >> 4));
    }

    private Packet.Suback suback(FrameCursor cursor) throws MalformedPacketException {
        int packetId = packetId(cursor, Clause.SUBACK_PACKET_IDENTIFIER);
        Properties properties = properties(cursor, Property.Site.SUBACK);
        return new Packet.Suback(
                packetId, properties, codes(cursor, PacketType.SUBACK, Clause.SUBACK_CODE));
    }

    private Packet.Unsubscribe unsubscribe(FrameCursor cursor) throws MalformedPacketException {
        int packetId = packetId(cursor, Clause.PACKET_IDENTIFIER);
        Properties properties = properties(cursor, Property.Site.UNSUBSCRIBE);
        int payload = cursor.at();
        int count = 0;
        while (cursor.remaining() > 0) {
            checkCount(cursor, ++count, "topic filters");
            cursor.text("topic filter");
        }
        if (count == 0) {
            throw cursor.protocolError("no topic filter", Clause.UNSUBSCRIBE_EMPTY);
        }
        cursor.reopen(payload, cursor.end());
        List<String> filters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            filters.add(cursor.string("topic filter"));
        }
        return new Packet.Unsubscribe(packetId, properties, filters);
    }

    private Packet.Unsuback unsuback(FrameCursor cursor) throws MalformedPacketException {
        int packetId = packetId(cursor, Clause.SUBACK_PACKET_IDENTIFIER);
        Properties properties = properties(cursor, Property.Site.UNSUBACK);
        List<ReasonCode> codes =
                version == MqttVersion.V5
                        ? codes(cursor, PacketType.UNSUBACK, Clause.UNSUBACK_CODE)
                        : List.of();
        return new Packet.Unsuback(packetId, properties, codes);
    }

    private Packet.Disconnect disconnect(FrameCursor cursor) throws MalformedPacketException {
        if (version != MqttVersion.V5 || cursor.remaining() == 0) {
            return new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE);
        }
        ReasonCode code = code(cursor, PacketType.DISCONNECT, Clause.DISCONNECT_CODE);
        return new Packet.Disconnect(code, optionalProperties(cursor, Property.Site.DISCONNECT));
    }

    private Packet.Auth auth(FrameCursor cursor) throws MalformedPacketException {
        if (version != MqttVersion.V5) {
            throw cursor.malformed("packet type 15 is reserved before MQTT 5", Clause.PACKET_TYPE);
        }
        if (cursor.remaining() == 0) {
            return new Packet.Auth(ReasonCode.SUCCESS, Properties.NONE);
        }
        ReasonCode code = code(cursor, PacketType.AUTH, Clause.AUTH_CODE);
        Properties properties = optionalProperties(cursor, Property.Site.AUTH);
        // Success without properties may be cut short (§3.15.2.1); all else has to name the method.
        boolean bare = code == ReasonCode.SUCCESS && properties.isEmpty();
        if (!bare && properties.get(Property.AUTHENTICATION_METHOD).isEmpty()) {
            throw cursor.protocolError(
                    "authentication method is missing", Clause.AUTHENTICATION_METHOD);
        }
        return new Packet.Auth(code, properties);
    }

    private static int packetId(FrameCursor cursor, Clause clause) throws MalformedPacketException {
        int packetId = cursor.twoByteInteger("packet identifier");
        if (packetId == 0) {
            throw cursor.protocolError("packet identifier is 0", clause);
        }
        return packetId;
    }

    private static ReasonCode code(FrameCursor cursor, PacketType type, Clause clause)
            throws MalformedPacketException {
        int value = cursor.unsignedByte("reason code");
        Optional<ReasonCode> code = ReasonCode.of(value);
        if (code.isEmpty() || !code.get().allowedIn(type)) {
            throw cursor.protocolError(
                    "reason code " + FrameCursor.hex(value) + " is not one of " + type, clause);
        }
        return code.get();
    }

    private List<ReasonCode> codes(FrameCursor cursor, PacketType type, Clause clause)
            throws MalformedPacketException {
        checkCount(cursor, cursor.remaining(), "reason codes");
        if (cursor.remaining() == 0) {
            throw cursor.protocolError("no reason code", clause);
        }
        List<ReasonCode> codes = new ArrayList<>(cursor.remaining());
        while (cursor.remaining() > 0) {
            ReasonCode code = code(cursor, type, clause);
            if (version != MqttVersion.V5 && code.value() != code.subackReturnCode()) {
                throw cursor.protocolError(
                        "return code " + FrameCursor.hex(code.value()) + " is reserved", clause);
            }
            codes.add(code);
        }
        return codes;
    }

    private void checkCount(FrameCursor cursor, int count, String what)
            throws MalformedPacketException {
        if (count > limits.filtersMax()) {
            throw cursor.fault(
                    ReasonCode.QUOTA_EXCEEDED,
                    "more than " + limits.filtersMax() + " " + what,
                    Clause.LIMIT);
        }
    }

    private Properties optionalProperties(FrameCursor cursor, Property.Site site)
            throws MalformedPacketException {
        return cursor.remaining() == 0 ? Properties.NONE : properties(cursor, site);
    }

    private Properties properties(FrameCursor cursor, Property.Site site)
            throws MalformedPacketException {
        return version == MqttVersion.V5
                ? Properties.read(cursor, site, sender, limits)
                : Properties.NONE;
    }
}
