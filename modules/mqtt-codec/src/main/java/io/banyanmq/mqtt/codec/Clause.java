package io.banyanmq.mqtt.codec;

/// Where the specifications demand what the codec enforces: a numbered normative statement, or a
/// section where the demand has no number. The two OASIS standards number differently; MQTT 3.1 has
/// no numbers, its faults cite MQTT 3.1.1.
enum Clause {
    UTF8_WELL_FORMED("MQTT-1.5.4-1", "MQTT-1.5.3-1"),
    UTF8_NO_NULL("MQTT-1.5.4-2", "MQTT-1.5.3-2"),
    VARIABLE_BYTE_INTEGER("MQTT 5 §1.5.5", "MQTT 3.1.1 §2.2.3"),
    VARIABLE_BYTE_INTEGER_MINIMAL("MQTT-1.5.5-1", "MQTT 3.1.1 §2.2.3"),
    PACKET_TYPE("MQTT 5 §2.1.2", "MQTT 3.1.1 §2.2.1"),
    RESERVED_FLAGS("MQTT-2.1.3-1", "MQTT-2.2.2-2"),
    REMAINING_LENGTH("MQTT 5 §2.1.4", "MQTT 3.1.1 §2.2.3"),
    PACKET_IDENTIFIER("MQTT-2.2.1-3", "MQTT-2.3.1-1"),
    SERVER_PACKET_IDENTIFIER("MQTT-2.2.1-4", "MQTT-2.3.1-1"),
    ACK_PACKET_IDENTIFIER("MQTT-2.2.1-5", "MQTT-2.3.1-6"),
    SUBACK_PACKET_IDENTIFIER("MQTT-2.2.1-6", "MQTT-2.3.1-7"),
    PROPERTY_LENGTH("MQTT 5 §2.2.2.1", "MQTT 5 §2.2.2.1"),
    PROPERTY("MQTT 5 §2.2.2.2", "MQTT 5 §2.2.2.2"),
    FIRST_PACKET("MQTT-3.1.0-1", "MQTT-3.1.0-1"),
    PROTOCOL_NAME("MQTT-3.1.2-1", "MQTT-3.1.2-1"),
    PROTOCOL_LEVEL("MQTT-3.1.2-2", "MQTT-3.1.2-2"),
    CONNECT_RESERVED_FLAG("MQTT-3.1.2-3", "MQTT-3.1.2-3"),
    WILL_QOS_WITHOUT_WILL("MQTT-3.1.2-11", "MQTT-3.1.2-13"),
    WILL_QOS("MQTT-3.1.2-12", "MQTT-3.1.2-14"),
    WILL_RETAIN_WITHOUT_WILL("MQTT-3.1.2-13", "MQTT-3.1.2-15"),
    PASSWORD_WITHOUT_USER_NAME("MQTT-3.1.2-22", "MQTT-3.1.2-22"),
    CLIENT_IDENTIFIER_EMPTY("MQTT-3.1.3-6", "MQTT-3.1.3-8"),
    AUTHENTICATION_DATA("MQTT 5 §3.1.2.11.10", "MQTT 5 §3.1.2.11.10"),
    AUTHENTICATION_METHOD("MQTT 5 §3.15.2.2.2", "MQTT 5 §3.15.2.2.2"),
    CONNACK_FLAGS("MQTT-3.2.2-1", "MQTT 3.1.1 §3.2.2.1"),
    CONNACK_SESSION_PRESENT("MQTT-3.2.2-6", "MQTT-3.2.2-4"),
    CONNACK_CODE("MQTT-3.2.2-8", "MQTT 3.1.1 §3.2.2.3"),
    PUBLISH_DUP("MQTT-3.3.1-2", "MQTT-3.3.1-2"),
    PUBLISH_QOS("MQTT-3.3.1-4", "MQTT-3.3.1-4"),
    TOPIC_WILDCARD("MQTT-3.3.2-2", "MQTT-3.3.2-2"),
    WILL_TOPIC_WILDCARD("MQTT-4.7.0-1", "MQTT-4.7.1-1"),
    RESPONSE_TOPIC_WILDCARD("MQTT-3.3.2-14", "MQTT-3.3.2-14"),
    TOPIC_EMPTY("MQTT-4.7.3-1", "MQTT-4.7.3-1"),
    TOPIC_ALIAS_ZERO("MQTT-3.3.2-8", "MQTT-3.3.2-8"),
    SUBSCRIPTION_IDENTIFIER_FROM_CLIENT("MQTT-3.3.4-6", "MQTT-3.3.4-6"),
    PUBACK_CODE("MQTT-3.4.2-1", "MQTT-3.4.2-1"),
    PUBREC_CODE("MQTT-3.5.2-1", "MQTT-3.5.2-1"),
    PUBREL_FLAGS("MQTT-3.6.1-1", "MQTT-3.6.1-1"),
    PUBREL_CODE("MQTT-3.6.2-1", "MQTT-3.6.2-1"),
    PUBCOMP_CODE("MQTT-3.7.2-1", "MQTT-3.7.2-1"),
    SUBSCRIBE_FLAGS("MQTT-3.8.1-1", "MQTT-3.8.1-1"),
    SUBSCRIBE_EMPTY("MQTT-3.8.3-2", "MQTT-3.8.3-3"),
    SUBSCRIBE_QOS("MQTT 5 §3.8.3.1", "MQTT-3.8.3-4"),
    SUBSCRIBE_RETAIN_HANDLING("MQTT 5 §3.8.3.1", "MQTT-3.8.3-4"),
    SUBSCRIBE_NO_LOCAL_SHARED("MQTT-3.8.3-4", "MQTT-3.8.3-4"),
    SUBSCRIBE_RESERVED_BITS("MQTT-3.8.3-5", "MQTT-3.8.3-4"),
    SUBACK_CODE("MQTT-3.9.3-2", "MQTT-3.9.3-2"),
    UNSUBSCRIBE_FLAGS("MQTT-3.10.1-1", "MQTT-3.10.1-1"),
    UNSUBSCRIBE_EMPTY("MQTT-3.10.3-2", "MQTT-3.10.3-2"),
    UNSUBACK_CODE("MQTT-3.11.3-2", "MQTT-3.11.3-2"),
    DISCONNECT_FLAGS("MQTT-3.14.1-1", "MQTT-3.14.1-1"),
    DISCONNECT_CODE("MQTT-3.14.2-1", "MQTT-3.14.2-1"),
    SESSION_EXPIRY_FROM_SERVER("MQTT-3.14.2-2", "MQTT-3.14.2-2"),
    AUTH_FLAGS("MQTT-3.15.1-1", "MQTT 3.1.1 §2.2.1"),
    AUTH_CODE("MQTT-3.15.2-1", "MQTT-3.15.2-1"),
    MAXIMUM_PACKET_SIZE("MQTT-3.2.2-15", "MQTT 5 §3.2.2.3.6"),
    LIMIT("MQTT 5 §2.4 0x97", "MQTT 5 §2.4 0x97");

    private final String v5;
    private final String v3;

    Clause(String v5, String v3) {
        this.v5 = v5;
        this.v3 = v3;
    }

    /// As it ends an error text, in brackets.
    String of(MqttVersion version) {
        return version == MqttVersion.V5 ? v5 : v3;
    }
}
