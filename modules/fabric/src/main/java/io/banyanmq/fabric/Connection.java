package io.banyanmq.fabric;

import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.Handshake;
import io.banyanmq.fabric.core.LinkFaultException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One channel between two nodes: splits the stream into frames, keeps the heartbeat, and hands frames to the stage that the
/// connection is in. Lives on the channel's loop.
final class Connection extends ChannelInboundHandlerAdapter {
    /// The length field, which does not count itself.
    static final int LENGTH_BYTES = 4;

    /// What a connection is doing at the moment.
    interface Stage {
        /// The channel is up (and encrypted, if it is to be).
        default void started() {}

        /// A frame came; `body` is what lies between its reader and writer index, during the call only.
        void frame(FrameType type, ByteBuf body);

        /// All frames that one read brought were handed over.
        default void readComplete() {}

        /// The channel's buffer has room again, or no more.
        default void writabilityChanged() {}

        /// It is over; comes once, last.
        void closed(String why);
    }

    private final FabricConfig config;
    private final Channel channel;
    private Stage stage;
    private int frameBytesMax = Handshake.MESSAGE_BYTES_MAX;

    /// The beginning of a frame whose end has not come: a buffer of just its size.
    private @Nullable ByteBuf rest;

    private long lastReadNanos;
    private boolean silentSinceBeat = true;
    private boolean flushPending;
    private boolean closing;
    private String why = "the peer closed the connection";
    private @Nullable ScheduledFuture<?> beat;

    Connection(FabricConfig config, Channel channel, Stage stage) {
        this.config = config;
        this.channel = channel;
        this.stage = stage;
    }

    Channel channel() {
        return channel;
    }

    boolean isOpen() {
        return !closing && channel.isActive();
    }

    /// The peer is proven: longer frames may come, and heartbeats are due from now on.
    void proven() {
        frameBytesMax = config.frameBytesMax();
        lastReadNanos = System.nanoTime();
        long millis = config.heartbeat().toMillis();
        beat =
                channel.eventLoop()
                        .scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    void enter(Stage next) {
        stage = next;
    }

    /// Sends a frame at the end of this turn of the loop.
    void send(FrameType type, byte[] body) {
        write(frame(type, body));
    }

    /// Sends a frame that is one number.
    void send(FrameType type, long number) {
        ByteBuf frame = channel.alloc().directBuffer(LENGTH_BYTES + 1 + Long.BYTES);
        write(frame.writeInt(1 + Long.BYTES).writeByte(type.code()).writeLong(number));
    }

    /// Hands bytes of whole frames to the channel; they leave at the end of this turn of the loop.
    void write(ByteBuf frames) {
        writeNow(frames);
        if (!flushPending) {
            flushPending = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    /// Hands bytes of whole frames to the channel; the caller flushes.
    void writeNow(ByteBuf frames) {
        silentSinceBeat = false;
        var _ = channel.write(frames, channel.voidPromise());
    }

    void flushNow() {
        channel.flush();
    }

    /// Sends a last frame and closes once it left.
    void closeAfter(Handshake.Message last, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        why = reason;
        channel.writeAndFlush(frame(last.type(), last.body()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    void close(String reason) {
        if (!closing) {
            closing = true;
            why = reason;
        }
        var _ = channel.close();
    }

    /// Bytes that wait in the channel's buffer.
    long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private ByteBuf frame(FrameType type, byte[] body) {
        ByteBuf frame = channel.alloc().directBuffer(LENGTH_BYTES + 1 + body.length);
        return frame.writeInt(1 + body.length).writeByte(type.code()).writeBytes(body);
    }

    private void flush() {
        flushPending = false;
        channel.flush();
    }

    private void beat() {
        long silentNanos = System.nanoTime() - lastReadNanos;
        if (silentNanos > config.silence().toNanos()) {
            close(String.format(Locale.ROOT, "nothing came for %.1f s", silentNanos / 1e9));
        } else if (silentSinceBeat) {
            send(FrameType.PING, new byte[0]);
        }
        silentSinceBeat = true;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (ctx.pipeline().get(SslHandler.class) == null) {
            stage.started();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                stage.started();
            } else {
                close("TLS: " + tls.cause().getMessage());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        lastReadNanos = System.nanoTime();
        try {
            if (rest == null || completes(in)) {
                frames(in);
            }
        } catch (MalformedFrameException | LinkFaultException e) {
            close(String.valueOf(e.getMessage()));
        } finally {
            in.release();
        }
    }

    /// Hands over every whole frame of `in` where it lies; the beginning of one more is kept.
    private void frames(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (end - at >= LENGTH_BYTES && !closing) {
            int length = checked(in.getInt(at));
            if (end - at - LENGTH_BYTES < length) {
                break;
            }
            dispatch(in, at + LENGTH_BYTES, length);
            at += LENGTH_BYTES + length;
        }
        if (at < end && !closing) {
            int size = end - at < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + in.getInt(at);
            rest = channel.alloc().directBuffer(size).writeBytes(in, at, end - at);
        }
    }

    /// Adds to the frame that was begun; true if it was completed (and handed over), so `in` may hold more.
    private boolean completes(ByteBuf in) {
        ByteBuf begun = rest;
        if (begun == null || closing) {
            return false;
        }
        int missing = LENGTH_BYTES - begun.readableBytes();
        if (missing > 0) {
            begun.writeBytes(in, Math.min(missing, in.readableBytes()));
            if (begun.readableBytes() < LENGTH_BYTES) {
                return false;
            }
        }
        int length = checked(begun.getInt(0));
        int wanted = LENGTH_BYTES + length - begun.readableBytes();
        begun.ensureWritable(wanted).writeBytes(in, Math.min(wanted, in.readableBytes()));
        if (begun.readableBytes() < LENGTH_BYTES + length) {
            return false;
        }
        rest = null;
        try {
            dispatch(begun, LENGTH_BYTES, length);
        } finally {
            begun.release();
        }
        return true;
    }

    private int checked(int length) {
        if (length < 1 || length > frameBytesMax) {
            throw new MalformedFrameException(
                    String.format(
                            Locale.ROOT,
                            "not a fabric frame: length 0x%08x, at most %,d here",
                            length,
                            frameBytesMax));
        }
        return length;
    }

    private void dispatch(ByteBuf in, int offset, int length) {
        FrameType type = FrameType.of(in.getByte(offset));
        if (type == null) {
            throw new MalformedFrameException(
                    "not a fabric frame: type " + (in.getByte(offset) & 0xff));
        }
        if (type != FrameType.PING) {
            in.setIndex(offset + 1, offset + length);
            try {
                stage.frame(type, in);
            } catch (IndexOutOfBoundsException e) {
                throw new MalformedFrameException(type + " is cut short: " + e.getMessage());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!closing) {
            stage.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stage.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        if (beat != null) {
            beat.cancel(false);
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
        stage.closed(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            close("connection broke: " + cause.getMessage());
        } else {
            close("fault: " + cause);
        }
    }

    /// The peer does not speak the fabric's protocol.
    static final class MalformedFrameException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedFrameException(String message) {
            super(message);
        }
    }
}
