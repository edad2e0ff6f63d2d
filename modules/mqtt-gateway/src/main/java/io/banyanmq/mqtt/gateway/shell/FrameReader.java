package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.FrameScanner;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Cuts what one client sends into frames, where it lies in the buffers as they were read. Only a frame that is not complete,
/// or what came after a pause, is copied, and freed as soon as it is used up.
final class FrameReader {
    /// What takes the frames.
    interface Sink {
        /// A whole frame: `length` bytes from `index`.
        void frame(ByteBuf in, int index, int length) throws MalformedPacketException;

        /// Whether more frames are wanted now; if not, the rest is kept.
        boolean isReading();
    }

    private static final int REST_BYTES_MIN = 512;

    private final ByteBufAllocator allocator;
    private final int packetBytesMax;

    /// What was read and not used. Its bytes are never moved, as slices of them may be on their way.
    private @Nullable ByteBuf rest;

    private boolean cutting;
    private boolean closed;

    FrameReader(ByteBufAllocator allocator, int packetBytesMax) {
        this.allocator = allocator;
        this.packetBytesMax = packetBytesMax;
    }

    /// Takes what was read; the caller keeps its reference.
    void read(ByteBuf in, Sink sink) throws MalformedPacketException {
        if (rest != null && sink.isReading()) {
            completeFrame(rest, in);
            readRest(sink);
        }
        ByteBuf kept = rest;
        if (kept != null) {
            kept.writeBytes(in);
        } else if (in.isReadable()) {
            cut(in, sink);
            keep(in);
        }
    }

    /// Whether nothing is left of what was read.
    boolean isEmpty() {
        return rest == null;
    }

    /// Goes on after a pause. One that ends while its own frame is being taken needs nothing: the cutting goes on.
    void resume(Sink sink) throws MalformedPacketException {
        if (rest != null && !cutting && sink.isReading()) {
            readRest(sink);
        }
    }

    /// Moves as few bytes as it takes to complete the first frame of the rest.
    private void completeFrame(ByteBuf kept, ByteBuf in) throws MalformedPacketException {
        while (in.isReadable()) {
            int length =
                    FrameScanner.scan(kept, kept.readerIndex(), kept.writerIndex(), packetBytesMax);
            if (length > 0) {
                return;
            }
            int missing =
                    length == FrameScanner.HEADER_INCOMPLETE ? 1 : -length - kept.readableBytes();
            kept.writeBytes(in, Math.min(missing, in.readableBytes()));
        }
    }

    private void readRest(Sink sink) throws MalformedPacketException {
        ByteBuf kept = rest;
        if (kept == null) {
            return;
        }
        int before = kept.readerIndex();
        kept.retain(); // a frame may close the connection
        try {
            cut(kept, sink);
        } finally {
            kept.release();
        }
        if (closed) {
            return;
        }
        if (!kept.isReadable()) {
            rest = null;
            kept.release();
        } else if (kept.readerIndex() > before) {
            rest = null;
            keep(kept);
            kept.release();
        }
    }

    private void cut(ByteBuf in, Sink sink) throws MalformedPacketException {
        int index = in.readerIndex();
        int end = in.writerIndex();
        int length;
        cutting = true;
        try {
            while (sink.isReading()
                    && (length = FrameScanner.scan(in, index, end, packetBytesMax)) > 0) {
                index += length;
                in.readerIndex(index);
                sink.frame(in, index - length, length);
            }
        } finally {
            cutting = false;
        }
    }

    private void keep(ByteBuf in) {
        if (in.isReadable() && rest == null && !closed) {
            ByteBuf kept = allocator.directBuffer(Math.max(REST_BYTES_MIN, 2 * in.readableBytes()));
            kept.writeBytes(in);
            rest = kept;
        }
    }

    /// Forgets what is left.
    void close() {
        closed = true;
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}
