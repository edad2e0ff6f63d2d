package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever bytes come: packets or [MalformedPacketException], nothing read past a frame, and what
/// was read is written and read again as the same.
///
/// The first byte chooses version and sender, the rest is the stream. Jazzer leaves its corpus, and an
/// input that breaks this, in `target`.
class DecoderFuzzTest {
    private static final int PACKET_BYTES_MAX = 100_000;

    /// Good and bad packets to begin with.
    static Stream<Arguments> seeds() throws IOException {
        Stream<byte[]> bad =
                MalformedTest.rows().stream()
                        .map(row -> seed(row.version(), row.sender(), row.hex()));
        Stream<byte[]> good =
                Stream.of(
                                VectorTest.connecting(),
                                VectorTest.publishing(),
                                VectorTest.subscribing(),
                                VectorTest.others())
                        .flatMap(List::stream)
                        .map(vector -> seed(vector.version(), vector.sender(), vector.hex()));
        return Stream.concat(good, bad).map(Arguments::of);
    }

    private static byte[] seed(MqttVersion version, Sender sender, String hex) {
        int first = (version.level() - 3) | (sender == Sender.SERVER ? 0x80 : 0);
        return HexFormat.of()
                .parseHex(Frames.compact(HexFormat.of().toHexDigits((byte) first) + hex));
    }

    @Tag("fuzz")
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void any_bytes_are_packets_or_malformed(byte[] input) {
        if (input.length == 0) {
            return;
        }
        MqttVersion version =
                switch (input[0] & 0x03) {
                    case 0 -> MqttVersion.V3_1;
                    case 1 -> MqttVersion.V3_1_1;
                    default -> MqttVersion.V5;
                };
        Sender sender = input[0] < 0 ? Sender.SERVER : Sender.CLIENT;
        PacketDecoder decoder = new PacketDecoder(version, sender, DecoderLimits.DEFAULT);
        ByteBuf in = Unpooled.wrappedBuffer(input);
        int index = 1;
        try {
            int length;
            while ((length = FrameScanner.scan(in, index, input.length, PACKET_BYTES_MAX)) > 0) {
                check(decoder, in, index, length);
                index += length;
            }
        } catch (MalformedPacketException malformed) {
            assertThat(malformed.getMessage()).matches("(?s)[A-Za-z]+: .+ \\[MQTT.+]");
        }
    }

    private static void check(PacketDecoder decoder, ByteBuf in, int index, int length)
            throws MalformedPacketException {
        // A buffer of just the frame: reading past it throws IndexOutOfBoundsException.
        ByteBuf frame = in.copy(index, length);
        Packet packet = decoder.decode(frame, 0, length);
        if (packet instanceof Packet.Publish publish) {
            checkInPlace(decoder, frame, publish);
        }
        ByteBuf out = Unpooled.buffer();
        new PacketEncoder(decoder.version()).encode(packet, out);
        Packet again = decoder.decode(out, 0, out.writerIndex());
        assertThat(again).isEqualTo(packet);
    }

    private static void checkInPlace(PacketDecoder decoder, ByteBuf in, Packet.Publish publish)
            throws MalformedPacketException {
        PublishFrame frame = new PublishFrame();
        decoder.publish(in, 0, in.readableBytes(), frame);
        assertThat(frame.topic()).isEqualTo(publish.topic());
        assertThat(frame.packetId()).isEqualTo(publish.packetId());
        assertThat(frame.payloadLength()).isEqualTo(publish.payload().length());
        ByteBuf out = Unpooled.buffer();
        new PublishWriter()
                .begin(decoder.version())
                .topic(frame)
                .properties(frame)
                .topicAlias(frame.topicAlias())
                .append(
                        out,
                        frame.firstByte(),
                        frame.packetId(),
                        in,
                        frame.payloadIndex(),
                        frame.payloadLength());
        assertThat(out.readableBytes()).isEqualTo(in.readableBytes());
    }
}
