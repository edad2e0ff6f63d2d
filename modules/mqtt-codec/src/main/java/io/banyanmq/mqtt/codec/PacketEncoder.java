package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/// Encodes packet records for a receiver of one version. Immutable: all connections of the same
/// version share one.
///
/// What the version does not have is left out (properties and reason codes before MQTT 5) or said as
/// it can be said ([ReasonCode#connectReturnCode()], [ReasonCode#subackReturnCode()]), so that a
/// broker can make the same answer for all.
public final class PacketEncoder {
    private final MqttVersion version;

    /// An encoder for a receiver of this version; a CONNECT goes by its own.
    public PacketEncoder(MqttVersion version) {
        this.version = requireNonNull(version, "version");
    }

    /// The version this encodes.
    public MqttVersion version() {
        return version;
    }

    /// Appends a packet.
    ///
    /// @throws IllegalArgumentException if the packet cannot be said in this version: AUTH before
    ///     MQTT 5, a CONNACK code without return code, a string MQTT cannot carry, a property in a
    ///     packet it does not belong in; `out` is then as it was
    public void encode(Packet packet, ByteBuf out) {
        int start = out.writerIndex();
        boolean done = false;
        try {
            out.writeByte(firstByte(packet));
            out.writeByte(0);
            int body = out.writerIndex();
            writeBody(packet, out);
            writeRemainingLength(out, body);
            done = true;
        } finally {
            if (!done) {
                out.writerIndex(start);
            }
        }
    }

    /// Appends a packet unless it is longer than its receiver accepts. If it is, its user properties
    /// go, then its reason string too, which MQTT 5 lets a sender do in all acknowledgements,
    /// CONNACK, DISCONNECT and AUTH (`[MQTT-3.2.2-19]`, `[MQTT-3.2.2-20]` and their like).
    ///
    /// @param packetBytesMax the receiver's maximum packet size
    /// @return whether it was appended; if not, it is too long even so and `out` is as it was
    public boolean encodeWithin(Packet packet, int packetBytesMax, ByteBuf out) {
        int start = out.writerIndex();
        encode(packet, out);
        if (out.writerIndex() - start > packetBytesMax && version == MqttVersion.V5) {
            out.writerIndex(start);
            encode(without(packet, Property.USER_PROPERTY), out);
        }
        if (out.writerIndex() - start > packetBytesMax && version == MqttVersion.V5) {
            out.writerIndex(start);
            encode(without(packet, Property.USER_PROPERTY, Property.REASON_STRING), out);
        }
        if (out.writerIndex() - start > packetBytesMax) {
            out.writerIndex(start);
            return false;
        }
        return true;
    }

    private static Packet without(Packet packet, Property<?>... dropped) {
        Properties rest = packet.properties().without(dropped);
        return switch (packet) {
            case Packet.Connack p -> new Packet.Connack(p.sessionPresent(), p.reasonCode(), rest);
            case Packet.Puback p -> new Packet.Puback(p.packetId(), p.reasonCode(), rest);
            case Packet.Pubrec p -> new Packet.Pubrec(p.packetId(), p.reasonCode(), rest);
            case Packet.Pubrel p -> new Packet.Pubrel(p.packetId(), p.reasonCode(), rest);
            case Packet.Pubcomp p -> new Packet.Pubcomp(p.packetId(), p.reasonCode(), rest);
            case Packet.Suback p -> new Packet.Suback(p.packetId(), rest, p.reasonCodes());
            case Packet.Unsuback p -> new Packet.Unsuback(p.packetId(), rest, p.reasonCodes());
            case Packet.Disconnect p -> new Packet.Disconnect(p.reasonCode(), rest);
            case Packet.Auth p -> new Packet.Auth(p.reasonCode(), rest);
            case Packet.Connect p -> p;
            case Packet.Publish p -> p;
            case Packet.Subscribe p -> p;
            case Packet.Unsubscribe p -> p;
            case Packet.Pingreq p -> p;
            case Packet.Pingresp p -> p;
        };
    }

