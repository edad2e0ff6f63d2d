package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.fabric.core.LinkReceiver;
import io.banyanmq.fabric.core.LinkSender;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The link of one gateway, under an epoch, to another's epoch: the fabric's numbering over a connection that breaks and comes back.
final class SimLink {
    private final World world;
    private final SimGateway from;
    private final Epoch fromEpoch;
    private final Epoch toEpoch;
    private final Cluster cluster;
    private @Nullable SimGateway to;
    private final LinkSender sender = new LinkSender(1L << 30);
    private final LinkReceiver receiver = new LinkReceiver();
    private final Deque<Frame> kept = new ArrayDeque<>();
    private final Pipe there;
    private final Pipe back;
    private long cutUntil;
    private boolean ended;

    private record Frame(long number, Publish publish) {}

    SimLink(World world, Cluster cluster, SimGateway from, Epoch fromEpoch, Epoch toEpoch) {
        this.world = world;
        this.from = from;
        this.fromEpoch = fromEpoch;
        this.cluster = cluster;
        this.toEpoch = toEpoch;
        there = new Pipe(world);
        back = new Pipe(world);
    }

    SimGateway from() {
        return from;
    }

    /// Appends a frame; returns its number.
    long send(Publish publish) {
        long number = sender.append(1, true);
        Frame frame = new Frame(number, publish);
        kept.addLast(frame);
        transmit(frame);
        return number;
    }

    long taken() {
        return sender.taken();
    }

    void connect() {
        world.after(
                world.millis(1, 20),
                null,
                "connect link",
                () -> {
                    if (ended || !from.process().alive()) {
                        return;
                    }
                    SimGateway owner = cluster.ownerOf(toEpoch);
                    if (owner == null || world.now() < cutUntil) {
                        world.after(200 * World.MS, null, "connect again", this::connect);
                        return;
                    }
                    to = owner;
                    there.open();
                    back.open();
                    there.send(owner.process(), "link opens", () -> accept(owner));
                });
    }

    private void accept(SimGateway owner) {
        if (!owner.accepts(toEpoch)) {
            back.send(from.process(), "link refused", this::refused);
            return;
        }
        long resumeFrom = receiver.taken();
        back.send(
                from.process(),
                "link open",
                () -> {
                    if (ended) {
                        return;
                    }
                    taken(resumeFrom);
                    from.linked(toEpoch, true);
                    kept.forEach(this::transmit);
                });
    }

    private void refused() {
        there.broken();
        back.broken();
        world.after(200 * World.MS, null, "connect again", this::connect);
    }

    private void transmit(Frame frame) {
        SimGateway owner = to;
        if (owner != null) {
            there.send(owner.process(), "frame", () -> arrive(owner, frame));
        }
    }

    private void arrive(SimGateway owner, Frame frame) {
        if (!owner.accepts(toEpoch)) {
            return;
        }
        if (receiver.offered(frame.number()) == LinkReceiver.Verdict.TAKE) {
            owner.deliver(frame.publish());
            receiver.took(null);
        }
        long number = receiver.acknowledge();
        back.send(from.process(), "link ack", () -> taken(number));
    }

    private void taken(long number) {
        if (!ended) {
            sender.taken(number);
            while (!kept.isEmpty() && kept.getFirst().number() <= number) {
                kept.removeFirst();
            }
            from.acknowledgeWhatCan();
        }
    }

    void breakOff(boolean again) {
        if (there.isOpen()) {
            there.broken();
            back.broken();
            if (!ended) {
                world.after(
                        world.millis(1, 30),
                        from.process(),
                        "link down",
                        () -> {
                            if (!ended) {
                                from.linked(toEpoch, false);
                                if (again) {
                                    connect();
                                }
                            }
                        });
            }
        }
    }

    void cut(long duration) {
        cutUntil = world.now() + duration;
        there.hold(duration);
        back.hold(duration);
    }

    void heal() {
        cutUntil = 0;
        there.release();
        back.release();
    }

    void end() {
        ended = true;
        there.broken();
        back.broken();
    }

    @Override
    public String toString() {
        return fromEpoch + "->" + toEpoch;
    }
}
