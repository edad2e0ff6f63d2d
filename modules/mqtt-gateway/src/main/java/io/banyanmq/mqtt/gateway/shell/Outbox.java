package io.banyanmq.mqtt.gateway.shell;

import static java.util.Objects.requireNonNull;

import io.banyanmq.mqtt.codec.AckFrame;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.PublishWriter;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.core.ClientTerms;
import io.banyanmq.mqtt.gateway.core.FarewellRules;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// What goes to one client. Everything of a turn of the loop is appended to one buffer and written at its end, with one flush.
///
/// Acknowledgements have a buffer of their own: they are only as good as the gateway's lease, which is looked at when they
/// are written, so that a process that was stopped in between does not send them when it wakes.
///
/// Bounds: what the socket has not taken, `queueBytesMax` (QoS 0 is dropped above, QoS 1 and 2 wait); what waits for the window,
/// `queueMessagesMax` and `queueBytesMax` (the newest is dropped).
final class Outbox {
    private static final int BUFFER_BYTES_MIN = 256;
    private static final int BUFFER_BYTES_MAX = 64 * 1_024;
    private static final int ACK_BUFFER_BYTES = 64;

    private final Connection connection;
    private final Lane lane;
    private final ChannelHandlerContext ctx;

    private @Nullable ByteBuf out;
    private @Nullable ByteBuf acks;
    private int sizeHint = BUFFER_BYTES_MIN;
    private boolean dirty;
    private boolean writable = true;

    /// Whether the CONNACK has been written: nothing goes before it.
    private boolean greeted;

    private boolean closed;
    private PacketEncoder encoder = Lane.encoder(MqttVersion.V5);
    private int packetBytesMax = Integer.MAX_VALUE;
    private boolean v5;
    private @Nullable Inflight inflight;
    private @Nullable MessageQueue queue;
    private @Nullable TopicAliases aliases;

    Outbox(Connection connection, ChannelHandlerContext ctx) {
        this.connection = connection;
        this.lane = connection.lane;
        this.ctx = ctx;
    }

    /// From here on the client's own limits count.
    void welcome(ClientTerms terms) {
        v5 = terms.version() == MqttVersion.V5;
        encoder = Lane.encoder(terms.version());
        packetBytesMax = terms.packetBytesMax();
        inflight = new Inflight(terms.windowMax());
        aliases = TopicAliases.upTo(terms.topicAliasMaximum());
    }

    private ByteBuf room(int bytes) {
        ByteBuf buffer = out;
        if (buffer != null && buffer.readableBytes() + bytes > BUFFER_BYTES_MAX) {
            handOver();
            buffer = out;
        }
        if (buffer == null) {
            buffer = lane.allocator.directBuffer(Math.max(sizeHint, bytes));
            out = buffer;
            markDirty();
        }
        return buffer;
    }