    private static int firstByte(Packet packet) {
        return packet instanceof Packet.Publish publish
                ? PublishWriter.firstByte(publish.qos().value(), publish.retain(), publish.dup())
                : packet.type().firstByte();
    }

    /// Puts the length before a body after which nothing is written yet; there is room for one byte.
    private static void writeRemainingLength(ByteBuf out, int body) {
        int length = out.writerIndex() - body;
        int more = VariableByteInteger.size(length) - 1;
        if (more > 0) {
            out.ensureWritable(more);
            for (int i = out.writerIndex() - 1; i >= body; i--) {
                out.setByte(i + more, out.getByte(i));
            }
        }
        out.writerIndex(body - 1);
        VariableByteInteger.write(out, length);
        out.writerIndex(body + more + length);
    }

    private void writeBody(Packet packet, ByteBuf out) {
        switch (packet) {
            case Packet.Connect p -> writeConnect(p, out);
            case Packet.Connack p -> writeConnack(p, out);
            case Packet.Publish p -> writePublish(p, out);
            case Packet.Acknowledgement p -> writeAcknowledgement(p, out);
            case Packet.Subscribe p -> writeSubscribe(p, out);
            case Packet.Suback p -> writeSuback(p, out);
            case Packet.Unsubscribe p -> writeUnsubscribe(p, out);
            case Packet.Unsuback p -> writeUnsuback(p, out);
            case Packet.Disconnect p -> writeDisconnect(p, out);
            case Packet.Auth p -> writeAuth(p, out);
            case Packet.Pingreq p -> {}
            case Packet.Pingresp p -> {}
        }
    }

    private static void writeConnect(Packet.Connect packet, ByteBuf out) {
        MqttVersion version = packet.version();
        writeString(out, version.protocolName());
        out.writeByte(version.level());
        out.writeByte(connectFlags(packet));
        out.writeShort(packet.keepAliveSeconds());
        writeProperties(version, packet.properties(), Property.Site.CONNECT, out);
        writeString(out, packet.clientId());
        if (packet.will() != null) {
            writeProperties(version, packet.will().properties(), Property.Site.WILL, out);
            writeString(out, packet.will().topic());
            writeBytes(out, packet.will().payload());
        }
        if (packet.userName() != null) {
            writeString(out, packet.userName());
        }
        if (packet.password() != null) {
            writeBytes(out, packet.password());
        }
    }

    private static int connectFlags(Packet.Connect packet) {
        int flags = packet.cleanStart() ? 0x02 : 0;
        if (packet.will() != null) {
            flags |= 0x04 | (packet.will().qos().value() << 3);
            flags |= packet.will().retain() ? 0x20 : 0;
        }
        flags |= packet.password() != null ? 0x40 : 0;
        flags |= packet.userName() != null ? 0x80 : 0;
        return flags;
    }

