package io.banyanmq.mqtt.gateway.core;

import static java.util.Objects.requireNonNull;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet.Will;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What client and gateway agreed on with CONNECT and CONNACK.
///
/// @param version of every packet that follows
/// @param clientId the client's own or the assigned one
/// @param cleanStart whether the client wanted nothing of an earlier session
/// @param keepAliveSeconds in force, 0 for none
/// @param sessionExpirySeconds asked for, 0..4,294,967,295; before MQTT 5 0 for a clean session and the maximum otherwise
/// @param windowMax unacknowledged QoS 1 and 2 messages on the way to the client, 1..65,535
/// @param packetBytesMax the longest packet the client takes
/// @param topicAliasMaximum the highest topic alias the client takes, 0 for none
/// @param problemInformation whether reason strings may go into packets other than PUBLISH, CONNACK and DISCONNECT
/// @param will to be published if the connection breaks
/// @param userName as sent, not verified
public record ClientTerms(
        MqttVersion version,
        String clientId,
        boolean cleanStart,
        int keepAliveSeconds,
        long sessionExpirySeconds,
        int windowMax,
        int packetBytesMax,
        int topicAliasMaximum,
        boolean problemInformation,
        @Nullable Will will,
        Optional<String> userName) {
    /// A session that never ends by itself.
    public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    /// All that is not a number must be there.
    public ClientTerms {
        requireNonNull(version, "version");
        requireNonNull(clientId, "clientId");
        requireNonNull(userName, "userName");
    }

    /// Whether the client asked for a session that outlives its connection.
    public boolean wantsSession() {
        return sessionExpirySeconds > 0;
    }
}