    private ByteBuf acks() {
        ByteBuf buffer = acks;
        if (buffer == null) {
            buffer = lane.allocator.directBuffer(ACK_BUFFER_BYTES);
            acks = buffer;
        }
        markDirty();
        return buffer;
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            lane.dirty(connection);
        }
    }

    /// Gives the channel what there is, without a flush.
    private void handOver() {
        ByteBuf buffer = out;
        if (buffer != null && greeted) {
            out = null;
            int size = buffer.readableBytes();
            sizeHint =
                    Math.clamp(
                            Integer.highestOneBit(Math.max(size, 1)) << 1,
                            BUFFER_BYTES_MIN,
                            BUFFER_BYTES_MAX);
            write(buffer);
        }
    }

    private void write(ByteBuf buffer) {
        lane.counters.add(Counter.BYTES_SENT, buffer.readableBytes());
        var _ = ctx.write(buffer, ctx.voidPromise()); // a failure arrives as exceptionCaught
    }

    /// The end of a turn: writes everything and flushes once. Acknowledgements stay if the lease does not cover them; the lane
    /// tries again.
    void flush() {
        dirty = false;
        if (closed) {
            return;
        }
        ByteBuf settled = acks;
        if (settled != null) {
            if (lane.mayAcknowledge()) {
                acks = null;
                greeted = true;
                write(settled);
            } else {
                lane.withhold(connection);
            }
        }
        handOver();
        ctx.flush();
    }

    /// The lease is back: what was kept goes out at the end of this turn.
    void retry() {
        if (!closed && acks != null) {
            markDirty();
        }
    }

    // Packets other than PUBLISH.

    /// Appends an answer that the lease has to cover: CONNACK, SUBACK, and PUBACK, PUBREC, PUBCOMP with more than a code.
    ///
    /// @return whether it is short enough for the client
    boolean acknowledge(Packet packet) {
        if (closed) {
            return true;
        }
        boolean fits = encoder.encodeWithin(packet, packetBytesMax, acks());
        if (fits) {
            lane.counters.increment(Counter.PACKETS_SENT);
        }
        return fits;
    }

    /// Appends a PUBACK, PUBREC or PUBCOMP.
    void acknowledge(PacketType type, int packetId, ReasonCode code) {
        if (!closed) {
            AckFrame.append(acks(), encoder.version(), type, packetId, code);
            lane.counters.increment(Counter.PACKETS_SENT);
        }
    }

    /// Appends a packet that promises nothing.
    ///
    /// @return whether it is short enough for the client
    boolean send(Packet packet) {
        if (closed) {
            return true;
        }
        boolean fits = encoder.encodeWithin(packet, packetBytesMax, room(BUFFER_BYTES_MIN));
        if (fits) {
            lane.counters.increment(Counter.PACKETS_SENT);
        }
        return fits;
    }

    /// Says something last, past everything the lease may hold back, and flushes; the channel is to be closed next.
    void farewell(Packet packet, PacketEncoder with) {
        if (closed) {
            return;
        }
        if (acks != null && lane.mayAcknowledge()) {
            ByteBuf settled = acks;
            acks = null;
            greeted = true;
            write(settled);
        }
        if (!greeted && !(packet instanceof Packet.Connack)) {
            return; // nothing goes before CONNACK
        }
        greeted = true;
        handOver();
        ByteBuf last = lane.allocator.directBuffer(BUFFER_BYTES_MIN);
        if (with.encodeWithin(packet, packetBytesMax, last)) {
            lane.counters.increment(Counter.PACKETS_SENT);
            write(last);
        } else {
            last.release();
        }
        ctx.flush();
    }

    // Messages.

    boolean isV5() {
        return v5;
    }

    /// Whether a message of this QoS would go out without waiting.
    boolean isReady(int qos) {
        return writable
                && (qos == 0 || ((queue == null || queue.isEmpty()) && !inflight().isFull()));
    }

    /// Sends a message, or lets it wait, or drops it and counts why.
    ///
    /// @param held to be given to somebody else if this client leaves; taken over; null for none
    void deliver(Message message, Target target, int qos, @Nullable HeldMessage held) {
        deliver(message, target, qos, message.retain() && target.retainAsPublished ? 1 : 0, held);
    }

    /// Sends a message that is kept, because the client has just subscribed to it: at QoS 0, with RETAIN set
    /// [MQTT-3.3.1-8].
    void deliverRetained(Message message, Target target) {
        deliver(message, target, 0, 1, null);
    }

    private void deliver(
            Message message, Target target, int qos, int retain, @Nullable HeldMessage held) {
        TopicAliases known = aliases;
        if (target.identifiers.length == 0 && known == null) {
            Encoded frame = message.encoded(v5, qos);
            deliver(message, frame, frame.firstByte | retain, held);
        } else if (known == null || !isReady(qos)) {
            Encoded frame = message.encodedFor(qos, target.identifiers, 0, true);
            deliver(message, frame, frame.firstByte | retain, held);
        } else {
            int alias = known.of(message.topic(), message.topicIndex(), message.topicLength());
            boolean withTopic = alias == 0 || known.isFresh();
            Encoded frame = message.encodedFor(qos, target.identifiers, alias, withTopic);
            if (frame.frameLength() > packetBytesMax) {
                known.takeBack();
            }
            deliver(message, frame, frame.firstByte | retain, held);
        }
    }

    private void deliver(
            Message message, Encoded frame, int firstByte, @Nullable HeldMessage held) {
        if (closed) {
            drop(Counter.DROPPED_DISCONNECTED, held);
        } else if (frame.frameLength() > packetBytesMax) {
            drop(Counter.DROPPED_TOO_LARGE, held); // [MQTT-3.1.2-25]
        } else if (frame.packetIdOffset == 0) {
            if (writable) {
                write(message, frame, firstByte, 0);
            } else {
                lane.counters.increment(Counter.DROPPED_SLOW_CONSUMER);
            }
        } else {
            int id =
                    writable && (queue == null || queue.isEmpty())
                            ? inflight().take(frame.qos())
                            : 0;
            if (id > 0) {
                write(message, frame, firstByte, id);
                if (held != null) {
                    inflight().hold(id, held);
                }
            } else if (queue().offer(frame, firstByte, message, held)) {
                lane.counters.increment(Counter.WAITING);
            } else {
                drop(Counter.DROPPED_QUEUE_FULL, held);
            }
        }
    }

    private void drop(Counter reason, @Nullable HeldMessage held) {
        lane.counters.increment(reason);
        if (held != null) {
            held.release();
        }
    }

    private void write(Message message, Encoded frame, int firstByte, int packetId) {
        ByteBuf buffer = room(frame.length);
        PublishWriter.appendEncoded(
                buffer,
                frame.source,
                frame.index,
                frame.length,
                frame.packetIdOffset,
                firstByte,
                packetId);
        if (frame.payloadLength > 0) {
            writeApart(message.payloadSlice());
        }
        sent(frame.frameLength());
    }

    private void writeApart(ByteBuf payload) {
        handOver();
        write(payload);
        markDirty();
    }

    private void sent(int frameLength) {
        Counters counters = lane.counters;
        counters.increment(Counter.DELIVERED);
        counters.increment(Counter.PUBLISH_SENT);
        counters.add(Counter.PUBLISH_BYTES_SENT, frameLength);
    }

    private Inflight inflight() {
        return requireNonNull(inflight, "no message goes out before CONNACK");
    }

    private MessageQueue queue() {
        MessageQueue waiting = queue;
        if (waiting == null) {
            waiting =
                    new MessageQueue(
                            lane.allocator,
                            lane.limits.queueMessagesMax(),
                            lane.limits.queueBytesMax());
            queue = waiting;
        }
        return waiting;
    }

    /// Sends what waits, as far as the window and the socket allow.
    private void pump() {
        MessageQueue waiting = queue;
        if (waiting == null || waiting.isEmpty() || closed) {
            return;
        }
        long now = System.nanoTime();
        while (writable && !waiting.isEmpty() && !inflight().isFull()) {
            waiting.next();
            lane.counters.add(Counter.WAITING, -1);
            if (waiting.isExpired(now)) {
                lane.counters.increment(Counter.DROPPED_EXPIRED);
                waiting.discard(HeldMessage::release);
            } else {
                pumpOne(waiting, now);
            }
        }
    }

    private void pumpOne(MessageQueue waiting, long now) {
        int id = inflight().take(waiting.qos());
        int length = waiting.copiedLength();
        waiting.take(room(length), id, now);
        ByteBuf payload = waiting.takePayload();
        if (payload != null) {
            length += payload.readableBytes();
            writeApart(payload);
        }
        HeldMessage held = waiting.takeHeld();
        if (held != null) {
            inflight().hold(id, held);
        }
        sent(length);
    }

    // What the client settles.

    void puback(int packetId) {
        settled(PacketType.PUBACK, packetId, inflight().puback(packetId));
    }

    void pubrec(int packetId, boolean refused) {
        Inflight.Outcome outcome = inflight().pubrec(packetId, refused);
        if (outcome == Inflight.Outcome.OUT_OF_ORDER) {
            connection.disconnect(FarewellRules.outOfOrder(PacketType.PUBREC, packetId));
        } else if (!refused) {
            ReasonCode code =
                    outcome == Inflight.Outcome.DONE
                            ? ReasonCode.SUCCESS
                            : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
            AckFrame.append(
                    room(AckFrame.SHORT_BYTES + 1),
                    encoder.version(),
                    PacketType.PUBREL,
                    packetId,
                    code);
            lane.counters.increment(Counter.PACKETS_SENT);
        } else {
            pump();
        }
    }

    void pubcomp(int packetId) {
        settled(PacketType.PUBCOMP, packetId, inflight().pubcomp(packetId));
    }

    private void settled(PacketType type, int packetId, Inflight.Outcome outcome) {
        switch (outcome) {
            case DONE -> pump();
            case UNKNOWN -> {} // of a message that was settled before
            case OUT_OF_ORDER -> connection.disconnect(FarewellRules.outOfOrder(type, packetId));
        }
    }

    /// The socket takes more, or takes no more.
    void writable(boolean now) {
        writable = now;
        if (now) {
            pump();
        }
    }

    int inflightSize() {
        return inflight == null ? 0 : inflight.size();
    }

    int queuedMessages() {
        return queue == null ? 0 : queue.messages();
    }

    long queuedBytes() {
        return queue == null ? 0 : queue.bytes();
    }

    /// Gives up everything. Held messages that the client has not begun to take go to the lane's shared subscriptions.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (out != null) {
            out.release();
            out = null;
        }
        if (acks != null) {
            acks.release();
            acks = null;
        }
        if (inflight != null) {
            inflight.clear((held, qos) -> {
                if (qos == 1) {
                    lane.shared.redeliver(held);
                } else {
                    held.release(); // QoS 2 that was sent goes to nobody else [MQTT-4.8.2-5]
                }
            });
        }
        if (queue != null) {
            int dropped = queue.clear(lane.shared::redeliver);
            lane.counters.add(Counter.WAITING, -dropped);
            lane.counters.add(Counter.DROPPED_DISCONNECTED, dropped);
        }
    }
}
