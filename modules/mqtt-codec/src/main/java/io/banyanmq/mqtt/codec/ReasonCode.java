package io.banyanmq.mqtt.codec;

import static io.banyanmq.mqtt.codec.PacketType.AUTH;
import static io.banyanmq.mqtt.codec.PacketType.CONNACK;
import static io.banyanmq.mqtt.codec.PacketType.DISCONNECT;
import static io.banyanmq.mqtt.codec.PacketType.PUBACK;
import static io.banyanmq.mqtt.codec.PacketType.PUBCOMP;
import static io.banyanmq.mqtt.codec.PacketType.PUBREC;
import static io.banyanmq.mqtt.codec.PacketType.PUBREL;
import static io.banyanmq.mqtt.codec.PacketType.SUBACK;
import static io.banyanmq.mqtt.codec.PacketType.UNSUBACK;

import java.util.Optional;
import java.util.OptionalInt;

/// Every reason code of MQTT 5 §2.4, one constant a value: `SUCCESS` (0x00) is also "normal
/// disconnection" in DISCONNECT and "granted QoS 0" in SUBACK.
///
/// MQTT 3 knows fewer; [#connectReturnCode()] and [#subackReturnCode()] give what it is told.
public enum ReasonCode {
    /// 0x00.
    SUCCESS(0x00, CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH),
    /// 0x01.
    GRANTED_QOS_1(0x01, SUBACK),
    /// 0x02.
    GRANTED_QOS_2(0x02, SUBACK),
    /// 0x04.
    DISCONNECT_WITH_WILL(0x04, DISCONNECT),
    /// 0x10.
    NO_MATCHING_SUBSCRIBERS(0x10, PUBACK, PUBREC),
    /// 0x11.
    NO_SUBSCRIPTION_EXISTED(0x11, UNSUBACK),
    /// 0x18.
    CONTINUE_AUTHENTICATION(0x18, AUTH),
    /// 0x19.
    REAUTHENTICATE(0x19, AUTH),
    /// 0x80.
    UNSPECIFIED_ERROR(0x80, CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    /// 0x81.
    MALFORMED_PACKET(0x81, CONNACK, DISCONNECT),
    /// 0x82.
    PROTOCOL_ERROR(0x82, CONNACK, DISCONNECT),
    /// 0x83.
    IMPLEMENTATION_SPECIFIC_ERROR(0x83, CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    /// 0x84.
    UNSUPPORTED_PROTOCOL_VERSION(0x84, CONNACK),
    /// 0x85.
    CLIENT_IDENTIFIER_NOT_VALID(0x85, CONNACK),
    /// 0x86.
    BAD_USER_NAME_OR_PASSWORD(0x86, CONNACK),
    /// 0x87.
    NOT_AUTHORIZED(0x87, CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    /// 0x88.
    SERVER_UNAVAILABLE(0x88, CONNACK),
    /// 0x89.
    SERVER_BUSY(0x89, CONNACK, DISCONNECT),
    /// 0x8A.
    BANNED(0x8A, CONNACK),
    /// 0x8B.
    SERVER_SHUTTING_DOWN(0x8B, DISCONNECT),
    /// 0x8C.
    BAD_AUTHENTICATION_METHOD(0x8C, CONNACK, DISCONNECT),
    /// 0x8D.
    KEEP_ALIVE_TIMEOUT(0x8D, DISCONNECT),
    /// 0x8E.
    SESSION_TAKEN_OVER(0x8E, DISCONNECT),
    /// 0x8F.
    TOPIC_FILTER_INVALID(0x8F, SUBACK, UNSUBACK, DISCONNECT),
    /// 0x90.
    TOPIC_NAME_INVALID(0x90, CONNACK, PUBACK, PUBREC, DISCONNECT),
    /// 0x91.
    PACKET_IDENTIFIER_IN_USE(0x91, PUBACK, PUBREC, SUBACK, UNSUBACK),
    /// 0x92.
    PACKET_IDENTIFIER_NOT_FOUND(0x92, PUBREL, PUBCOMP),
    /// 0x93.
    RECEIVE_MAXIMUM_EXCEEDED(0x93, DISCONNECT),
    /// 0x94.
    TOPIC_ALIAS_INVALID(0x94, DISCONNECT),
    /// 0x95.
    PACKET_TOO_LARGE(0x95, CONNACK, DISCONNECT),
    /// 0x96.
    MESSAGE_RATE_TOO_HIGH(0x96, DISCONNECT),
    /// 0x97.
    QUOTA_EXCEEDED(0x97, CONNACK, PUBACK, PUBREC, SUBACK, DISCONNECT),
    /// 0x98.
    ADMINISTRATIVE_ACTION(0x98, DISCONNECT),
    /// 0x99.
    PAYLOAD_FORMAT_INVALID(0x99, CONNACK, PUBACK, PUBREC, DISCONNECT),
    /// 0x9A.
    RETAIN_NOT_SUPPORTED(0x9A, CONNACK, DISCONNECT),
    /// 0x9B.
    QOS_NOT_SUPPORTED(0x9B, CONNACK, DISCONNECT),
    /// 0x9C.
    USE_ANOTHER_SERVER(0x9C, CONNACK, DISCONNECT),
    /// 0x9D.
    SERVER_MOVED(0x9D, CONNACK, DISCONNECT),
    /// 0x9E.
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E, SUBACK, DISCONNECT),
    /// 0x9F.
    CONNECTION_RATE_EXCEEDED(0x9F, CONNACK, DISCONNECT),
    /// 0xA0.
    MAXIMUM_CONNECT_TIME(0xA0, DISCONNECT),
    /// 0xA1.
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1, SUBACK, DISCONNECT),
    /// 0xA2.
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2, SUBACK, DISCONNECT);

