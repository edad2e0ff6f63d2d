package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The stream comes out in the same frames however it was cut, paused and resumed.
final class FrameReaderTest {
    private static final class Collector implements FrameReader.Sink {
        final List<String> frames = new ArrayList<>();
        boolean reading = true;
        int pauseAfter = Integer.MAX_VALUE;

        @Override
        public void frame(ByteBuf in, int index, int length) {
            frames.add(ByteBufUtil.hexDump(in, index, length));
            if (frames.size() % pauseAfter == 0) {
                reading = false;
            }
        }

        @Override
        public boolean isReading() {
            return reading;
        }
    }

    private static ByteBuf frame(SplittableRandom random) {
        int body = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(20);
        ByteBuf out = Unpooled.buffer().writeByte(0x30);
        if (body < 128) {
            out.writeByte(body);
        } else {
            out.writeByte((body & 0x7F) | 0x80).writeByte(body >> 7);
        }
        byte[] bytes = new byte[body];
        random.nextBytes(bytes);
        return out.writeBytes(bytes);
    }

    @Test
    void frames_are_the_same_however_they_come() throws MalformedPacketException {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> expected = new ArrayList<>();
            ByteBuf stream = Unpooled.buffer();
            for (int i = 0; i < 40; i++) {
                ByteBuf frame = frame(random);
                expected.add(ByteBufUtil.hexDump(frame));
                stream.writeBytes(frame);
            }
            FrameReader reader = new FrameReader(UnpooledByteBufAllocator.DEFAULT, 10_000);
            Collector sink = new Collector();
            sink.pauseAfter = seed % 3 == 0 ? 1 + random.nextInt(5) : Integer.MAX_VALUE;
            int chunkMax = 1 + random.nextInt(seed % 2 == 0 ? 10 : 3_000);
            while (stream.isReadable()) {
                int size = Math.min(stream.readableBytes(), 1 + random.nextInt(chunkMax));
                reader.read(stream.readSlice(size), sink);
                if (random.nextBoolean()) {
                    resume(reader, sink);
                }
            }
            while (sink.frames.size() < expected.size()) {
                resume(reader, sink);
            }
            assertThat(sink.frames).as("seed %d", seed).isEqualTo(expected);
            assertThat(reader.isEmpty()).as("seed %d", seed).isTrue();
            stream.release();
        }
    }

    private static void resume(FrameReader reader, Collector sink) throws MalformedPacketException {
        sink.reading = true;
        reader.resume(sink);
    }
}
