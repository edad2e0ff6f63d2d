package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// Limits hold before anything of that size exists.
class LimitsTest {
    private static final DecoderLimits FEW = new DecoderLimits(4, 2, 3);
    private static final int BIG_BYTES = 1 << 20;

    /// The fixed header alone is enough.
    @Test
    void a_packet_too_large_is_refused_before_it_comes() {
        ByteBuf header = Frames.buf("30 81 80 40");
        MalformedPacketException fault = scanFault(header, BIG_BYTES);
        assertThat(fault)
                .hasMessage("PUBLISH: packet of 1048581 bytes, at most 1048576 [MQTT-3.2.2-15]");
        assertThat(fault.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    void the_limit_counts_the_fixed_header() throws Exception {
        ByteBuf frame = Frames.buf("30 03 0001 74");
        assertThat(FrameScanner.scan(frame, 0, 5, 5)).isEqualTo(5);
        assertThat(scanFault(frame, 4).reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    void the_largest_packet_there_can_be_is_understood() throws Exception {
        ByteBuf header = Frames.buf("30 ff ff ff 7f");
        assertThat(FrameScanner.scan(header, 0, 5, FrameScanner.FRAME_BYTES_MAX))
                .isEqualTo(-FrameScanner.FRAME_BYTES_MAX);
        assertThat(FrameScanner.headerLength(FrameScanner.FRAME_BYTES_MAX)).isEqualTo(5);
    }

    @Test
    void an_incomplete_frame_says_how_long_it_will_be() throws Exception {
        ByteBuf frame = Frames.buf("30 85 01 00");
        assertThat(FrameScanner.scan(frame, 0, 0, 200)).isEqualTo(FrameScanner.HEADER_INCOMPLETE);
        assertThat(FrameScanner.scan(frame, 0, 1, 200)).isEqualTo(FrameScanner.HEADER_INCOMPLETE);
        assertThat(FrameScanner.scan(frame, 0, 2, 200)).isEqualTo(FrameScanner.HEADER_INCOMPLETE);
        assertThat(FrameScanner.scan(frame, 0, 3, 200)).isEqualTo(-136);
        assertThat(FrameScanner.scan(frame, 0, 4, 200)).isEqualTo(-136);
    }

    @Test
    void header_lengths_follow_from_frame_lengths() throws Exception {
        for (int body : new int[] {0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152}) {
            ByteBuf header = Unpooled.buffer().writeByte(0x30);
            VariableByteInteger.write(header, body);
            int length =
                    Math.abs(
                            FrameScanner.scan(
                                    header, 0, header.writerIndex(), FrameScanner.FRAME_BYTES_MAX));
            assertThat(length).isEqualTo(header.writerIndex() + body);
            assertThat(FrameScanner.headerLength(length)).isEqualTo(header.writerIndex());
        }
    }

    @Test
    void more_properties_than_allowed_are_a_quota_error() {
        String user = "26 0001 61 0001 62 ";
        assertThat(fault("40 19 0001 00 15 " + user.repeat(3)))
                .hasMessage("PUBACK: more than 2 user properties [MQTT 5 §2.4 0x97]");
        assertThat(fault("30 17 0001 74 13 01 01 02 00000001 03 0000 08 0000 09 0000 23 0001"))
                .hasMessage("PUBLISH: more than 4 properties [MQTT 5 §2.4 0x97]");
    }

    @Test
    void more_filters_than_allowed_are_a_quota_error() {
        assertThat(fault("82 13 0001 00 " + "0001 61 00 ".repeat(4)))
                .hasMessage("SUBSCRIBE: more than 3 topic filters [MQTT 5 §2.4 0x97]");
        assertThat(fault("a2 0f 0001 00 " + "0001 61 ".repeat(4)))
                .hasMessage("UNSUBSCRIBE: more than 3 topic filters [MQTT 5 §2.4 0x97]");
        MalformedPacketException suback =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () ->
                                Frames.decode(
                                        new PacketDecoder(MqttVersion.V5, Sender.SERVER, FEW),
                                        Frames.buf("90 07 0001 00 00000000")));
        assertThat(suback).hasMessage("SUBACK: more than 3 reason codes [MQTT 5 §2.4 0x97]");
    }

    /// A megabyte of filters, and one of user properties, cost a few objects of the exception.
    @Test
    void what_is_refused_was_not_allocated() {
        ByteBuf subscribe = Unpooled.buffer();
        subscribe.writeShort(1).writeByte(0);
        ByteBuf puback = Unpooled.buffer();
        for (int i = 0; i < BIG_BYTES / 8; i++) {
            subscribe.writeShort(5).writeBytes(new byte[] {'a', '/', 'b', '/', 'c', 0});
            puback.writeByte(0x26).writeShort(1).writeByte('k').writeShort(1).writeByte('v');
        }
        ByteBuf properties = Unpooled.buffer().writeShort(1).writeByte(0);
        VariableByteInteger.write(properties, puback.readableBytes());
        properties.writeBytes(puback);
        for (ByteBuf frame : new ByteBuf[] {frame(0x82, subscribe), frame(0x40, properties)}) {
            assertThat(refusalBytes(frame)).isLessThan(50_000);
        }
    }

    private static ByteBuf frame(int firstByte, ByteBuf body) {
        ByteBuf frame = Unpooled.buffer().writeByte(firstByte);
        VariableByteInteger.write(frame, body.readableBytes());
        return frame.writeBytes(body);
    }

    /// Heap bytes a refused decode takes, classes being loaded.
    private static long refusalBytes(ByteBuf frame) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        PacketDecoder decoder = new PacketDecoder(MqttVersion.V5, Sender.CLIENT, FEW);
        long bytes = 0;
        for (int i = 0; i < 3; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                decoder.decode(frame, 0, frame.readableBytes());
            } catch (MalformedPacketException e) {
                bytes = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(e.reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            }
        }
        return bytes;
    }

    private static MalformedPacketException scanFault(ByteBuf in, int packetBytesMax) {
        return catchThrowableOfType(
                MalformedPacketException.class,
                () -> FrameScanner.scan(in, 0, in.writerIndex(), packetBytesMax));
    }

    private static MalformedPacketException fault(String hex) {
        MalformedPacketException fault =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () ->
                                Frames.decode(
                                        new PacketDecoder(MqttVersion.V5, Sender.CLIENT, FEW),
                                        Frames.buf(hex)));
        assertThat(fault.reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        return fault;
    }
}
