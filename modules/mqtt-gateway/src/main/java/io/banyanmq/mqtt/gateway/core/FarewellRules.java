package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides about packets that end a connection: DISCONNECT, and what a client must not send.
public final class FarewellRules {
    private FarewellRules() {}

    /// What a gateway says last.
    ///
    /// @param code why
    /// @param reason for logs and the reason string
    public record Farewell(ReasonCode code, String reason) {
        /// As a packet; before MQTT 5 none is sent.
        ///
        /// @param serverReference where else to go, for 0x9C and 0x9D
        public Packet.Disconnect packet(@Nullable String serverReference) {
            Properties.Builder properties = Properties.builder();
            if (!reason.isEmpty()) {
                properties.add(Property.REASON_STRING, reason);
            }
            if (serverReference != null
                    && (code == ReasonCode.USE_ANOTHER_SERVER || code == ReasonCode.SERVER_MOVED)) {
                properties.add(Property.SERVER_REFERENCE, serverReference);
            }
            return new Packet.Disconnect(code, properties.build());
        }
    }

    /// Whether a client's DISCONNECT breaks a rule, and which.
    public static Optional<Farewell> fault(Packet.Disconnect disconnect, ClientTerms terms) {
        long expiry = disconnect.properties().get(Property.SESSION_EXPIRY_INTERVAL, 0L);
        return expiry > 0 && terms.sessionExpirySeconds() == 0
                ? Optional.of(
                        new Farewell(
                                ReasonCode.PROTOCOL_ERROR,
                                "DISCONNECT: session expiry interval is set where CONNECT had none"
                                        + " [MQTT-3.14.2-2]"))
                : Optional.empty();
    }

    /// What an AUTH is answered with: no method was agreed on, so none can go on. MQTT 5 §4.12.
    public static Farewell auth(Packet.Auth auth) {
        return auth.properties().get(Property.AUTHENTICATION_METHOD).isPresent()
                ? new Farewell(
                        ReasonCode.BAD_AUTHENTICATION_METHOD,
                        "AUTH: CONNECT had no authentication method [MQTT-4.12.1-1]")
                : new Farewell(ReasonCode.PROTOCOL_ERROR, "AUTH: authentication method is missing");
    }

    /// What a PUBACK, PUBREC or PUBCOMP is answered with whose message awaits another of them. MQTT 5 §4.3,
    /// [MQTT-4.8.0-1] of MQTT 3.1.1.
    public static Farewell outOfOrder(PacketType type, int packetId) {
        return new Farewell(
                ReasonCode.PROTOCOL_ERROR,
                type
                        + ": the message with packet identifier "
                        + packetId
                        + " awaits another packet");
    }

    /// What is said to a client that takes no packet as long as the answer to one of its own.
    public static Farewell answerTooLong(PacketType type, ClientTerms terms) {
        return new Farewell(
                ReasonCode.PACKET_TOO_LARGE,
                type
                        + ": the answer is longer than "
                        + terms.packetBytesMax()
                        + " bytes [MQTT-3.1.2-24]");
    }

    /// What a second CONNECT is answered with.
    public static Farewell secondConnect() {
        return new Farewell(ReasonCode.PROTOCOL_ERROR, "CONNECT: is the second one [MQTT-3.1.0-2]");
    }
}
