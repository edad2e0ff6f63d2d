package io.banyanmq.mqtt.codec;

import org.jspecify.annotations.Nullable;

/// Decodes CONNECT, the one packet that says itself of what version it is. MQTT 5 §3.1.
final class ConnectDecoder {
    private static final int RESERVED = 0x01;
    private static final int CLEAN_START = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_QOS = 0x18;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;

    private ConnectDecoder() {}

    static Packet.Connect decode(FrameCursor cursor, DecoderLimits limits)
            throws MalformedPacketException {
        MqttVersion version = version(cursor);
        cursor.version(version);
        int flags = cursor.unsignedByte("connect flags");
        checkFlags(cursor, flags);
        int keepAliveSeconds = cursor.twoByteInteger("keep alive");
        Properties properties = properties(cursor, Property.Site.CONNECT, limits);
        String clientId = cursor.string("client identifier");
        Packet.@Nullable Will will = (flags & WILL) == 0 ? null : will(cursor, flags, limits);
        @Nullable String userName =
                isThere(cursor, flags, USER_NAME) ? cursor.string("user name") : null;
        @Nullable Bytes password =
                isThere(cursor, flags, PASSWORD) ? cursor.bytes("password") : null;
        checkClientId(cursor, clientId, (flags & CLEAN_START) != 0);
        return new Packet.Connect(
                version,
                (flags & CLEAN_START) != 0,
                keepAliveSeconds,
                properties,
                clientId,
                will,
                userName,
                password);
    }

    private static MqttVersion version(FrameCursor cursor) throws MalformedPacketException {
        cursor.unanswered();
        cursor.text("protocol name");
        boolean old = cursor.lastTextIs(MqttVersion.V3_1.protocolName());
        if (!old && !cursor.lastTextIs(MqttVersion.V5.protocolName())) {
            throw cursor.fault(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                    "protocol name is not MQTT",
                    Clause.PROTOCOL_NAME);
        }
        int level = cursor.unsignedByte("protocol level");
        for (MqttVersion version : MqttVersion.values()) {
            if (version.level() == level && old == (version == MqttVersion.V3_1)) {
                return version;
            }
        }
        cursor.version(level < MqttVersion.V5.level() ? MqttVersion.V3_1_1 : MqttVersion.V5);
        throw cursor.fault(
                ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                "protocol level " + level + " is not supported",
                Clause.PROTOCOL_LEVEL);
    }

    /// In MQTT 3.1 a packet that ends early takes precedence over these flags (§3.1).
    private static boolean isThere(FrameCursor cursor, int flags, int flag) {
        boolean cutShort = cursor.version() == MqttVersion.V3_1 && cursor.remaining() == 0;
        return (flags & flag) != 0 && !cutShort;
    }

    private static void checkFlags(FrameCursor cursor, int flags) throws MalformedPacketException {
        if ((flags & RESERVED) != 0) {
            throw cursor.malformed("reserved connect flag is 1", Clause.CONNECT_RESERVED_FLAG);
        }
        if ((flags & WILL_QOS) == WILL_QOS) {
            throw cursor.malformed("will QoS is 3", Clause.WILL_QOS);
        }
        if ((flags & WILL) == 0 && (flags & WILL_QOS) != 0) {
            throw cursor.protocolError("will QoS without will", Clause.WILL_QOS_WITHOUT_WILL);
        }
        if ((flags & WILL) == 0 && (flags & WILL_RETAIN) != 0) {
            throw cursor.protocolError("will retain without will", Clause.WILL_RETAIN_WITHOUT_WILL);
        }
        if (cursor.version() != MqttVersion.V5
                && (flags & PASSWORD) != 0
                && (flags & USER_NAME) == 0) {
            throw cursor.protocolError(
                    "password without user name", Clause.PASSWORD_WITHOUT_USER_NAME);
        }
    }

    private static Properties properties(
            FrameCursor cursor, Property.Site site, DecoderLimits limits)
            throws MalformedPacketException {
        return cursor.version() == MqttVersion.V5
                ? Properties.read(cursor, site, Sender.CLIENT, limits)
                : Properties.NONE;
    }

    private static Packet.Will will(FrameCursor cursor, int flags, DecoderLimits limits)
            throws MalformedPacketException {
        Properties properties = properties(cursor, Property.Site.WILL, limits);
        cursor.topicName("will topic", Clause.WILL_TOPIC_WILDCARD);
        if (cursor.textLength() == 0) {
            throw cursor.protocolError("will topic is empty", Clause.TOPIC_EMPTY);
        }
        String topic = cursor.lastText();
        Bytes payload = cursor.bytes("will payload");
        return new Packet.Will(
                topic,
                payload,
                Qos.of((flags & WILL_QOS) >> 3),
                (flags & WILL_RETAIN) != 0,
                properties);
    }

    /// An empty identifier asks the server for one. MQTT 3.1.1 allows that only with a clean
    /// session, MQTT 3.1 not at all.
    private static void checkClientId(FrameCursor cursor, String clientId, boolean cleanStart)
            throws MalformedPacketException {
        boolean allowed =
                switch (cursor.version()) {
                    case V3_1 -> false;
                    case V3_1_1 -> cleanStart;
                    case V5 -> true;
                };
        if (clientId.isEmpty() && !allowed) {
            throw cursor.fault(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "client identifier is empty",
                    Clause.CLIENT_IDENTIFIER_EMPTY);
        }
    }
}
