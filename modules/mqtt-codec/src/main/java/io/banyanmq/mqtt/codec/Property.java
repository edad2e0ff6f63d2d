package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A property MQTT 5 defines: its identifier, the type of its value, and the packets it may be in.
/// MQTT 5 §2.2.2.2. The constants are all there are.
///
/// @param <T> the type of its values: `Boolean`, `Integer`, `Long` (seconds or bytes of a four byte
///     integer), `String`, [Bytes] or [UserProperty]
public final class Property<T> {
    /// 1 if the payload is UTF-8 text, 0 if it is unspecified bytes.
    public static final Property<Integer> PAYLOAD_FORMAT_INDICATOR =
            new Property<>(0x01, "payload format indicator", Form.BIT, Site.PUBLISH, Site.WILL);

    /// Seconds for which a message may be delivered.
    public static final Property<Long> MESSAGE_EXPIRY_INTERVAL =
            new Property<>(0x02, "message expiry interval", Form.FOUR, Site.PUBLISH, Site.WILL);

    /// What kind of content the payload is, as the application sees it.
    public static final Property<String> CONTENT_TYPE =
            new Property<>(0x03, "content type", Form.TEXT, Site.PUBLISH, Site.WILL);

    /// Where a response to a request goes.
    public static final Property<String> RESPONSE_TOPIC =
            new Property<>(0x08, "response topic", Form.TOPIC, Site.PUBLISH, Site.WILL);

    /// What tells a response which request it answers.
    public static final Property<Bytes> CORRELATION_DATA =
            new Property<>(0x09, "correlation data", Form.BINARY, Site.PUBLISH, Site.WILL);

    /// 1..268,435,455; many in a PUBLISH from a server, one in SUBSCRIBE.
    public static final Property<Integer> SUBSCRIPTION_IDENTIFIER =
            new Property<>(
                    0x0B, "subscription identifier", Form.VARIABLE, Site.PUBLISH, Site.SUBSCRIBE);

    /// Seconds a session outlives its connection; 0xFFFFFFFF is for ever.
    public static final Property<Long> SESSION_EXPIRY_INTERVAL =
            new Property<>(
                    0x11,
                    "session expiry interval",
                    Form.FOUR,
                    Site.CONNECT,
                    Site.CONNACK,
                    Site.DISCONNECT);

    /// The identifier a server gave a client that came without one.
    public static final Property<String> ASSIGNED_CLIENT_IDENTIFIER =
            new Property<>(0x12, "assigned client identifier", Form.TEXT, Site.CONNACK);

    /// Seconds of keep-alive a server wants instead of the client's.
    public static final Property<Integer> SERVER_KEEP_ALIVE =
            new Property<>(0x13, "server keep alive", Form.TWO, Site.CONNACK);

    /// The name of an authentication method.
    public static final Property<String> AUTHENTICATION_METHOD =
            new Property<>(
                    0x15,
                    "authentication method",
                    Form.TEXT,
                    Site.CONNECT,
                    Site.CONNACK,
                    Site.AUTH);

    /// What the authentication method exchanges.
    public static final Property<Bytes> AUTHENTICATION_DATA =
            new Property<>(
                    0x16,
                    "authentication data",
                    Form.BINARY,
                    Site.CONNECT,
                    Site.CONNACK,
                    Site.AUTH);

    /// Whether reason strings and user properties may come in every packet.
    public static final Property<Boolean> REQUEST_PROBLEM_INFORMATION =
            new Property<>(0x17, "request problem information", Form.FLAG, Site.CONNECT);

    /// Seconds between the end of a connection and its will.
    public static final Property<Long> WILL_DELAY_INTERVAL =
            new Property<>(0x18, "will delay interval", Form.FOUR, Site.WILL);

    /// Whether the client would like response information in CONNACK.
    public static final Property<Boolean> REQUEST_RESPONSE_INFORMATION =
            new Property<>(0x19, "request response information", Form.FLAG, Site.CONNECT);

    /// What a client may build response topics from.
    public static final Property<String> RESPONSE_INFORMATION =
            new Property<>(0x1A, "response information", Form.TEXT, Site.CONNACK);

    /// Other servers to use.
    public static final Property<String> SERVER_REFERENCE =
            new Property<>(0x1C, "server reference", Form.TEXT, Site.CONNACK, Site.DISCONNECT);

