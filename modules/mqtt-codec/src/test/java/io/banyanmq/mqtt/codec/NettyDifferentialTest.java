package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Netty's MQTT codec is the oracle: what we encode it decodes, and what it then encodes we decode to
/// the packet we began with. Random packets of every type and version.
class NettyDifferentialTest {
    private static final int SEEDS = 400;
    private static final int PACKET_BYTES_MAX = 1 << 20;

    @ParameterizedTest
    @EnumSource
    void netty_reads_ours_and_we_read_nettys(MqttVersion version) throws Exception {
        EmbeddedChannel netty = netty(version);
        PacketEncoder encoder = new PacketEncoder(version);
        for (int seed = 0; seed < SEEDS; seed++) {
            for (PacketType type : types(version)) {
                Packet packet = new RandomPackets(seed, version).next(type);
                if (!nettyCanWrite(packet)) {
                    continue;
                }
                ByteBuf ours = Unpooled.buffer();
                encoder.encode(packet, ours);
                netty.writeInbound(ours);
                MqttMessage message = netty.readInbound();
                assertThat(message).isNotNull();
                assertThat(message.decoderResult().cause()).as("%s", packet).isNull();
                assertSame(message, packet);
                netty.writeOutbound(message);
                ByteBuf theirs = netty.readOutbound();
                Sender sender = type.sentBy(Sender.CLIENT) ? Sender.CLIENT : Sender.SERVER;
                assertThat(inOrder(Frames.decode(version, sender, theirs)))
                        .as("seed %s", seed)
                        .isEqualTo(inOrder(packet));
                theirs.release();
            }
        }
        netty.finishAndReleaseAll();
    }

    /// Fields that would survive the way there and back even if both ends here swapped them.
    private static void assertSame(MqttMessage message, Packet packet) {
        assertThat(message.fixedHeader().messageType().value()).isEqualTo(packet.type().value());
        switch (message) {
            case MqttPublishMessage theirs when packet instanceof Packet.Publish ours -> {
                assertThat(theirs.variableHeader().topicName()).isEqualTo(ours.topic());
                assertThat(theirs.fixedHeader().isDup()).isEqualTo(ours.dup());
                assertThat(theirs.fixedHeader().isRetain()).isEqualTo(ours.retain());
                assertThat(theirs.fixedHeader().qosLevel().value()).isEqualTo(ours.qos().value());
                assertThat(Bytes.copyOf(theirs.payload(), 0, theirs.payload().readableBytes()))
                        .isEqualTo(ours.payload());
            }
            case MqttConnectMessage theirs when packet instanceof Packet.Connect ours -> {
                assertThat(theirs.variableHeader().isCleanSession()).isEqualTo(ours.cleanStart());
                assertThat(theirs.variableHeader().keepAliveTimeSeconds())
                        .isEqualTo(ours.keepAliveSeconds());
                assertThat(theirs.payload().clientIdentifier()).isEqualTo(ours.clientId());
                assertThat(theirs.payload().userName()).isEqualTo(ours.userName());
                assertThat(theirs.variableHeader().isWillRetain())
                        .isEqualTo(ours.will() != null && ours.will().retain());
            }
            case MqttSubscribeMessage theirs when packet instanceof Packet.Subscribe ours ->
                    assertThat(theirs.payload().topicSubscriptions())
                            .extracting(
                                    filter -> filter.topicFilter(),
                                    filter -> filter.option().qos().value(),
                                    filter -> filter.option().isNoLocal(),
                                    filter -> filter.option().isRetainAsPublished())
                            .isEqualTo(
                                    ours.subscriptions().stream()
                                            .map(NettyDifferentialTest::tuple)
                                            .toList());
            default -> {}
        }
    }

    private static Tuple tuple(Packet.Subscription subscription) {
        return Tuple.tuple(
                subscription.filter(),
                subscription.qos().value(),
                subscription.noLocal(),
                subscription.retainAsPublished());
    }

    /// Netty learns the version of a channel from a CONNECT.
    private static EmbeddedChannel netty(MqttVersion version) {
        EmbeddedChannel netty =
                new EmbeddedChannel(
                        new MqttDecoder(PACKET_BYTES_MAX, 65_535), MqttEncoder.INSTANCE);
        ByteBuf connect = Unpooled.buffer();
        new PacketEncoder(version)
                .encode(
                        new Packet.Connect(
                                version, true, 0, Properties.NONE, "c", null, null, null),
                        connect);
        netty.writeInbound(connect);
        MqttMessage message = netty.readInbound();
        assertThat(message.decoderResult().isSuccess()).isTrue();
        return netty;
    }

    /// Netty holds MQTT 3.1 to client identifiers of 23 characters; brokers do not.
    private static boolean nettyCanWrite(Packet packet) {
        return !(packet instanceof Packet.Connect connect
                && connect.version() == MqttVersion.V3_1
                && connect.clientId().length() > 23);
    }

    /// Netty does not keep the order of different properties.
    private static Packet inOrder(Packet packet) {
        Properties ordered = inOrder(packet.properties());
        return switch (packet) {
            case Packet.Connect p ->
                    new Packet.Connect(
                            p.version(),
                            p.cleanStart(),
                            p.keepAliveSeconds(),
                            ordered,
                            p.clientId(),
                            p.will() == null ? null : inOrder(p.will()),
                            p.userName(),
                            p.password());
            case Packet.Connack p ->
                    new Packet.Connack(p.sessionPresent(), p.reasonCode(), ordered);
            case Packet.Publish p ->
                    new Packet.Publish(
                            p.dup(),
                            p.qos(),
                            p.retain(),
                            p.topic(),
                            p.packetId(),
                            ordered,
                            p.payload());
            case Packet.Puback p -> new Packet.Puback(p.packetId(), p.reasonCode(), ordered);
            case Packet.Pubrec p -> new Packet.Pubrec(p.packetId(), p.reasonCode(), ordered);
            case Packet.Pubrel p -> new Packet.Pubrel(p.packetId(), p.reasonCode(), ordered);
            case Packet.Pubcomp p -> new Packet.Pubcomp(p.packetId(), p.reasonCode(), ordered);
            case Packet.Subscribe p ->
                    new Packet.Subscribe(p.packetId(), ordered, p.subscriptions());
            case Packet.Suback p -> new Packet.Suback(p.packetId(), ordered, p.reasonCodes());
            case Packet.Unsubscribe p -> new Packet.Unsubscribe(p.packetId(), ordered, p.filters());
            case Packet.Unsuback p -> new Packet.Unsuback(p.packetId(), ordered, p.reasonCodes());
            case Packet.Disconnect p -> new Packet.Disconnect(p.reasonCode(), ordered);
            case Packet.Auth p -> new Packet.Auth(p.reasonCode(), ordered);
            case Packet.Pingreq p -> p;
            case Packet.Pingresp p -> p;
        };
    }

    private static Packet.Will inOrder(Packet.Will will) {
        return new Packet.Will(
                will.topic(),
                will.payload(),
                will.qos(),
                will.retain(),
                inOrder(will.properties()));
    }

    private static Properties inOrder(Properties properties) {
        Properties.Builder builder = Properties.builder();
        properties.entries().stream()
                .sorted(Comparator.comparingInt(entry -> entry.property().id()))
                .forEach(builder::add);
        return builder.build();
    }

    private static List<PacketType> types(MqttVersion version) {
        return Stream.of(PacketType.values())
                .filter(type -> version == MqttVersion.V5 || type != PacketType.AUTH)
                .toList();
    }
}