    private static final ReasonCode[] BY_VALUE = new ReasonCode[256];

    static {
        for (ReasonCode code : values()) {
            BY_VALUE[code.value] = code;
        }
    }

    private final int value;
    private final int packets;

    ReasonCode(int value, PacketType... packets) {
        this.value = value;
        int mask = 0;
        for (PacketType packet : packets) {
            mask |= 1 << packet.value();
        }
        this.packets = mask;
    }

    /// The code of a value, empty if MQTT 5 gives it no meaning.
    public static Optional<ReasonCode> of(int value) {
        return Optional.ofNullable(BY_VALUE[value & 0xFF]);
    }

    /// The SUBACK code that grants a QoS.
    public static ReasonCode granted(Qos qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> SUCCESS;
            case AT_LEAST_ONCE -> GRANTED_QOS_1;
            case EXACTLY_ONCE -> GRANTED_QOS_2;
        };
    }

    /// The code of an MQTT 3 CONNACK return code, empty if it is reserved (above 5).
    static Optional<ReasonCode> ofConnectReturnCode(int returnCode) {
        return Optional.ofNullable(
                switch (returnCode) {
                    case 0 -> SUCCESS;
                    case 1 -> UNSUPPORTED_PROTOCOL_VERSION;
                    case 2 -> CLIENT_IDENTIFIER_NOT_VALID;
                    case 3 -> SERVER_UNAVAILABLE;
                    case 4 -> BAD_USER_NAME_OR_PASSWORD;
                    case 5 -> NOT_AUTHORIZED;
                    default -> null;
                });
    }

    /// The value on the wire of MQTT 5, 0..255.
    public int value() {
        return value;
    }

    /// Whether the code says failure (0x80 and above).
    public boolean isError() {
        return value >= 0x80;
    }

    /// Whether MQTT 5 allows this code in packets of this type.
    public boolean allowedIn(PacketType type) {
        return (packets & (1 << type.value())) != 0;
    }

    /// The MQTT 3 CONNACK return code (0..5) that tells the same. Empty where none does: then the
    /// server closes the connection without a CONNACK. MQTT 3.1.1 §3.2.2.3 `[MQTT-3.2.2-6]`.
    public OptionalInt connectReturnCode() {
        return switch (this) {
            case SUCCESS -> OptionalInt.of(0);
            case UNSUPPORTED_PROTOCOL_VERSION -> OptionalInt.of(1);
            case CLIENT_IDENTIFIER_NOT_VALID -> OptionalInt.of(2);
            case UNSPECIFIED_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    QUOTA_EXCEEDED,
                    USE_ANOTHER_SERVER,
                    SERVER_MOVED,
                    CONNECTION_RATE_EXCEEDED ->
                    OptionalInt.of(3);
            case BAD_USER_NAME_OR_PASSWORD -> OptionalInt.of(4);
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> OptionalInt.of(5);
            default -> OptionalInt.empty();
        };
    }

    /// The MQTT 3.1.1 SUBACK return code that tells the same: the granted QoS (0..2), or 0x80.
    public int subackReturnCode() {
        return value <= 2 ? value : 0x80;
    }
}
