package io.banyanmq.fabric;

import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.LinkSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The sending end of a numbered link: frames 1, 2, 3 … to one peer, which takes each exactly once and in order as long as both
/// epochs of its [LinkId] live, over any number of connections. It reconnects by itself until [#close].
///
/// A frame's bytes are copied once, into pooled chunks; those go to the channel as retained slices and are kept until
/// the peer took them, so a broken connection needs no second copy. What was appended in one turn of the loop leaves in one flush at
/// its end.
///
/// Every call, unless said otherwise, belongs on the loop that the link was opened on.
public final class Link implements AutoCloseable {
    /// Small enough for the pooled allocator's per-thread cache (32 KiB), so a link with little to do can give its last
    /// chunk back with every acknowledgement.
    static final int CHUNK_BYTES = 32 << 10;

    /// Length, type and number before a frame's body.
    static final int HEAD_BYTES = Connection.LENGTH_BYTES + 1 + Long.BYTES;

    /// What a link did so far.
    ///
    /// @param frames frames appended, so also the last one's number
    /// @param taken the last one that the peer took
    /// @param bytes all frames together, heads included
    /// @param heldBytes what is kept for a possible repeat
    /// @param connects how often a connection was made
    public record Counters(
            long frames,
            long taken,
            long bytes,
            long heldBytes,
            long connects,
            boolean connected) {}

    /// A piece of the frames appended; in the order of a linked list, oldest first.
    private static final class Chunk {
        final ByteBuf bytes;
        @Nullable Chunk next;

        Chunk(ByteBuf bytes) {
            this.bytes = bytes;
        }
    }

    private final FabricConfig config;
    private final LinkId id;
    private final EventLoop loop;
    private final LinkHandler handler;
    private final LinkSender sender;
    private final ByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;
    private final Runnable flush = this::flush;

    private @Nullable Chunk oldest;
    private @Nullable Chunk newest;

    /// The chunk that is being written to the connection, and up to where it was.
    private @Nullable Chunk writing;

    private int writtenTo;

    /// The connection, once the receiver said where to resume; null before and between.
    private @Nullable Connection connection;

    private @Nullable Dialer dialer;
    private long answeredTo;
    private boolean settlementDue;
    private boolean flushPending;
    private boolean closed;
    private long connects;
    private long bytes;
    private volatile Counters counters = new Counters(0, 0, 0, 0, 0, false);

    Link(FabricConfig config, LinkId id, EventLoop loop, LinkHandler handler) {
        this.config = config;
        this.id = id;
        this.loop = loop;
        this.handler = handler;
        this.sender = new LinkSender(config.windowBytes());
    }

    void dialledBy(Dialer initiator) {
        dialer = initiator;
    }

    /// From any thread.
    public LinkId id() {
        return id;
    }

