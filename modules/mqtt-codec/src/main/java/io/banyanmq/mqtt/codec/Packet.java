package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A control packet as a value. The same records serve all versions: what a version does not have
/// is [Properties#NONE] or [ReasonCode#SUCCESS] when read, and left out when written.
///
/// Constructors throw `IllegalArgumentException` for what no version can carry, so a packet that
/// exists can be encoded unless a property is in a packet it does not belong in.
public sealed interface Packet {
    /// What kind of packet it is.
    PacketType type();

    /// Its properties; [Properties#NONE] before MQTT 5 and for packets that have none.
    default Properties properties() {
        return Properties.NONE;
    }

    /// Checks a packet identifier: 1..65,535.
    private static void checkPacketId(int packetId) {
        if (packetId < 1 || packetId > 0xFFFF) {
            throw new IllegalArgumentException(
                    "packet identifier " + packetId + ", must be 1..65535");
        }
    }

    private static void checkCode(ReasonCode code, PacketType type) {
        if (!code.allowedIn(type)) {
            throw new IllegalArgumentException(code + " is no reason code of " + type);
        }
    }

    private static void checkTopicName(String topic) {
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new IllegalArgumentException("topic name contains a wildcard");
        }
    }

    /// Opens a session. MQTT 5 §3.1.
    ///
    /// @param version the protocol version, which everything after it on the connection follows
    /// @param cleanStart in MQTT 3 "clean session": no state before, and none after the connection
    /// @param keepAliveSeconds 0..65,535; 0 is never
    /// @param properties the packet's own, not the will's
    /// @param clientId empty if the server is to choose
    /// @param will what to publish when the connection breaks
    /// @param userName for authentication
    /// @param password for authentication; before MQTT 5 only with a user name
    record Connect(
            MqttVersion version,
            boolean cleanStart,
            int keepAliveSeconds,
            Properties properties,
            String clientId,
            @Nullable Will will,
            @Nullable String userName,
            @Nullable Bytes password)
            implements Packet {
        /// Checks ranges.
        public Connect {
            requireNonNull(version, "version");
            requireNonNull(properties, "properties");
            requireNonNull(clientId, "clientId");
            if (keepAliveSeconds < 0 || keepAliveSeconds > 0xFFFF) {
                throw new IllegalArgumentException(
                        "keep alive of " + keepAliveSeconds + " s, must be 0..65535");
            }
            if (password != null && password.length() > Utf8.STRING_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "password of " + password.length() + " bytes, at most 65535");
            }
            if (password != null && userName == null && version != MqttVersion.V5) {
                throw new IllegalArgumentException("password without user name before MQTT 5");
            }
        }

        @Override
        public PacketType type() {
            return PacketType.CONNECT;
        }
    }

    /// The message a server publishes for a client whose connection broke. MQTT 5 §3.1.2.5.
    ///
    /// @param topic a topic name
    /// @param payload at most 65,535 bytes
    /// @param qos of the message
    /// @param retain whether it is retained
    /// @param properties the will's own
    record Will(String topic, Bytes payload, Qos qos, boolean retain, Properties properties) {
        /// Checks ranges.
        public Will {
            requireNonNull(qos, "qos");
            requireNonNull(properties, "properties");
            checkTopicName(topic);
            if (payload.length() > Utf8.STRING_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "will payload of " + payload.length() + " bytes, at most 65535");
            }
        }
    }

    /// Answers CONNECT. MQTT 5 §3.2.
    ///
    /// @param sessionPresent whether the server goes on with an older session; only with success
    /// @param reasonCode in MQTT 3 becomes its [ReasonCode#connectReturnCode()]
    /// @param properties what the server offers
    record Connack(boolean sessionPresent, ReasonCode reasonCode, Properties properties)
            implements Packet {
        /// Checks code and session present.
        public Connack {
            requireNonNull(properties, "properties");
            checkCode(reasonCode, PacketType.CONNACK);
            if (sessionPresent && reasonCode != ReasonCode.SUCCESS) {
                throw new IllegalArgumentException("session present with " + reasonCode);
            }
        }

        @Override
        public PacketType type() {
            return PacketType.CONNACK;
        }
    }

    /// A message. For tools and tests; the broker's own path is [PublishFrame]. MQTT 5 §3.3.
    ///
    /// @param dup whether it may have been sent before; only with QoS 1 and 2
    /// @param qos how it is acknowledged
    /// @param retain whether it is or was retained
    /// @param topic a topic name; empty only with a topic alias
    /// @param packetId 1..65,535; 0 with QoS 0
    /// @param properties of the message
    /// @param payload any bytes
    record Publish(
            boolean dup,
            Qos qos,
            boolean retain,
            String topic,
            int packetId,
            Properties properties,
            Bytes payload)
            implements Packet {
        /// Checks what belongs together.
        public Publish {
            requireNonNull(payload, "payload");
            checkTopicName(topic);
            if (qos != Qos.AT_MOST_ONCE) {
                checkPacketId(packetId);
            } else if (dup || packetId != 0) {
                throw new IllegalArgumentException("QoS 0 has no DUP and no packet identifier");
            }
            if (topic.isEmpty() && properties.get(Property.TOPIC_ALIAS).isEmpty()) {
                throw new IllegalArgumentException("topic name is empty without topic alias");
            }
        }

        @Override
        public PacketType type() {
            return PacketType.PUBLISH;
        }
    }

    /// The four packets that settle a PUBLISH of QoS 1 or 2.
    sealed interface Acknowledgement extends Packet {
        /// The PUBLISH's packet identifier, 1..65,535.
        int packetId();

        /// How it went; [ReasonCode#SUCCESS] before MQTT 5.
        ReasonCode reasonCode();
    }

    /// Settles a PUBLISH of QoS 1. MQTT 5 §3.4.
    ///
    /// @param packetId of the PUBLISH
    /// @param reasonCode how it went
    /// @param properties for diagnosis
    record Puback(int packetId, ReasonCode reasonCode, Properties properties)
            implements Acknowledgement {
        /// Checks ranges.
        public Puback {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            checkCode(reasonCode, PacketType.PUBACK);
        }

        @Override
        public PacketType type() {
            return PacketType.PUBACK;
        }
    }

    /// Takes over a PUBLISH of QoS 2. MQTT 5 §3.5.
    ///
    /// @param packetId of the PUBLISH
    /// @param reasonCode how it went
    /// @param properties for diagnosis
    record Pubrec(int packetId, ReasonCode reasonCode, Properties properties)
            implements Acknowledgement {
        /// Checks ranges.
        public Pubrec {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            checkCode(reasonCode, PacketType.PUBREC);
        }

        @Override
        public PacketType type() {
            return PacketType.PUBREC;
        }
    }

    /// Answers PUBREC. MQTT 5 §3.6.
    ///
    /// @param packetId of the PUBLISH
    /// @param reasonCode how it went
    /// @param properties for diagnosis
    record Pubrel(int packetId, ReasonCode reasonCode, Properties properties)
            implements Acknowledgement {
        /// Checks ranges.
        public Pubrel {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            checkCode(reasonCode, PacketType.PUBREL);
        }

        @Override
        public PacketType type() {
            return PacketType.PUBREL;
        }
    }

    /// Settles a PUBLISH of QoS 2. MQTT 5 §3.7.
    ///
    /// @param packetId of the PUBLISH
    /// @param reasonCode how it went
    /// @param properties for diagnosis
    record Pubcomp(int packetId, ReasonCode reasonCode, Properties properties)
            implements Acknowledgement {
        /// Checks ranges.
        public Pubcomp {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            checkCode(reasonCode, PacketType.PUBCOMP);
        }

        @Override
        public PacketType type() {
            return PacketType.PUBCOMP;
        }
    }

    /// Asks for messages. MQTT 5 §3.8.
    ///
    /// @param packetId 1..65,535
    /// @param properties a subscription identifier for all of them, and user properties
    /// @param subscriptions at least one, in order
    record Subscribe(int packetId, Properties properties, List<Subscription> subscriptions)
            implements Packet {
        /// Checks and copies.
        public Subscribe {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            subscriptions = List.copyOf(subscriptions);
            if (subscriptions.isEmpty()) {
                throw new IllegalArgumentException("SUBSCRIBE without topic filter");
            }
        }

        @Override
        public PacketType type() {
            return PacketType.SUBSCRIBE;
        }
    }

    /// One topic filter of a SUBSCRIBE with its options. MQTT 5 §3.8.3.
    ///
    /// @param filter as sent, shared or not; whether it is a good filter is not the codec's business
    /// @param qos the highest QoS wanted
    /// @param noLocal whether own messages stay away; false before MQTT 5; not for `$share/`
    /// @param retainAsPublished whether the RETAIN flag is passed on; false before MQTT 5
    /// @param retainHandling what of the retained messages; [RetainHandling#SEND] before MQTT 5
    record Subscription(
            String filter,
            Qos qos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling) {
        /// Checks that a shared subscription is not "no local".
        public Subscription {
            requireNonNull(qos, "qos");
            requireNonNull(retainHandling, "retainHandling");
            if (noLocal && filter.startsWith("$share/")) {
                throw new IllegalArgumentException("no local on a shared subscription");
            }
        }

        /// A subscription as MQTT 3 knows it.
        public static Subscription of(String filter, Qos qos) {
            return new Subscription(filter, qos, false, false, RetainHandling.SEND);
        }
    }

    /// Answers SUBSCRIBE. MQTT 5 §3.9.
    ///
    /// @param packetId of the SUBSCRIBE
    /// @param properties for diagnosis
    /// @param reasonCodes one a filter, in the filters' order; in MQTT 3 become their
    ///     [ReasonCode#subackReturnCode()]
    record Suback(int packetId, Properties properties, List<ReasonCode> reasonCodes)
            implements Packet {
        /// Checks and copies.
        public Suback {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            reasonCodes = List.copyOf(reasonCodes);
            reasonCodes.forEach(code -> checkCode(code, PacketType.SUBACK));
        }

        @Override
        public PacketType type() {
            return PacketType.SUBACK;
        }
    }

    /// Wants no more messages. MQTT 5 §3.10.
    ///
    /// @param packetId 1..65,535
    /// @param properties user properties
    /// @param filters at least one, in order
    record Unsubscribe(int packetId, Properties properties, List<String> filters)
            implements Packet {
        /// Checks and copies.
        public Unsubscribe {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            filters = List.copyOf(filters);
            if (filters.isEmpty()) {
                throw new IllegalArgumentException("UNSUBSCRIBE without topic filter");
            }
        }

        @Override
        public PacketType type() {
            return PacketType.UNSUBSCRIBE;
        }
    }

    /// Answers UNSUBSCRIBE. MQTT 5 §3.11.
    ///
    /// @param packetId of the UNSUBSCRIBE
    /// @param properties for diagnosis
    /// @param reasonCodes one a filter, in the filters' order; not sent before MQTT 5, where they
    ///     are read as none
    record Unsuback(int packetId, Properties properties, List<ReasonCode> reasonCodes)
            implements Packet {
        /// Checks and copies.
        public Unsuback {
            requireNonNull(properties, "properties");
            checkPacketId(packetId);
            reasonCodes = List.copyOf(reasonCodes);
            reasonCodes.forEach(code -> checkCode(code, PacketType.UNSUBACK));
        }

        @Override
        public PacketType type() {
            return PacketType.UNSUBACK;
        }
    }

    /// Asks for a [Pingresp]. MQTT 5 §3.12.
    record Pingreq() implements Packet {
        @Override
        public PacketType type() {
            return PacketType.PINGREQ;
        }
    }

    /// Answers [Pingreq]. MQTT 5 §3.13.
    record Pingresp() implements Packet {
        @Override
        public PacketType type() {
            return PacketType.PINGRESP;
        }
    }

    /// The last packet before a connection is closed. MQTT 5 §3.14.
    ///
    /// @param reasonCode why; [ReasonCode#SUCCESS] before MQTT 5
    /// @param properties session expiry (from a client), server reference, diagnosis
    record Disconnect(ReasonCode reasonCode, Properties properties) implements Packet {
        /// Checks the code.
        public Disconnect {
            requireNonNull(properties, "properties");
            checkCode(reasonCode, PacketType.DISCONNECT);
        }

        @Override
        public PacketType type() {
            return PacketType.DISCONNECT;
        }
    }

    /// A step of extended authentication; MQTT 5 only. MQTT 5 §3.15.
    ///
    /// @param reasonCode success, continue or re-authenticate
    /// @param properties authentication method and data
    record Auth(ReasonCode reasonCode, Properties properties) implements Packet {
        /// Checks the code.
        public Auth {
            requireNonNull(properties, "properties");
            checkCode(reasonCode, PacketType.AUTH);
        }

        @Override
        public PacketType type() {
            return PacketType.AUTH;
        }
    }
}
