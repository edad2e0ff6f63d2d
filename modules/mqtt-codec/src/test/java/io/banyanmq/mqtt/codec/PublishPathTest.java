package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The flyweight and the writer say the same as the records, and allocate nothing.
class PublishPathTest {
    private static final int SEEDS = 3_000;

    private final PublishFrame frame = new PublishFrame();
    private final PublishWriter writer = new PublishWriter();

    @ParameterizedTest
    @EnumSource
    void a_frame_in_place_is_the_packet_that_was_encoded(MqttVersion version) throws Exception {
        PacketDecoder decoder = decoder(version, Sender.CLIENT);
        for (int seed = 0; seed < SEEDS; seed++) {
            Packet.Publish packet = random(seed, version);
            ByteBuf in = Unpooled.buffer().writeZero(seed % 7);
            new PacketEncoder(version).encode(packet, in);
            int index = seed % 7;
            decoder.publish(in, index, in.writerIndex() - index, frame);

            assertThat(frame.topic()).isEqualTo(packet.topic());
            assertThat(frame.qos()).isEqualTo(packet.qos().value());
            assertThat(frame.retain()).isEqualTo(packet.retain());
            assertThat(frame.dup()).isEqualTo(packet.dup());
            assertThat(frame.packetId()).isEqualTo(packet.packetId());
            assertThat(frame.topicAlias())
                    .isEqualTo(packet.properties().get(Property.TOPIC_ALIAS, 0));
            assertThat(frame.messageExpirySeconds())
                    .isEqualTo(packet.properties().get(Property.MESSAGE_EXPIRY_INTERVAL, -1L));
            assertThat(Bytes.copyOf(in, frame.payloadIndex(), frame.payloadLength()))
                    .isEqualTo(packet.payload());
            assertThat(frame.properties()).isEqualTo(packet.properties());
        }
    }

    /// [MQTT-3.3.2-4], [MQTT-3.3.2-6], [MQTT-3.3.2-15] to [MQTT-3.3.2-18] and [MQTT-3.3.2-20]: what
    /// belongs to the message goes on unaltered and in order, the expiry interval by what is left;
    /// [MQTT-3.3.4-4]: with all subscription identifiers. The alias ends with its connection.
    @ParameterizedTest
    @EnumSource
    void a_written_frame_is_the_message_as_its_receiver_wants_it(MqttVersion from)
            throws Exception {
        Random random = new Random(5);
        ByteBuf out = Unpooled.buffer();
        for (int seed = 0; seed < SEEDS; seed++) {
            Packet.Publish packet = random(seed, from);
            ByteBuf in = Unpooled.buffer();
            new PacketEncoder(from).encode(packet, in);
            decoder(from, Sender.CLIENT).publish(in, 0, in.writerIndex(), frame);

            MqttVersion to = random.nextBoolean() ? MqttVersion.V5 : MqttVersion.V3_1_1;
            int qos = random.nextInt(3);
            boolean retain = random.nextBoolean();
            int id = qos == 0 ? 0 : 1 + random.nextInt(0xFFFF);
            int alias = random.nextBoolean() ? 0 : 1 + random.nextInt(0xFFFF);
            int[] ids = {1, 300, 268_435_455};
            int count = random.nextInt(4);
            writer.begin(to).topic(frame).properties(frame);
            writer.topicAlias(alias).subscriptionIdentifiers(ids, count);
            if (frame.messageExpiryIndex() >= 0) {
                writer.messageExpiry(frame.messageExpiryIndex(), 42);
            }
            if (frame.topicLength() == 0) {
                writer.topic(Unpooled.copiedBuffer(new byte[] {'x', 't'}), 1, 1);
            }

            out.clear();
            int offset = append(out, PublishWriter.firstByte(qos, retain, false), id);
            assertThat(out.writerIndex()).isEqualTo(writer.frameLength(qos, frame.payloadLength()));
            assertThat(offset == 0 ? 0 : out.getUnsignedShort(offset)).isEqualTo(id);
            assertThat(Frames.decode(to, Sender.SERVER, out))
                    .as("seed %s", seed)
                    .isEqualTo(
                            new Packet.Publish(
                                    false,
                                    Qos.of(qos),
                                    retain,
                                    packet.topic().isEmpty() ? "t" : packet.topic(),
                                    id,
                                    to == MqttVersion.V5
                                            ? outgoing(packet.properties(), alias, ids, count)
                                            : Properties.NONE,
                                    packet.payload()));
        }
    }

