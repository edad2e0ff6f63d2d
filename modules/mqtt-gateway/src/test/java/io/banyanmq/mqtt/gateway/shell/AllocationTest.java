package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.banyanmq.test.kit.Allocation;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The path of a message allocates nothing on the heap: what a turn of the loop does is shared by all its messages.
final class AllocationTest {
    private static final int MESSAGES = 20_000;

    /// A read of 64 KiB holds hundreds of these messages and allocates some objects; a message must not.
    private static final int BYTES_A_MESSAGE_MAX = 12;

    @ParameterizedTest
    @CsvSource({"V3_1_1, 0", "V3_1_1, 1", "V5, 0", "V5, 1"})
    void a_message_allocates_nothing(MqttVersion version, int qos) throws IOException {
        EventLoop[] loop = new EventLoop[1];
        try (TestGateway gateway =
                        TestGateway.start(
                                1,
                                config ->
                                        config.withLimits(
                                                config.limits().withWindows(65_535, 65_535)),
                                (int index, EventLoop on, LaneClients clients) -> {
                                    loop[0] = on;
                                    return new SoloLane();
                                });
                RawClient subscriber = gateway.connect(version, "s");
                RawClient publisher = gateway.connect(version, "p")) {
            subscriber.subscribe(1, "a/b", Qos.of(qos));
            ByteBuf batch = batch(version, qos);
            long before = 0;
            for (int round = 0; round < 3; round++) {
                before = allocated(loop[0]);
                publisher.sendBytes(batch.copy());
                drain(publisher, subscriber, version, qos);
            }
            long bytes = allocated(loop[0]) - before;
            assertThat(bytes / MESSAGES)
                    .as("%d bytes for %d messages", bytes, MESSAGES)
                    .isLessThanOrEqualTo(BYTES_A_MESSAGE_MAX);
        }
    }

    private static ByteBuf batch(MqttVersion version, int qos) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder encoder = new PacketEncoder(version);
        for (int i = 1; i <= MESSAGES; i++) {
            encoder.encode(
                    new Packet.Publish(
                            false,
                            Qos.of(qos),
                            false,
                            "a/b",
                            qos == 0 ? 0 : i,
                            Properties.NONE,
                            Bytes.utf8("x")),
                    out);
        }
        return out;
    }

    private static void drain(
            RawClient publisher, RawClient subscriber, MqttVersion version, int qos)
            throws IOException {
        ByteBuf acks = Unpooled.buffer();
        PacketEncoder encoder = new PacketEncoder(version);
        for (int i = 0; i < MESSAGES; i++) {
            Packet.Publish got = subscriber.nextPublish();
            if (qos > 0) {
                encoder.encode(
                        new Packet.Puback(got.packetId(), ReasonCode.SUCCESS, Properties.NONE),
                        acks);
                publisher.expect(Packet.Puback.class);
            }
        }
        subscriber.sendBytes(acks);
        subscriber.untilPingresp();
    }

    private static long allocated(EventLoop loop) {
        return CompletableFuture.supplyAsync(Allocation::bytesOfThisThread, loop).join();
    }
}
