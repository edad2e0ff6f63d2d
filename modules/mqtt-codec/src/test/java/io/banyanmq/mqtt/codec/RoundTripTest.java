package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random packets of every type and version come back as they went, however the stream is cut.
class RoundTripTest {
    private static final int SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource
    void every_packet_decodes_to_what_was_encoded(MqttVersion version) throws Exception {
        PacketEncoder encoder = new PacketEncoder(version);
        ByteBuf out = Unpooled.buffer();
        for (int seed = 0; seed < SEEDS; seed++) {
            for (PacketType type : types(version)) {
                Packet packet = new RandomPackets(seed, version).next(type);
                out.clear();
                encoder.encode(packet, out);
                assertThat(Frames.decode(version, sender(type), out))
                        .as("seed %s", seed)
                        .isEqualTo(packet);
            }
        }
    }

    /// [MQTT-6.0.0-2] in particular: frames of the transport are not packets.
    @ParameterizedTest
    @EnumSource
    void a_pipelined_stream_may_be_cut_anywhere(MqttVersion version) throws Exception {
        List<Packet> packets = new ArrayList<>();
        ByteBuf stream = Unpooled.buffer();
        for (PacketType type : types(version)) {
            Packet packet = new RandomPackets(11, version).next(type);
            packets.add(packet);
            new PacketEncoder(version).encode(packet, stream);
        }
        for (int cut = 0; cut <= stream.writerIndex(); cut++) {
            List<Packet> read = new ArrayList<>();
            int index = readAll(version, stream, 0, cut, read);
            readAll(version, stream, index, stream.writerIndex(), read);
            assertThat(read).as("cut at %s", cut).isEqualTo(packets);
        }
    }

    /// Decodes what is complete; returns where the rest begins.
    private static int readAll(
            MqttVersion version, ByteBuf in, int from, int end, List<Packet> into)
            throws MalformedPacketException {
        int index = from;
        int length;
        while ((length = FrameScanner.scan(in, index, end, FrameScanner.FRAME_BYTES_MAX)) > 0) {
            Sender sender = sender(PacketType.ofFirstByte(in.getByte(index)));
            into.add(
                    new PacketDecoder(version, sender, DecoderLimits.DEFAULT)
                            .decode(in, index, length));
            index += length;
        }
        return index;
    }

    private static List<PacketType> types(MqttVersion version) {
        List<PacketType> types = new ArrayList<>(List.of(PacketType.values()));
        if (version != MqttVersion.V5) {
            types.remove(PacketType.AUTH);
        }
        return types;
    }

    private static Sender sender(PacketType type) {
        return type.sentBy(Sender.CLIENT) ? Sender.CLIENT : Sender.SERVER;
    }
}