    private int append(ByteBuf out, int firstByte, int packetId) {
        return writer.append(
                out,
                firstByte,
                packetId,
                frame.buffer(),
                frame.payloadIndex(),
                frame.payloadLength());
    }

    private static Properties outgoing(Properties incoming, int alias, int[] ids, int count) {
        Properties.Builder builder = Properties.builder();
        for (Properties.Entry<?> entry : incoming.without(Property.TOPIC_ALIAS).entries()) {
            if (entry.property() == Property.MESSAGE_EXPIRY_INTERVAL) {
                builder.add(Property.MESSAGE_EXPIRY_INTERVAL, 42L);
            } else {
                builder.add(entry);
            }
        }
        if (alias != 0) {
            builder.add(Property.TOPIC_ALIAS, alias);
        }
        for (int i = 0; i < count; i++) {
            builder.add(Property.SUBSCRIPTION_IDENTIFIER, ids[i]);
        }
        return builder.build();
    }

    /// [MQTT-3.3.1-3]: DUP says what the sender of this frame does, not what the publisher did.
    @Test
    void a_copied_frame_differs_in_flags_and_packet_identifier_only() throws Exception {
        ByteBuf in = Frames.buf("32 08 0001 74 0007 00 6869");
        decoder(MqttVersion.V5, Sender.CLIENT).publish(in, 0, in.writerIndex(), frame);
        ByteBuf out = Unpooled.buffer().writeByte(0xEE);
        PublishWriter.appendCopy(out, frame, PublishWriter.firstByte(1, true, true), 0x1234);
        assertThat(Frames.hex(out)).isEqualTo(Frames.compact("ee 3b 08 0001 74 1234 00 6869"));
    }

    @Test
    void an_encoded_frame_is_appended_for_the_next_receiver() throws Exception {
        ByteBuf in = Frames.buf("30 06 0001 74 00 6869");
        decoder(MqttVersion.V5, Sender.CLIENT).publish(in, 0, in.writerIndex(), frame);
        writer.begin(MqttVersion.V3_1_1).topic(frame).properties(frame);
        ByteBuf encoded = Unpooled.buffer();
        int offset = append(encoded, PublishWriter.firstByte(1, false, false), 1);
        ByteBuf out = Unpooled.buffer();
        int length = encoded.writerIndex();
        PublishWriter.appendEncoded(out, encoded, 0, length, offset, 0x33, 0x0203);
        PublishWriter.appendEncoded(out, encoded, 0, length, offset, 0x32, 0x0405);
        assertThat(Frames.hex(out))
                .isEqualTo(Frames.compact("33 07 0001 74 0203 6869 32 07 0001 74 0405 6869"));
    }

    @Test
    void a_header_alone_announces_the_payload_that_follows() throws Exception {
        ByteBuf topic = Unpooled.copiedBuffer(new byte[] {'t'});
        writer.begin(MqttVersion.V5).topic(topic, 0, 1);
        ByteBuf out = Unpooled.buffer();
        int offset = writer.appendHeader(out, PublishWriter.firstByte(2, false, false), 9, 200);
        assertThat(Frames.hex(out)).isEqualTo(Frames.compact("34 ce01 0001 74 0009 00"));
        assertThat(offset).isEqualTo(6);
    }

    @Test
    void short_acks_are_read_and_written_as_one_word() throws Exception {
        ByteBuf out = Unpooled.buffer();
        AckFrame.append(out, PacketType.PUBACK, 1);
        AckFrame.append(out, PacketType.PUBREC, 2);
        AckFrame.append(out, PacketType.PUBREL, 3);
        AckFrame.append(out, PacketType.PUBCOMP, 0xFFFF);
        assertThat(Frames.hex(out))
                .isEqualTo(Frames.compact("40020001 50020002 62020003 7002ffff"));
        PacketDecoder decoder = decoder(MqttVersion.V5, Sender.CLIENT);
        assertThat(decoder.shortAck(out, 0, 4)).isEqualTo(1);
        assertThat(decoder.shortAck(out, 8, 4)).isEqualTo(3);
        assertThat(decoder.shortAck(out, 12, 4)).isEqualTo(0xFFFF);
    }