    /// A text for diagnosis.
    public static final Property<String> REASON_STRING =
            new Property<>(
                    0x1F,
                    "reason string",
                    Form.TEXT,
                    Site.CONNACK,
                    Site.PUBACK,
                    Site.PUBREC,
                    Site.PUBREL,
                    Site.PUBCOMP,
                    Site.SUBACK,
                    Site.UNSUBACK,
                    Site.DISCONNECT,
                    Site.AUTH);

    /// How many unacknowledged messages of QoS 1 and 2 the sender of this takes, 1..65,535.
    public static final Property<Integer> RECEIVE_MAXIMUM =
            new Property<>(0x21, "receive maximum", Form.TWO_POSITIVE, Site.CONNECT, Site.CONNACK);

    /// The highest topic alias the sender of this takes; 0 is none.
    public static final Property<Integer> TOPIC_ALIAS_MAXIMUM =
            new Property<>(0x22, "topic alias maximum", Form.TWO, Site.CONNECT, Site.CONNACK);

    /// A number in place of a topic name, 1..65,535.
    public static final Property<Integer> TOPIC_ALIAS =
            new Property<>(0x23, "topic alias", Form.TWO_POSITIVE, Site.PUBLISH);

    /// The highest QoS a server supports, when that is not 2: 0 or 1.
    public static final Property<Integer> MAXIMUM_QOS =
            new Property<>(0x24, "maximum QoS", Form.BIT, Site.CONNACK);

    /// Whether a server keeps retained messages.
    public static final Property<Boolean> RETAIN_AVAILABLE =
            new Property<>(0x25, "retain available", Form.FLAG, Site.CONNACK);

    /// A pair of names; may appear many times, in every packet that has properties.
    public static final Property<UserProperty> USER_PROPERTY =
            new Property<>(
                    0x26,
                    "user property",
                    Form.PAIR,
                    Site.CONNECT,
                    Site.WILL,
                    Site.CONNACK,
                    Site.PUBLISH,
                    Site.PUBACK,
                    Site.PUBREC,
                    Site.PUBREL,
                    Site.PUBCOMP,
                    Site.SUBSCRIBE,
                    Site.SUBACK,
                    Site.UNSUBSCRIBE,
                    Site.UNSUBACK,
                    Site.DISCONNECT,
                    Site.AUTH);

    /// The longest packet, in bytes, the sender of this takes; not 0.
    public static final Property<Long> MAXIMUM_PACKET_SIZE =
            new Property<>(
                    0x27, "maximum packet size", Form.FOUR_POSITIVE, Site.CONNECT, Site.CONNACK);

    /// Whether a server supports wildcard subscriptions.
    public static final Property<Boolean> WILDCARD_SUBSCRIPTION_AVAILABLE =
            new Property<>(0x28, "wildcard subscription available", Form.FLAG, Site.CONNACK);

    /// Whether a server supports subscription identifiers.
    public static final Property<Boolean> SUBSCRIPTION_IDENTIFIER_AVAILABLE =
            new Property<>(0x29, "subscription identifier available", Form.FLAG, Site.CONNACK);

    /// Whether a server supports shared subscriptions.
    public static final Property<Boolean> SHARED_SUBSCRIPTION_AVAILABLE =
            new Property<>(0x2A, "shared subscription available", Form.FLAG, Site.CONNACK);

    private static final List<Property<?>> ALL =
            List.of(
                    PAYLOAD_FORMAT_INDICATOR,
                    MESSAGE_EXPIRY_INTERVAL,
                    CONTENT_TYPE,
                    RESPONSE_TOPIC,
                    CORRELATION_DATA,
                    SUBSCRIPTION_IDENTIFIER,
                    SESSION_EXPIRY_INTERVAL,
                    ASSIGNED_CLIENT_IDENTIFIER,
                    SERVER_KEEP_ALIVE,
                    AUTHENTICATION_METHOD,
                    AUTHENTICATION_DATA,
                    REQUEST_PROBLEM_INFORMATION,
                    WILL_DELAY_INTERVAL,
                    REQUEST_RESPONSE_INFORMATION,
                    RESPONSE_INFORMATION,
                    SERVER_REFERENCE,
                    REASON_STRING,
                    RECEIVE_MAXIMUM,
                    TOPIC_ALIAS_MAXIMUM,
                    TOPIC_ALIAS,
                    MAXIMUM_QOS,
                    RETAIN_AVAILABLE,
                    USER_PROPERTY,
                    MAXIMUM_PACKET_SIZE,
                    WILDCARD_SUBSCRIPTION_AVAILABLE,
                    SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                    SHARED_SUBSCRIPTION_AVAILABLE);