    private void writeConnack(Packet.Connack packet, ByteBuf out) {
        // MQTT 3.1 has no session present; its byte is reserved.
        out.writeByte(packet.sessionPresent() && version != MqttVersion.V3_1 ? 1 : 0);
        if (version == MqttVersion.V5) {
            out.writeByte(packet.reasonCode().value());
            writeProperties(packet.properties(), Property.Site.CONNACK, out);
        } else {
            out.writeByte(
                    packet.reasonCode()
                            .connectReturnCode()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            packet.reasonCode()
                                                    + " has no return code before MQTT 5")));
        }
    }

    private void writePublish(Packet.Publish packet, ByteBuf out) {
        if (packet.topic().isEmpty() && version != MqttVersion.V5) {
            throw new IllegalArgumentException("topic name is empty before MQTT 5");
        }
        writeString(out, packet.topic());
        if (packet.qos() != Qos.AT_MOST_ONCE) {
            out.writeShort(packet.packetId());
        }
        writeProperties(packet.properties(), Property.Site.PUBLISH, out);
        packet.payload().writeTo(out);
    }

    private void writeAcknowledgement(Packet.Acknowledgement packet, ByteBuf out) {
        out.writeShort(packet.packetId());
        writeReason(
                packet.reasonCode(),
                packet.properties(),
                Property.Site.valueOf(packet.type().name()),
                out);
    }

    private void writeDisconnect(Packet.Disconnect packet, ByteBuf out) {
        writeReason(packet.reasonCode(), packet.properties(), Property.Site.DISCONNECT, out);
    }

    private void writeAuth(Packet.Auth packet, ByteBuf out) {
        if (version != MqttVersion.V5) {
            throw new IllegalArgumentException("there is no AUTH before MQTT 5");
        }
        writeReason(packet.reasonCode(), packet.properties(), Property.Site.AUTH, out);
    }

    /// A reason code and properties, each only if there is something to say. In AUTH and DISCONNECT
    /// as in acknowledgements the property length may go with the properties.
    private void writeReason(
            ReasonCode code, Properties properties, Property.Site site, ByteBuf out) {
        if (version != MqttVersion.V5 || (code == ReasonCode.SUCCESS && properties.isEmpty())) {
            return;
        }
        out.writeByte(code.value());
        if (!properties.isEmpty()) {
            writeProperties(properties, site, out);
        }
    }

    private void writeSubscribe(Packet.Subscribe packet, ByteBuf out) {
        out.writeShort(packet.packetId());
        writeProperties(packet.properties(), Property.Site.SUBSCRIBE, out);
        for (Packet.Subscription subscription : packet.subscriptions()) {
            writeString(out, subscription.filter());
            out.writeByte(options(subscription));
        }
    }

    private int options(Packet.Subscription subscription) {
        int options = subscription.qos().value();
        if (version == MqttVersion.V5) {
            options |= subscription.noLocal() ? 0x04 : 0;
            options |= subscription.retainAsPublished() ? 0x08 : 0;
            options |= subscription.retainHandling().value() << 4;
        }
        return options;
    }

    private void writeSuback(Packet.Suback packet, ByteBuf out) {
        out.writeShort(packet.packetId());
        writeProperties(packet.properties(), Property.Site.SUBACK, out);
        for (ReasonCode code : packet.reasonCodes()) {
            out.writeByte(version == MqttVersion.V5 ? code.value() : code.subackReturnCode());
        }
    }

    private void writeUnsubscribe(Packet.Unsubscribe packet, ByteBuf out) {
        out.writeShort(packet.packetId());
        writeProperties(packet.properties(), Property.Site.UNSUBSCRIBE, out);
        for (String filter : packet.filters()) {
            writeString(out, filter);
        }
    }

    private void writeUnsuback(Packet.Unsuback packet, ByteBuf out) {
        out.writeShort(packet.packetId());
        writeProperties(packet.properties(), Property.Site.UNSUBACK, out);
        if (version == MqttVersion.V5) {
            for (ReasonCode code : packet.reasonCodes()) {
                out.writeByte(code.value());
            }
        }
    }

    private void writeProperties(Properties properties, Property.Site site, ByteBuf out) {
        writeProperties(version, properties, site, out);
    }

    private static void writeProperties(
            MqttVersion version, Properties properties, Property.Site site, ByteBuf out) {
        if (version != MqttVersion.V5) {
            return;
        }
        checkSite(properties.entries(), site);
        properties.write(out);
    }

    private static void checkSite(List<Properties.Entry<?>> entries, Property.Site site) {
        long seen = 0;
        for (Properties.Entry<?> entry : entries) {
            Property<?> property = entry.property();
            if (!property.allowedAt(site)) {
                throw new IllegalArgumentException(property + " is not allowed in " + site);
            }
            long bit = 1L << property.id();
            if ((seen & bit) != 0 && !property.repeatsAt(site)) {
                throw new IllegalArgumentException(property + " is there twice in " + site);
            }
            seen |= bit;
        }
    }

    static void writeString(ByteBuf out, String text) {
        int length = Utf8.encodedLength(text);
        out.writeShort(length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    static void writeBytes(ByteBuf out, Bytes bytes) {
        out.writeShort(bytes.length());
        bytes.writeTo(out);
    }
}
