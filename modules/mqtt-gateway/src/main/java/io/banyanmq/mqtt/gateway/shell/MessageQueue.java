package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.PublishWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The QoS 1 and 2 messages that wait for a place in one client's window, oldest first, as frames that lack only their
/// packet identifier. Bounded in messages and bytes; what does not fit is refused, so the newest is lost. Nothing is
/// allocated while it is empty.
///
/// An entry: length of the frame's copied part (4), QoS and what is there (1), offset of the packet identifier (4), offset
/// of the expiry seconds (4), deadline (8), the copied part.
final class MessageQueue {
    private static final int CHUNK_BYTES_MIN = 1_024;
    private static final int CHUNK_BYTES_MAX = 64 * 1_024;
    private static final int ENTRY_HEAD_BYTES = 21;

    private static final int PAYLOAD_APART = 0x10;
    private static final int HELD = 0x20;

    private final ByteBufAllocator allocator;
    private final int messagesMax;
    private final int bytesMax;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>(2);

    /// In the order of their entries: large payloads, held messages.
    private final ArrayDeque<Object> apart = new ArrayDeque<>(1);

    private int messages;
    private long bytes;

    /// The entry that [#next] moved to.
    private int flags;

    private int frameIndex;
    private int frameLength;
    private int packetIdOffset;
    private int expiryOffset;
    private long deadlineNanos;

    MessageQueue(ByteBufAllocator allocator, int messagesMax, int bytesMax) {
        this.allocator = allocator;
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return messages == 0;
    }

    int messages() {
        return messages;
    }

    /// Bytes of all frames, shared payloads counted for each.
    long bytes() {
        return bytes;
    }

    /// Appends a message.
    ///
    /// @param firstByte with RETAIN as the receiver gets it
    /// @param held to be kept with it, taken over if there is room; null for none
    /// @return whether there was room; if not, nothing has changed
    boolean offer(Encoded frame, int firstByte, Message message, @Nullable HeldMessage held) {
        if (messages >= messagesMax || bytes + frame.frameLength() > bytesMax) {
            return false;
        }
        ByteBuf chunk = room(ENTRY_HEAD_BYTES + frame.length);
        int what = (frame.payloadLength > 0 ? PAYLOAD_APART : 0) | (held == null ? 0 : HELD);
        chunk.writeInt(frame.length).writeByte(what);
        chunk.writeInt(frame.packetIdOffset).writeInt(frame.expiryOffset);
        chunk.writeLong(message.deadlineNanos());
        int start = chunk.writerIndex();
        chunk.writeBytes(frame.source, frame.index, frame.length);
        chunk.setByte(start, firstByte);
        if (frame.payloadLength > 0) {
            apart.add(message.payloadToKeep());
        }
        if (held != null) {
            apart.add(held);
        }
        messages++;
        bytes += frame.frameLength();
        return true;
    }

    private ByteBuf room(int needed) {
        ByteBuf last = chunks.peekLast();
        if (last != null && last.capacity() - last.writerIndex() >= needed) {
            return last;
        }
        long likely = Math.clamp(bytes, CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
        ByteBuf chunk = allocator.directBuffer((int) Math.max(needed, likely));
        chunks.add(chunk);
        return chunk;
    }

    /// Moves to the oldest message; the queue must not be empty. [#take] or [#discard] must follow.
    void next() {
        ByteBuf chunk = head();
        frameLength = chunk.readInt();
        flags = chunk.readByte();
        packetIdOffset = chunk.readInt();
        expiryOffset = chunk.readInt();
        deadlineNanos = chunk.readLong();
        frameIndex = chunk.readerIndex();
    }

    private ByteBuf head() {
        ByteBuf chunk = chunks.getFirst();
        if (!chunk.isReadable()) {
            chunks.removeFirst().release();
            chunk = chunks.getFirst();
        }
        return chunk;
    }

    boolean isExpired(long nowNanos) {
        return deadlineNanos != Message.NEVER && deadlineNanos - nowNanos <= 0;
    }

    int qos() {
        return (chunks.getFirst().getByte(frameIndex) & 0x06) >> 1;
    }

    /// Bytes that [#take] appends.
    int copiedLength() {
        return frameLength;
    }

    /// Takes the message out: appends the copied part of its frame, with what remains of its expiry interval.
    void take(ByteBuf out, int packetId, long nowNanos) {
        ByteBuf chunk = chunks.getFirst();
        int start = out.writerIndex();
        PublishWriter.appendEncoded(
                out,
                chunk,
                frameIndex,
                frameLength,
                packetIdOffset,
                chunk.getByte(frameIndex),
                packetId);
        if (expiryOffset > 0) {
            out.setInt(start + expiryOffset, (int) Message.secondsLeft(deadlineNanos, nowNanos));
        }
        leave();
    }

    /// The large payload that follows what [#take] appended, whose reference the caller gets; null for none.
    @Nullable ByteBuf takePayload() {
        if ((flags & PAYLOAD_APART) == 0) {
            return null;
        }
        ByteBuf payload = (ByteBuf) apart.remove();
        bytes -= payload.readableBytes();
        return payload;
    }

    /// What is held of the message, after [#takePayload]; the caller owns it; null for nothing.
    @Nullable HeldMessage takeHeld() {
        return (flags & HELD) == 0 ? null : (HeldMessage) apart.remove();
    }

    /// Drops the message.
    void discard(Consumer<HeldMessage> whatWasHeld) {
        leave();
        ByteBuf payload = takePayload();
        if (payload != null) {
            payload.release();
        }
        HeldMessage held = takeHeld();
        if (held != null) {
            whatWasHeld.accept(held);
        }
    }

    private void leave() {
        ByteBuf chunk = chunks.getFirst();
        chunk.readerIndex(frameIndex + frameLength);
        messages--;
        bytes -= frameLength;
        if (messages == 0) {
            chunks.forEach(ByteBuf::release);
            chunks.clear();
        }
    }

    /// Drops everything.
    ///
    /// @return how many messages that were
    int clear(Consumer<HeldMessage> whatWasHeld) {
        int dropped = messages;
        while (messages > 0) {
            next();
            discard(whatWasHeld);
        }
        return dropped;
    }
}
