package io.banyanmq.mqtt.codec;

/// The control packet types. MQTT 5 §2.1.2.
public enum PacketType {
    /// Client asks for a connection.
    CONNECT(1, 0, true, false),
    /// Server answers CONNECT.
    CONNACK(2, 0, false, true),
    /// A message, in either direction.
    PUBLISH(3, 0, true, true),
    /// Answers a PUBLISH of QoS 1.
    PUBACK(4, 0, true, true),
    /// First answer to a PUBLISH of QoS 2.
    PUBREC(5, 0, true, true),
    /// Answers PUBREC.
    PUBREL(6, 2, true, true),
    /// Answers PUBREL.
    PUBCOMP(7, 0, true, true),
    /// Client subscribes.
    SUBSCRIBE(8, 2, true, false),
    /// Server answers SUBSCRIBE.
    SUBACK(9, 0, false, true),
    /// Client unsubscribes.
    UNSUBSCRIBE(10, 2, true, false),
    /// Server answers UNSUBSCRIBE.
    UNSUBACK(11, 0, false, true),
    /// Client shows that it lives.
    PINGREQ(12, 0, true, false),
    /// Server answers PINGREQ.
    PINGRESP(13, 0, false, true),
    /// Last packet of a connection; from a server only in MQTT 5.
    DISCONNECT(14, 0, true, true),
    /// Extended authentication; MQTT 5 only.
    AUTH(15, 0, true, true);

    private static final PacketType[] VALUES = values();

    private final int value;
    private final int reservedFlags;
    private final boolean fromClient;
    private final boolean fromServer;

    PacketType(int value, int reservedFlags, boolean fromClient, boolean fromServer) {
        this.value = value;
        this.reservedFlags = reservedFlags;
        this.fromClient = fromClient;
        this.fromServer = fromServer;
    }

    /// The type of a frame.
    ///
    /// @param firstByte the first byte of a frame that [FrameScanner] found complete; only the low
    ///     eight bits count
    /// @throws IllegalArgumentException if the type is 0, which [FrameScanner] never lets through
    public static PacketType ofFirstByte(int firstByte) {
        int value = (firstByte >>> 4) & 0xF;
        if (value == 0) {
            throw new IllegalArgumentException("packet type 0 is reserved");
        }
        return VALUES[value - 1];
    }

    /// The type's number, 1..15: the high four bits of a frame's first byte.
    public int value() {
        return value;
    }

    /// What the low four bits of the first byte must be; for [#PUBLISH] they are flags instead.
    public int reservedFlags() {
        return reservedFlags;
    }

    /// Whether the given end may send packets of this type at all.
    public boolean sentBy(Sender sender) {
        return sender == Sender.CLIENT ? fromClient : fromServer;
    }

    int firstByte() {
        return (value << 4) | reservedFlags;
    }
}
