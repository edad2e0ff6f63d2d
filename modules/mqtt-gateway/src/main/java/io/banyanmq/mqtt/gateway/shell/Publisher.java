package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.FrameScanner;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a connection remembers of its own publishes. Nothing is allocated for a client that never publishes.
final class Publisher {
    final PendingAcks pending;

    /// Of the last topic; most publishers have just one.
    @Nullable Receivers lastReceivers;

    /// By alias; null until the client gives its first.
    private @Nullable Receivers @Nullable [] aliases;

    /// QoS 2 messages taken over and not yet released [MQTT-4.3.3-10].
    private @Nullable BitSet begun;

    /// QoS 1 and 2 messages that came and are not settled.
    private int unsettled;

    /// Whole frames that came while the gateway had no lease.
    private @Nullable ByteBuf parked;

    private int parkedMessages;
    private boolean warnedOfRetain;

    Publisher(PendingAcks pending) {
        this.pending = pending;
    }

    boolean isFull(int receiveMaximum) {
        return unsettled + parkedMessages >= receiveMaximum;
    }

    void received() {
        unsettled++;
    }

    void settled() {
        unsettled--;
    }

    /// Takes over a QoS 2 message; false if it is a repeat.
    boolean begin(int packetId) {
        BitSet ids = begun;
        if (ids == null) {
            ids = new BitSet();
            begun = ids;
        }
        if (ids.get(packetId)) {
            return false;
        }
        ids.set(packetId);
        return true;
    }

    /// Releases a QoS 2 message; false if there is none.
    boolean release(int packetId) {
        BitSet ids = begun;
        if (ids == null || !ids.get(packetId)) {
            return false;
        }
        ids.clear(packetId);
        return true;
    }

    @Nullable Receivers alias(int alias) {
        return aliases == null ? null : aliases[alias - 1];
    }

    void alias(int alias, Receivers receivers, int max) {
        if (aliases == null) {
            aliases = new @Nullable Receivers[max];
        }
        aliases[alias - 1] = receivers;
    }

    /// Lets go of what is out of date, so that clients that have left are not kept in memory. An alias keeps its topic.
    void forgetStale(Matcher matcher) {
        if (!matcher.isCurrent(lastReceivers)) {
            lastReceivers = null;
        }
        @Nullable Receivers @Nullable [] known = aliases;
        if (known != null) {
            for (int i = 0; i < known.length; i++) {
                Receivers receivers = known[i];
                if (receivers != null && !matcher.isCurrent(receivers)) {
                    known[i] = matcher.match(receivers.topic);
                }
            }
        }
    }

    /// Whether this is the first retained message, which is worth a line in the log.
    boolean warnOfRetain() {
        boolean first = !warnedOfRetain;
        warnedOfRetain = true;
        return first;
    }

    void park(ByteBufAllocator allocator, ByteBuf in, int index, int length) {
        if (parked == null) {
            parked = allocator.directBuffer(Math.max(1_024, length));
        }
        parked.writeBytes(in, index, length);
        parkedMessages++;
    }

    int parkedMessages() {
        return parkedMessages;
    }

    int parkedBytes() {
        return parked == null ? 0 : parked.readableBytes();
    }

    /// What takes a parked frame.
    interface Taker {
        /// A whole frame: `length` bytes from `index`.
        void take(ByteBuf in, int index, int length) throws MalformedPacketException;
    }

    /// Hands the parked frames over, in order, until `over`.
    void unpark(Taker taker, BooleanSupplier over) throws MalformedPacketException {
        ByteBuf frames = parked;
        parked = null;
        parkedMessages = 0;
        if (frames == null) {
            return;
        }
        try {
            while (frames.isReadable() && !over.getAsBoolean()) {
                int index = frames.readerIndex();
                int end = frames.writerIndex();
                int length = FrameScanner.scan(frames, index, end, Integer.MAX_VALUE);
                frames.skipBytes(length);
                taker.take(frames, index, length);
            }
        } finally {
            frames.release();
        }
    }

    void close() {
        lastReceivers = null;
        aliases = null;
        if (parked != null) {
            parked.release();
            parked = null;
        }
    }
}
