package io.banyanmq.mqtt.gateway.core;

import static java.util.Objects.requireNonNull;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.topic.TopicFault;
import io.banyanmq.topic.TopicRules;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides about CONNECT. MQTT 5 §3.1, §3.2; MQTT 3.1.1 §3.1, §3.2.
///
/// @param offer what this gateway offers to clients
public record ConnectRules(Offer offer) {

    /// What a gateway offers to every client.
    ///
    /// @param packetBytesMax the longest packet accepted
    /// @param receiveMaximum unacknowledged QoS 1 and 2 messages accepted
    /// @param topicAliasMaximum the highest topic alias accepted, and given
    /// @param windowMax unacknowledged messages sent to a client that names no maximum
    /// @param keepAliveMaxSeconds the longest keep-alive granted, 0 for any
    /// @param topics what is a topic name
    public record Offer(
            int packetBytesMax,
            int receiveMaximum,
            int topicAliasMaximum,
            int windowMax,
            int keepAliveMaxSeconds,
            TopicRules topics) {
        /// The rules for topics must be there.
        public Offer {
            requireNonNull(topics, "topics");
        }
    }

    /// What becomes of a CONNECT.
    public sealed interface Decision {
        /// The client is welcome.
        ///
        /// @param terms for the rest of the connection
        /// @param connack to be sent when nothing else hinders
        record Accepted(ClientTerms terms, Packet.Connack connack) implements Decision {}

        /// The client is told why not, and the connection is closed.
        ///
        /// @param connack with the reason
        record Refused(Packet.Connack connack) implements Decision {
            /// What the client is told.
            public ReasonCode code() {
                return connack.reasonCode();
            }
        }
    }

    /// Decides. No session is ever present, as none is kept [MQTT-3.2.2-3].
    ///
    /// @param assignedId makes a client id where the client leaves it to the server
    public Decision decide(Packet.Connect connect, Supplier<String> assignedId) {
        Decision refusal = refusal(connect);
        return refusal != null ? refusal : accept(connect, assignedId);
    }

    private @Nullable Decision refusal(Packet.Connect connect) {
        if (connect.properties().get(Property.AUTHENTICATION_METHOD).isPresent()) {
            return refuse(
                    ReasonCode.BAD_AUTHENTICATION_METHOD,
                    "no authentication method is supported [MQTT-4.12.0-1]");
        }
        if (connect.clientId().isEmpty()
                && connect.version() != MqttVersion.V5
                && !connect.cleanStart()) {
            return refuse(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "client identifier is empty without clean session [MQTT-3.1.3-8]");
        }
        Packet.Will will = connect.will();
        return will == null ? null : refusal(connect.version(), will);
    }

    private @Nullable Decision refusal(MqttVersion version, Packet.Will will) {
        if (will.retain() && version == MqttVersion.V5) {
            return refuse(
                    ReasonCode.RETAIN_NOT_SUPPORTED,
                    "will is retained, which is not available [MQTT-3.2.2-13]");
        }
        if (isSystemTopic(will.topic())) {
            return refuse(ReasonCode.NOT_AUTHORIZED, "will topic begins with $SYS");
        }
        TopicFault fault = offer.topics().checkName(will.topic());
        return fault == null
                ? null
                : refuse(ReasonCode.TOPIC_NAME_INVALID, "will: " + fault.message());
    }

    /// Whether only the gateway itself may publish to a topic.
    public static boolean isSystemTopic(String topic) {
        return topic.equals("$SYS") || topic.startsWith("$SYS/");
    }

    /// A refusal with a reason string, which CONNACK may always have [MQTT-3.1.2-29].
    public static Decision.Refused refuse(ReasonCode code, String reason) {
        return new Decision.Refused(
                new Packet.Connack(false, code, Properties.of(Property.REASON_STRING, reason)));
    }

    private Decision.Accepted accept(Packet.Connect connect, Supplier<String> assignedId) {
        boolean assign = connect.clientId().isEmpty();
        String clientId = assign ? assignedId.get() : connect.clientId();
        int keepAlive = keepAlive(connect.keepAliveSeconds());
        ClientTerms terms = terms(connect, clientId, keepAlive);
        Properties.Builder properties = Properties.builder();
        if (connect.version() == MqttVersion.V5) {
            if (terms.wantsSession()) {
                properties.add(Property.SESSION_EXPIRY_INTERVAL, 0L);
            }
            if (assign) {
                properties.add(Property.ASSIGNED_CLIENT_IDENTIFIER, clientId);
            }
            if (keepAlive != connect.keepAliveSeconds()) {
                properties.add(Property.SERVER_KEEP_ALIVE, keepAlive);
            }
            offer(properties);
        }
        return new Decision.Accepted(
                terms, new Packet.Connack(false, ReasonCode.SUCCESS, properties.build()));
    }

    private void offer(Properties.Builder properties) {
        properties
                .add(Property.RECEIVE_MAXIMUM, offer.receiveMaximum())
                .add(Property.MAXIMUM_PACKET_SIZE, (long) offer.packetBytesMax())
                .add(Property.RETAIN_AVAILABLE, false);
        if (offer.topicAliasMaximum() > 0) {
            properties.add(Property.TOPIC_ALIAS_MAXIMUM, offer.topicAliasMaximum());
        }
    }

    private int keepAlive(int asked) {
        int max = offer.keepAliveMaxSeconds();
        return max > 0 && (asked == 0 || asked > max) ? max : asked;
    }

    private ClientTerms terms(Packet.Connect connect, String clientId, int keepAlive) {
        Properties asked = connect.properties();
        boolean v5 = connect.version() == MqttVersion.V5;
        long expiry =
                v5
                        ? asked.get(Property.SESSION_EXPIRY_INTERVAL, 0L)
                        : connect.cleanStart() ? 0 : ClientTerms.NEVER_EXPIRES;
        int window = v5 ? asked.get(Property.RECEIVE_MAXIMUM, 65_535) : offer.windowMax();
        long packet = asked.get(Property.MAXIMUM_PACKET_SIZE, (long) Integer.MAX_VALUE);
        return new ClientTerms(
                connect.version(),
                clientId,
                connect.cleanStart(),
                keepAlive,
                expiry,
                window,
                (int) Math.min(packet, Integer.MAX_VALUE),
                Math.min(asked.get(Property.TOPIC_ALIAS_MAXIMUM, 0), offer.topicAliasMaximum()),
                asked.get(Property.REQUEST_PROBLEM_INFORMATION, true),
                connect.will(),
                Optional.ofNullable(connect.userName()));
    }
}
