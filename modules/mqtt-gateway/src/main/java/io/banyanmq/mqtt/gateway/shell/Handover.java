package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Messages from one loop to clients of the others, in batches: one task a turn for each other loop. Their order is kept.
///
/// Bound: [#BYTES_UNDER_WAY_MAX] on the way to a loop; a publisher that passes it is not read until half of that is done.
final class Handover {
    static final long BYTES_UNDER_WAY_MAX = 64L << 20;
    private static final int BATCH_BYTES = 4_096;

    private final Lane lane;
    private final @Nullable Batch[] open;

    /// On the way to this loop, from all others.
    private final AtomicLong bytesUnderWay = new AtomicLong();

    private final ForwardBody.View view = new ForwardBody.View();
    private final Message message;

    Handover(Lane lane, int laneCount) {
        this.lane = lane;
        open = new @Nullable Batch[laneCount];
        message = new Message(lane.allocator);
    }

    /// Messages for one loop. Made on one loop, used up on the other.
    private static final class Batch {
        final ByteBuf bodies;
        final List<Target[]> targets = new ArrayList<>();
        final List<@Nullable HeldMessage> held = new ArrayList<>();
        long[] deadlines = new long[16];
        int[] ends = new int[16];

        Batch(ByteBuf bodies) {
            this.bodies = bodies;
        }

        void add(Message message, Target[] to, @Nullable HeldMessage keep) {
            int i = targets.size();
            if (i == ends.length) {
                deadlines = Arrays.copyOf(deadlines, 2 * i);
                ends = Arrays.copyOf(ends, 2 * i);
            }
            long deadline = message.deadlineNanos();
            long now = deadline == Message.NEVER ? 0 : System.nanoTime();
            message.appendBody(bodies, true, List.of(), now);
            ends[i] = bodies.writerIndex();
            deadlines[i] = deadline;
            targets.add(to);
            held.add(keep);
        }
    }

    /// Gives a message to clients of another loop, at the end of this turn.
    ///
    /// @param keep for the one target of a shared subscription; taken over
    void add(int toLane, Message from, Target[] targets, @Nullable HeldMessage keep) {
        Batch batch = open[toLane];
        if (batch == null) {
            batch = new Batch(lane.allocator.directBuffer(BATCH_BYTES));
            open[toLane] = batch;
            lane.wantFlush();
        }
        batch.add(from, targets, keep);
    }

    /// Whether a loop has more under way to it than it should.
    static boolean isCongested(Lane to) {
        return to.handover.bytesUnderWay.get() > BYTES_UNDER_WAY_MAX;
    }

    /// The end of a turn: sends all batches.
    void flush() {
        for (int i = 0; i < open.length; i++) {
            Batch batch = open[i];
            if (batch != null) {
                open[i] = null;
                Lane to = lane.peers.get(i);
                int size = batch.bodies.readableBytes();
                to.handover.bytesUnderWay.addAndGet(size);
                to.loop.execute(() -> to.handover.take(batch, size));
            }
        }
    }

    private void take(Batch batch, int size) {
        int start = 0;
        for (int i = 0; i < batch.targets.size(); i++) {
            batch.bodies.setIndex(start, batch.ends[i]);
            start = batch.ends[i];
            message.set(view.read(batch.bodies), batch.bodies, batch.deadlines[i], 0);
            deliver(batch.targets.get(i), batch.held.get(i));
            message.done();
        }
        batch.bodies.release();
        long left = bytesUnderWay.addAndGet(-size);
        if (left < BYTES_UNDER_WAY_MAX / 2 && left + size >= BYTES_UNDER_WAY_MAX / 2) {
            for (Lane other : lane.peers) {
                other.loop.execute(() -> other.pauses.laneRelieved());
            }
        }
    }

    private void deliver(Target[] targets, @Nullable HeldMessage held) {
        for (Target target : targets) {
            if (target.isLive()) {
                int qos = Math.min(target.qos, message.qos());
                target.connection.outbox().deliver(message, target, qos, held);
            } else {
                lane.counters.increment(Counter.DROPPED_DISCONNECTED);
                if (held != null) {
                    lane.shared.redeliver(held);
                }
            }
        }
    }

    void close() {
        for (Batch batch : open) {
            if (batch != null) {
                batch.bodies.release();
            }
        }
        message.release();
    }
}
