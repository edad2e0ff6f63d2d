package io.banyanmq.bench;

import io.banyanmq.mqtt.codec.AckFrame;
import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.DecoderLimits;
import io.banyanmq.mqtt.codec.FrameScanner;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketDecoder;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.PublishFrame;
import io.banyanmq.mqtt.codec.PublishWriter;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.Sender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// A PUBLISH of 64 bytes to `bench/sensors/7/temperature`: read, written, and passed through, with our
/// codec and with Netty's. A batch of frames is in one buffer, as a busy connection reads them, and is
/// written to one buffer, as it sends them. Netty's figures have an `EmbeddedChannel` in them, which is
/// the only way to call its codec.
///
/// Samples batches, so that the median is good on a machine that does other things too.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.allocator.useCacheForAllThreads=true"
        })
public class CodecBenchmark {
    private static final int BATCH = 64;
    private static final int PAYLOAD_BYTES = 64;
    private static final int PACKET_BYTES_MAX = 1 << 20;

    /// 0 or 1.
    @Param({"0", "1"})
    public int qos;

    /// MQTT 3.1.1, or 5 with a message expiry interval and a content type.
    @Param({"V3_1_1", "V5"})
    public MqttVersion version = MqttVersion.V5;

    private final PublishFrame frame = new PublishFrame();
    private final PublishWriter writer = new PublishWriter();
    private PacketDecoder decoder =
            new PacketDecoder(MqttVersion.V5, Sender.CLIENT, DecoderLimits.DEFAULT);
    private final ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 16);
    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 16);
    private final EmbeddedChannel netty =
            new EmbeddedChannel(new MqttDecoder(PACKET_BYTES_MAX), MqttEncoder.INSTANCE);
    private MqttPublishMessage[] messages = {};

    /// Fills the buffer to read from, and teaches Netty's codec the version.
    @Setup
    public void fill() {
        decoder = new PacketDecoder(version, Sender.CLIENT, DecoderLimits.DEFAULT);
        PacketEncoder encoder = new PacketEncoder(version);
        Packet.Publish packet =
                new Packet.Publish(
                        false,
                        Qos.of(qos),
                        false,
                        "bench/sensors/7/temperature",
                        qos == 0 ? 0 : 7,
                        Properties.builder()
                                .add(Property.MESSAGE_EXPIRY_INTERVAL, 60L)
                                .add(Property.CONTENT_TYPE, "text/plain")
                                .build(),
                        Bytes.of(new byte[PAYLOAD_BYTES]));
        for (int i = 0; i < BATCH; i++) {
            encoder.encode(packet, in);
        }
        ByteBuf connect = netty.alloc().buffer();
        encoder.encode(
                new Packet.Connect(version, true, 0, Properties.NONE, "c", null, null, null),
                connect);
        netty.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        netty.writeInbound(connect);
        netty.readInbound();
        netty.writeInbound(in.retainedDuplicate());
        messages = new MqttPublishMessage[BATCH];
        for (int i = 0; i < BATCH; i++) {
            messages[i] = netty.readInbound();
        }
    }

    /// Returns what was taken.
    @TearDown
    public void release() {
        for (MqttPublishMessage message : messages) {
            message.release();
        }
        netty.finishAndReleaseAll();
        in.release();
        out.release();
    }

    /// Frames found and checked in place.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void decodeOurs(Blackhole sink) throws MalformedPacketException {
        int end = in.writerIndex();
        int index = 0;
        int length;
        while ((length = FrameScanner.scan(in, index, end, PACKET_BYTES_MAX)) > 0) {
            decoder.publish(in, index, length, frame);
            sink.consume(frame.topicIndex() + frame.payloadIndex());
            index += length;
        }
    }

    /// Netty's decoder: a message object, a String topic, and a slice of the payload.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void decodeNetty(Blackhole sink) {
        netty.writeInbound(in.retainedDuplicate());
        MqttPublishMessage message;
        while ((message = netty.readInbound()) != null) {
            sink.consume(message.variableHeader());
            message.release();
        }
    }

    /// Frames appended to one out buffer from topic, properties and payload of a frame.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int encodeOurs() throws MalformedPacketException {
        decoder.publish(in, 0, in.writerIndex() / BATCH, frame);
        out.clear();
        int firstByte = PublishWriter.firstByte(qos, false, false);
        writer.begin(version).topic(frame).properties(frame);
        for (int i = 0; i < BATCH; i++) {
            writer.append(out, firstByte, i + 1, in, frame.payloadIndex(), frame.payloadLength());
        }
        return out.writerIndex();
    }

    /// Netty's encoder: a buffer a message.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void encodeNetty(Blackhole sink) {
        for (MqttPublishMessage message : messages) {
            netty.writeOutbound(message.retainedDuplicate());
            ByteBuf buffer = netty.readOutbound();
            sink.consume(buffer.readableBytes());
            buffer.release();
        }
    }

    /// The way of a message through a broker: found, checked, copied on with a packet identifier of
    /// the receiver, and acknowledged.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int throughOurs() throws MalformedPacketException {
        out.clear();
        int end = in.writerIndex();
        int index = 0;
        int length;
        while ((length = FrameScanner.scan(in, index, end, PACKET_BYTES_MAX)) > 0) {
            decoder.publish(in, index, length, frame);
            PublishWriter.appendCopy(out, frame, frame.firstByte(), 9);
            if (frame.qos() != 0) {
                AckFrame.append(out, PacketType.PUBACK, frame.packetId());
            }
            index += length;
        }
        return out.writerIndex();
    }
}
