package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/// PUBACK, PUBREC, PUBREL and PUBCOMP in their short form of four bytes, which all versions share,
/// and in MQTT 5's form with a reason code but no properties. With properties they are
/// [Packet.Acknowledgement]s. MQTT 5 §3.4 to §3.7.
public final class AckFrame {
    /// Bytes of the short form.
    public static final int SHORT_BYTES = 4;

    private AckFrame() {}

    /// Appends the short form, which in MQTT 5 means success.
    ///
    /// @param type PUBACK, PUBREC, PUBREL or PUBCOMP
    /// @param packetId 1..65,535
    public static void append(ByteBuf out, PacketType type, int packetId) {
        out.writeInt((type.firstByte() << 24) | (2 << 16) | packetId);
    }

    /// Appends the shortest form for a reason code.
    ///
    /// @param version before MQTT 5 the code is left out
    /// @param type PUBACK, PUBREC, PUBREL or PUBCOMP
    /// @param packetId 1..65,535
    /// @param reasonCode one that `type` may have
    public static void append(
            ByteBuf out,
            MqttVersion version,
            PacketType type,
            int packetId,
            ReasonCode reasonCode) {
        if (reasonCode == ReasonCode.SUCCESS || version != MqttVersion.V5) {
            append(out, type, packetId);
        } else {
            out.writeInt((type.firstByte() << 24) | (3 << 16) | packetId);
            out.writeByte(reasonCode.value());
        }
    }
}
