package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/// Bytes in and out of the codec as hex strings, with spaces where they help the eye.
final class Frames {
    private Frames() {}

    static ByteBuf buf(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static String hex(ByteBuf buf) {
        return ByteBufUtil.hexDump(buf);
    }

    static String compact(String hex) {
        return hex.replace(" ", "");
    }

    static String encode(MqttVersion version, Packet packet) {
        ByteBuf out = Unpooled.buffer();
        new PacketEncoder(version).encode(packet, out);
        return hex(out);
    }

    /// Scans and decodes exactly one frame that fills the buffer.
    static Packet decode(MqttVersion version, Sender sender, ByteBuf in)
            throws MalformedPacketException {
        return decode(new PacketDecoder(version, sender, DecoderLimits.DEFAULT), in);
    }

    static Packet decode(PacketDecoder decoder, ByteBuf in) throws MalformedPacketException {
        int index = in.readerIndex();
        int length = FrameScanner.scan(in, index, in.writerIndex(), FrameScanner.FRAME_BYTES_MAX);
        if (length != in.readableBytes()) {
            throw new IllegalArgumentException(
                    "scanned " + length + " of " + in.readableBytes() + " bytes");
        }
        return decoder.decode(in, index, length);
    }

    static Packet decode(MqttVersion version, Sender sender, String hex)
            throws MalformedPacketException {
        return decode(version, sender, buf(hex));
    }
}