    private static final Property<?>[] BY_ID = new Property<?>[128];

    static {
        for (Property<?> property : ALL) {
            BY_ID[property.id] = property;
        }
    }

    private final int id;
    private final String label;
    private final Form form;
    private final Set<Site> sites;

    private Property(int id, String label, Form form, Site... sites) {
        this.id = id;
        this.label = label;
        this.form = form;
        this.sites = EnumSet.copyOf(List.of(sites));
    }

    /// All properties in order of their identifiers.
    public static List<Property<?>> all() {
        return ALL;
    }

    static @Nullable Property<?> byId(int id) {
        return id < BY_ID.length ? BY_ID[id] : null;
    }

    /// The identifier, 1..42.
    public int id() {
        return id;
    }

    /// The name in the specification, in lower case: `session expiry interval`.
    public String label() {
        return label;
    }

    /// Whether a packet of this type may carry the property. A will's properties do not count as the
    /// CONNECT's.
    public boolean allowedIn(PacketType type) {
        return type != PacketType.PINGREQ
                && type != PacketType.PINGRESP
                && allowedAt(Site.valueOf(type.name()));
    }

    /// Whether a will may carry the property.
    public boolean allowedInWill() {
        return allowedAt(Site.WILL);
    }

    boolean allowedAt(Site site) {
        return sites.contains(site);
    }

    /// Whether a property may be there more than once.
    boolean repeatsAt(Site site) {
        return form == Form.PAIR || (form == Form.VARIABLE && site == Site.PUBLISH);
    }

    Form form() {
        return form;
    }

    /// Passes over a value after checking it.
    void check(FrameCursor cursor, Site site) throws MalformedPacketException {
        switch (form) {
            case BIT, FLAG -> {
                int value = cursor.unsignedByte(label);
                if (value > 1) {
                    throw outOfRange(cursor, site, value, "0 or 1");
                }
            }
            case TWO -> cursor.twoByteInteger(label);
            case TWO_POSITIVE -> {
                if (cursor.twoByteInteger(label) == 0) {
                    throw id == 0x23
                            ? cursor.fault(
                                    ReasonCode.TOPIC_ALIAS_INVALID,
                                    "topic alias is 0",
                                    Clause.TOPIC_ALIAS_ZERO)
                            : outOfRange(cursor, site, 0, "1..65535");
                }
            }
            case FOUR -> cursor.fourByteInteger(label);
            case FOUR_POSITIVE -> {
                if (cursor.fourByteInteger(label) == 0) {
                    throw outOfRange(cursor, site, 0, "1..4294967295");
                }
            }
            case VARIABLE -> {
                if (cursor.variableByteInteger(label) == 0) {
                    throw outOfRange(cursor, site, 0, "1..268435455");
                }
            }
            case TEXT -> cursor.text(label);
            case TOPIC -> cursor.topicName(label, Clause.RESPONSE_TOPIC_WILDCARD);
            case BINARY -> cursor.binary(label);
            case PAIR -> {
                cursor.text("user property name");
                cursor.text("user property value");
            }
        }
    }

    private MalformedPacketException outOfRange(
            FrameCursor cursor, Site site, int value, String expected) {
        return cursor.protocolError(
                label + " is " + value + ", must be " + expected, site.clause());
    }

    /// Reads a value that [#check] passed over before.
    Object read(FrameCursor cursor) throws MalformedPacketException {
        return switch (form) {
            case BIT -> cursor.unsignedByte(label);
            case FLAG -> cursor.unsignedByte(label) == 1;
            case TWO, TWO_POSITIVE -> cursor.twoByteInteger(label);
            case FOUR, FOUR_POSITIVE -> cursor.fourByteInteger(label);
            case VARIABLE -> cursor.variableByteInteger(label);
            case TEXT, TOPIC -> cursor.string(label);
            case BINARY -> cursor.bytes(label);
            case PAIR -> new UserProperty(cursor.string(label), cursor.string(label));
        };
    }

