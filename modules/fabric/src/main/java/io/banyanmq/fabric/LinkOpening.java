package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.Epoch;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The body of an `OPEN` frame: which link this is, and up to where its sender knows that frames were taken.
///
/// Sender epoch (8 + 4 bytes), lane (4), receiver epoch (8 + 4), taken (8); big endian.
record LinkOpening(LinkId id, long taken) {
    private static final int BYTES = 12 + 4 + 12 + 8;

    static byte[] encode(LinkId id, long taken) {
        return ByteBuffer.allocate(BYTES)
                .putLong(id.sender().index())
                .putInt(id.sender().position())
                .putInt(id.lane())
                .putLong(id.receiver().index())
                .putInt(id.receiver().position())
                .putLong(taken)
                .array();
    }

    /// @throws Connection.MalformedFrameException if it is none
    static LinkOpening decode(ByteBuf body) {
        try {
            Epoch sender = new Epoch(body.readLong(), body.readInt());
            int lane = body.readInt();
            Epoch receiver = new Epoch(body.readLong(), body.readInt());
            return new LinkOpening(new LinkId(sender, lane, receiver), body.readLong());
        } catch (IllegalArgumentException e) {
            throw new Connection.MalformedFrameException("unreadable OPEN: " + e.getMessage());
        }
    }

    /// The text of a `REFUSED` that answers it.
    static String refusal(ByteBuf body) {
        body.skipBytes(1);
        int length = Math.min(body.readUnsignedShort(), body.readableBytes());
        return body.readString(length, StandardCharsets.UTF_8).replaceAll("\\p{C}", "?");
    }
}