    /// Appends a frame and returns its number. `body`'s readable bytes are copied; its indices stay. Accepts more than the window: that bounds
    /// those who look at [#isWritable], not this call.
    ///
    /// @throws IllegalArgumentException if the body cannot fit in a frame
    public long append(ByteBuf body) {
        if (closed) {
            throw new IllegalStateException("link " + id + " is closed");
        }
        int length = body.readableBytes();
        int frameBytes = HEAD_BYTES + length;
        if (frameBytes - Connection.LENGTH_BYTES > config.frameBytesMax()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "frame of %,d bytes on link %s, at most %,d",
                            frameBytes,
                            id,
                            config.frameBytesMax()));
        }
        Chunk tail = newest;
        boolean newSegment = tail == null || tail.bytes.writableBytes() < frameBytes;
        if (tail == null || newSegment) {
            tail = addChunk(Math.max(CHUNK_BYTES, frameBytes));
        }
        long number = sender.append(frameBytes, newSegment);
        tail.bytes
                .writeInt(frameBytes - Connection.LENGTH_BYTES)
                .writeByte(FrameType.NUMBERED.code())
                .writeLong(number)
                .writeBytes(body, body.readerIndex(), length);
        bytes += frameBytes;
        if (!flushPending) {
            flushPending = true;
            loop.execute(flush);
        }
        return number;
    }

    /// Number of the last frame appended; 0 before the first.
    public long last() {
        return sender.last();
    }

    /// Number of the last frame that the peer took.
    public long taken() {
        return sender.taken();
    }

    /// Whether there is credit: false once [FabricConfig#windowBytes] are unacknowledged, until half of
    /// them are; [LinkHandler#writable] says when.
    public boolean isWritable() {
        return sender.writable();
    }

    /// Whether a connection carries the link just now.
    public boolean isConnected() {
        return connection != null;
    }

    /// As of the last turn of the loop that changed something. From any thread.
    public Counters counters() {
        return counters;
    }

    /// What [#forEachUntaken] calls.
    public interface FrameVisitor {
        /// `body` is a frame from its reader to its writer index, during the call only.
        void frame(long number, ByteBuf body);
    }

    /// Visits every frame that the peer has not acknowledged, oldest first: what becomes of its messages when its epoch ends is
    /// the caller's to decide.
    public void forEachUntaken(FrameVisitor visitor) {
        for (Chunk chunk = oldest; chunk != null; chunk = chunk.next) {
            ByteBuf view = chunk.bytes.duplicate();
            int end = chunk.bytes.writerIndex();
            int at = 0;
            while (at < end) {
                int next = at + Connection.LENGTH_BYTES + chunk.bytes.getInt(at);
                long number = chunk.bytes.getLong(at + Connection.LENGTH_BYTES + 1);
                if (number > sender.taken()) {
                    visitor.frame(number, view.setIndex(at + HEAD_BYTES, next));
                }
                at = next;
            }
        }
    }

    /// Ends it, dropping what was not taken. Nothing is called back afterwards.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (dialer != null) {
            dialer.stop();
        }
        if (connection != null) {
            connection.close("link closed by this node");
            connection = null;
        }
        release(Integer.MAX_VALUE);
        publish();
    }

    /// A proven connection: say which link this is, and wait for where to resume.
    void attach(Connection proven) {
        proven.enter(new Carrying(proven));
        proven.send(FrameType.OPEN, LinkOpening.encode(id, sender.taken()));
    }

    private Chunk addChunk(int capacity) {
        Chunk chunk = new Chunk(alloc.directBuffer(capacity, capacity));
        if (newest == null) {
            oldest = chunk;
        } else {
            newest.next = chunk;
        }
        newest = chunk;
        if (writing == null) {
            writing = chunk;
            writtenTo = 0;
        }
        return chunk;
    }

    /// Gives the oldest `count` chunks back.
    private void release(int count) {
        Chunk chunk = oldest;
        for (int i = 0; i < count && chunk != null; i++) {
            if (chunk == writing) {
                writing = chunk.next;
                writtenTo = 0;
            }
            chunk.bytes.release();
            chunk = chunk.next;
        }
        oldest = chunk;
        if (chunk == null) {
            newest = null;
        }
    }

    private void flush() {
        flushPending = false;
        Connection current = connection;
        if (current != null) {
            writeTo(current);
        }
        publish();
    }

    private void writeTo(Connection current) {
        Chunk chunk = writing;
        while (chunk != null) {
            int end = chunk.bytes.writerIndex();
            if (end > writtenTo) {
                current.writeNow(chunk.bytes.retainedSlice(writtenTo, end - writtenTo));
                writtenTo = end;
            }
            if (chunk.next == null) {
                break;
            }
            chunk = chunk.next;
            writing = chunk;
            writtenTo = 0;
        }
        current.flushNow();
    }

    /// The receiver took everything up to `number`.
    private void took(long number, boolean resumed) {
        boolean wasWritable = sender.writable();
        long before = sender.taken();
        release(resumed ? sender.resume(number) : sender.taken(number));
        if (sender.taken() > before) {
            handler.taken(number);
        }
        if (!wasWritable && sender.writable() && !closed) {
            handler.writable();
        }
    }

    /// Sets the point to write from behind the last frame that was taken.
    private void rewind() {
        writing = oldest;
        writtenTo = 0;
        if (oldest == null) {
            return;
        }
        ByteBuf frames = oldest.bytes;
        while (writtenTo < frames.writerIndex()
                && frames.getLong(writtenTo + Connection.LENGTH_BYTES + 1) <= sender.taken()) {
            writtenTo += Connection.LENGTH_BYTES + frames.getInt(writtenTo);
        }
    }

    private void publish() {
        counters =
                new Counters(
                        sender.last(),
                        sender.taken(),
                        bytes,
                        sender.heldBytes(),
                        connects,
                        connection != null);
    }

    private final class Carrying implements Connection.Stage {
        private final Connection carrier;

        Carrying(Connection carrier) {
            this.carrier = carrier;
        }

        @Override
        public void frame(FrameType type, ByteBuf body) {
            if (closed) {
                return;
            }
            switch (type) {
                case TAKEN -> took(body.readLong(), false);
                case ANSWER -> answered(body.readLong(), body);
                case RESUME -> resumed(body.readLong());
                case REFUSED -> carrier.close("refused: " + LinkOpening.refusal(body));
                default ->
                        throw new Connection.MalformedFrameException(
                                "unexpected " + type + " from the receiver of a link");
            }
        }

        private void answered(long number, ByteBuf answer) {
            settlementDue = true;
            if (number > answeredTo) {
                answeredTo = number;
                handler.answered(number, ByteBufUtil.getBytes(answer));
            }
        }

        private void resumed(long number) {
            took(number, true);
            if (closed) {
                return;
            }
            rewind();
            connection = carrier;
            connects++;
            if (dialer != null) {
                dialer.useful();
            }
            writeTo(carrier);
            handler.connected();
        }

        @Override
        public void readComplete() {
            if (settlementDue && !closed) {
                settlementDue = false;
                carrier.send(FrameType.SETTLED, answeredTo);
            }
            publish();
        }

        @Override
        public void closed(String why) {
            if (connection == carrier) {
                connection = null;
                handler.disconnected();
            }
            publish();
            if (dialer != null) {
                dialer.lost(why);
            }
        }
    }
}
