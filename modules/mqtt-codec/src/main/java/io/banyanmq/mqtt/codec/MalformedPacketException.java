package io.banyanmq.mqtt.codec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A peer sent bytes that MQTT does not allow. The connection has to be closed; what may be sent
/// before that follows from [#reasonCode()] and [#answerVersion()].
///
/// The message names the packet, the field, and the clause of the specification that forbids it:
/// `PUBLISH: topic name contains U+0000 [MQTT-1.5.4-2]`. It never quotes payloads, names or
/// secrets, so it may be logged and sent as a reason string. Clauses are those of the version the
/// packet claims to be of.
///
/// Which code: 0x82 (protocol error) for a packet that can be parsed but says what the protocol does
/// not allow; 0x81 (malformed packet) where it cannot be parsed or the specification calls it
/// malformed; a more exact code where the specification has one. MQTT 5 §1.2, §4.13.
///
/// Without a stack trace: it is data about a peer, not about this program.
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reasonCode;
    private final @Nullable MqttVersion answerVersion;

    MalformedPacketException(
            ReasonCode reasonCode, @Nullable MqttVersion answerVersion, String message) {
        super(message, null, false, false);
        this.reasonCode = reasonCode;
        this.answerVersion = answerVersion;
    }

    /// What to tell the peer and the log: 0x81, 0x82, 0x84, 0x85, 0x94, 0x95 or 0x97.
    public ReasonCode reasonCode() {
        return reasonCode;
    }

    /// The version whose form an answer must have. For a CONNECT: of the CONNACK that may carry
    /// [#reasonCode()] (in MQTT 3 only if it has a [ReasonCode#connectReturnCode()]); empty if the
    /// peer cannot be told, because it does not speak MQTT. For other packets the version of the
    /// connection; empty from [FrameScanner], which does not know it.
    public Optional<MqttVersion> answerVersion() {
        return Optional.ofNullable(answerVersion);
    }
}