    /// The value itself if the property can have it.
    ///
    /// @throws IllegalArgumentException if it is of another type or out of range
    T validated(T value) {
        requireNonNull(value, label);
        boolean good =
                switch (form) {
                    case BIT -> value instanceof Integer bit && (bit & ~1) == 0;
                    case FLAG -> value instanceof Boolean;
                    case TWO -> value instanceof Integer two && two >= 0 && two <= 0xFFFF;
                    case TWO_POSITIVE -> value instanceof Integer two && two > 0 && two <= 0xFFFF;
                    case FOUR -> value instanceof Long four && four >= 0 && four <= 0xFFFF_FFFFL;
                    case FOUR_POSITIVE ->
                            value instanceof Long four && four > 0 && four <= 0xFFFF_FFFFL;
                    case VARIABLE ->
                            value instanceof Integer integer
                                    && integer > 0
                                    && integer <= VariableByteInteger.MAX;
                    case TEXT -> value instanceof String text && Utf8.encodedLength(text) >= 0;
                    case TOPIC ->
                            value instanceof String topic
                                    && topic.indexOf('+') < 0
                                    && topic.indexOf('#') < 0
                                    && Utf8.encodedLength(topic) >= 0;
                    case BINARY ->
                            value instanceof Bytes bytes && bytes.length() <= Utf8.STRING_BYTES_MAX;
                    case PAIR ->
                            value instanceof UserProperty pair
                                    && Utf8.encodedLength(pair.name()) >= 0
                                    && Utf8.encodedLength(pair.value()) >= 0;
                };
        if (!good) {
            throw new IllegalArgumentException(label + " cannot be " + value);
        }
        return value;
    }

    /// Bytes of identifier and value on the wire.
    int encodedLength(Object value) {
        return 1
                + switch (form) {
                    case BIT, FLAG -> 1;
                    case TWO, TWO_POSITIVE -> 2;
                    case FOUR, FOUR_POSITIVE -> 4;
                    case VARIABLE -> VariableByteInteger.size((Integer) value);
                    case TEXT, TOPIC -> 2 + Utf8.encodedLength((String) value);
                    case BINARY -> 2 + ((Bytes) value).length();
                    case PAIR -> {
                        UserProperty pair = (UserProperty) value;
                        yield 4
                                + Utf8.encodedLength(pair.name())
                                + Utf8.encodedLength(pair.value());
                    }
                };
    }

    /// Appends identifier and value.
    void write(ByteBuf out, Object value) {
        out.writeByte(id);
        switch (form) {
            case BIT -> out.writeByte((Integer) value);
            case FLAG -> out.writeByte(value.equals(true) ? 1 : 0);
            case TWO, TWO_POSITIVE -> out.writeShort((Integer) value);
            case FOUR, FOUR_POSITIVE -> out.writeInt((int) (long) (Long) value);
            case VARIABLE -> VariableByteInteger.write(out, (Integer) value);
            case TEXT, TOPIC -> PacketEncoder.writeString(out, (String) value);
            case BINARY -> PacketEncoder.writeBytes(out, (Bytes) value);
            case PAIR -> {
                UserProperty pair = (UserProperty) value;
                PacketEncoder.writeString(out, pair.name());
                PacketEncoder.writeString(out, pair.value());
            }
        }
    }

    @Override
    public String toString() {
        return label;
    }

    /// How values look on the wire.
    enum Form {
        /// A byte, 0 or 1.
        BIT,
        /// A byte, 0 or 1, that means no or yes.
        FLAG,
        TWO,
        TWO_POSITIVE,
        FOUR,
        FOUR_POSITIVE,
        VARIABLE,
        TEXT,
        TOPIC,
        BINARY,
        PAIR
    }

    /// Where a block of properties is: in a packet's variable header, or a will's.
    enum Site {
        CONNECT(Clause.CONNECT_PROPERTIES),
        WILL(Clause.WILL_PROPERTIES),
        CONNACK(Clause.CONNACK_PROPERTIES),
        PUBLISH(Clause.PUBLISH_PROPERTIES),
        PUBACK(Clause.PUBACK_PROPERTIES),
        PUBREC(Clause.PUBREC_PROPERTIES),
        PUBREL(Clause.PUBREL_PROPERTIES),
        PUBCOMP(Clause.PUBCOMP_PROPERTIES),
        SUBSCRIBE(Clause.SUBSCRIBE_PROPERTIES),
        SUBACK(Clause.SUBACK_PROPERTIES),
        UNSUBSCRIBE(Clause.UNSUBSCRIBE_PROPERTIES),
        UNSUBACK(Clause.UNSUBACK_PROPERTIES),
        DISCONNECT(Clause.DISCONNECT_PROPERTIES),
        AUTH(Clause.AUTH_PROPERTIES);

        private final Clause clause;

        Site(Clause clause) {
            this.clause = clause;
        }

        /// The section that says what the properties of this site may be.
        Clause clause() {
            return clause;
        }
    }
}