    @Test
    void acks_of_another_form_are_left_to_the_decoder() {
        PacketDecoder decoder = decoder(MqttVersion.V5, Sender.CLIENT);
        assertThat(decoder.shortAck(Frames.buf("40 03 0001 10"), 0, 5)).isZero();
        assertThat(decoder.shortAck(Frames.buf("40 02 0000"), 0, 4)).isZero();
        assertThat(decoder.shortAck(Frames.buf("60 02 0001"), 0, 4)).isZero();
        assertThat(decoder.shortAck(Frames.buf("b0 02 0001"), 0, 4)).isZero();
    }

    @Test
    void an_ack_says_its_reason_only_to_those_who_know_reasons() {
        ByteBuf out = Unpooled.buffer();
        ReasonCode code = ReasonCode.NOT_AUTHORIZED;
        AckFrame.append(out, MqttVersion.V5, PacketType.PUBACK, 1, code);
        AckFrame.append(out, MqttVersion.V3_1_1, PacketType.PUBACK, 1, code);
        AckFrame.append(out, MqttVersion.V5, PacketType.PUBACK, 1, ReasonCode.SUCCESS);
        assertThat(Frames.hex(out)).isEqualTo(Frames.compact("4003000187 40020001 40020001"));
    }

    @Test
    void a_payload_that_claims_to_be_text_can_be_checked() throws Exception {
        PacketDecoder decoder = decoder(MqttVersion.V5, Sender.CLIENT);
        ByteBuf good = Frames.buf("30 0a 0001 74 02 0101 c3a4 0021");
        decoder.publish(good, 0, good.writerIndex(), frame);
        assertThat(frame.payloadIsUtf8()).isTrue();
        ByteBuf bad = Frames.buf("30 08 0001 74 02 0101 c3 21");
        decoder.publish(bad, 0, bad.writerIndex(), frame);
        assertThat(frame.payloadIsUtf8()).isFalse();
    }

    /// Once warm, a turn of read and append costs no heap at all. Counted by the JVM, a thousand
    /// times over, so that a byte a message would show.
    @ParameterizedTest
    @EnumSource
    void a_message_through_the_publish_path_allocates_nothing(MqttVersion version)
            throws Exception {
        String hex =
                version == MqttVersion.V5
                        ? "32 1a 0003 612f62 0007 0d 02 0000003c 23 0001 03 0002 7878 68656c6c6f"
                        : "32 0c 0003 612f62 0007 68656c6c6f";
        ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer();
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 16);
        try {
            in.writeBytes(Frames.buf(hex));
            PacketDecoder decoder = decoder(version, Sender.CLIENT);
            for (int i = 0; i < 20; i++) {
                turns(decoder, in, out);
            }
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            turns(decoder, in, out);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(bytes).isLessThan(1_000);
        } finally {
            in.release();
            out.release();
        }
    }

    private void turns(PacketDecoder decoder, ByteBuf in, ByteBuf out)
            throws MalformedPacketException {
        for (int i = 0; i < 1_000; i++) {
            out.clear();
            int length = FrameScanner.scan(in, 0, in.writerIndex(), 1_000);
            decoder.publish(in, 0, length, frame);
            writer.begin(MqttVersion.V5).topic(frame).properties(frame);
            append(out, PublishWriter.firstByte(1, false, false), 5);
            PublishWriter.appendCopy(out, frame, frame.firstByte(), 6);
            AckFrame.append(out, PacketType.PUBACK, frame.packetId());
        }
    }

    private static Packet.Publish random(int seed, MqttVersion version) {
        return (Packet.Publish) new RandomPackets(seed, version).next(PacketType.PUBLISH);
    }

    private static PacketDecoder decoder(MqttVersion version, Sender sender) {
        return new PacketDecoder(version, sender, DecoderLimits.DEFAULT);
    }
}
