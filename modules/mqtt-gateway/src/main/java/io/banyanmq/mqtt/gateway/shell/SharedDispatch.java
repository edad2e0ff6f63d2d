package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayConfig.SharedPick;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.shell.Receivers.SharedRoute;
import io.banyanmq.topic.Subscribers;
import io.netty.buffer.ByteBuf;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Shared subscriptions: which gateway, which member, and who else if that one leaves. MQTT 5 §4.8.2.
final class SharedDispatch {
    /// No gateway has a member.
    static final int NOBODY = Integer.MIN_VALUE;

    private final Lane lane;
    private final SharedPick preference;
    private final RandomGenerator random;

    /// Of its own, as a member may leave in the middle of another message.
    private final Message message;

    SharedDispatch(Lane lane, SharedPick preference, RandomGenerator random) {
        this.lane = lane;
        this.preference = preference;
        this.random = random;
        message = new Message(lane.allocator);
    }

    /// Picks a gateway; if it is this one, a member here already has the message when this returns.
    ///
    /// @param eligible which gateways may be picked
    /// @return a peer to which the caller has to send it, [Interest#SELF], or [#NOBODY]
    int pick(Message to, SharedRoute route, IntPredicate eligible) {
        boolean here = eligible.test(Interest.SELF);
        if (here && preference == SharedPick.LOCAL_FIRST && give(to, route)) {
            return Interest.SELF;
        }
        int peer = weighted(route, eligible);
        if (peer != Interest.SELF) {
            return peer == NOBODY && here && give(to, route) ? Interest.SELF : peer;
        }
        return give(to, route)
                ? Interest.SELF
                : weighted(route, other -> other != Interest.SELF && eligible.test(other));
    }

    private int weighted(SharedRoute route, IntPredicate eligible) {
        int total = 0;
        for (int i = 0; i < route.peers.length; i++) {
            total += eligible.test(route.peers[i]) ? route.weights[i] : 0;
        }
        int left = total == 0 ? 0 : random.nextInt(total);
        for (int i = 0; i < route.peers.length; i++) {
            if (eligible.test(route.peers[i])) {
                left -= route.weights[i];
                if (left < 0) {
                    return route.peers[i];
                }
            }
        }
        return NOBODY;
    }

    /// Gives a message to the member here whose turn it is; false if there is none.
    private boolean give(Message to, SharedRoute route) {
        Subscription member = member(route, to.qos());
        if (member == null) {
            return false;
        }
        int qos = Math.min(member.qos, to.qos());
        HeldMessage held = qos == 0 ? null : to.hold(route.filter, System.nanoTime());
        lane.counters.increment(Counter.MATCHED);
        if (member.connection.lane == lane) {
            member.connection.outbox().deliver(to, member, qos, held);
        } else {
            lane.handover.add(member.connection.lane.index, to, new Target[] {member}, held);
        }
        return true;
    }

    /// The next member, passing over those of this loop that cannot send it at once if another one can.
    private @Nullable Subscription member(SharedRoute route, int qos) {
        Subscribers<Subscription> members = route.local;
        if (members == null) {
            return null;
        }
        Subscription first = members.pick(route.ticket++);
        Subscription member = first;
        for (int tries = members.size() - 1; tries > 0 && member != null; tries--) {
            Connection client = member.connection;
            if (client.lane != lane || client.outbox().isReady(Math.min(qos, member.qos))) {
                return member;
            }
            member = members.pick(route.ticket++);
        }
        return first;
    }

    /// A peer sent a message for a shared subscription; false if it has no member here.
    boolean deliverHere(Message from, Receivers receivers, String filter) {
        SharedRoute route = find(receivers, filter);
        return route != null && give(from, route);
    }

    /// A member left that had not settled the message: another one gets it. Takes the message over.
    void redeliver(HeldMessage held) {
        if (!lane.isClosing()) {
            ForwardBody.View view = new ForwardBody.View().read(held.body());
            redirect(
                    view,
                    held.body(),
                    held.deadlineNanos(),
                    held.filter(),
                    any -> true,
                    null,
                    Forwarding.NOBODY_WAITS);
        }
        held.release();
    }

    /// Gives a message of a shared subscription to an eligible gateway.
    void redirect(
            ForwardBody.View view,
            ByteBuf body,
            long deadlineNanos,
            String filter,
            IntPredicate eligible,
            @Nullable Connection publisher,
            int entry) {
        long now = System.nanoTime();
        if (deadlineNanos != Message.NEVER && deadlineNanos - now <= 0) {
            lane.counters.increment(Counter.MATCHED);
            lane.counters.increment(Counter.DROPPED_EXPIRED);
            return;
        }
        message.set(view, body, deadlineNanos, now);
        Receivers receivers =
                lane.matcher.find(message.topic(), message.topicIndex(), message.topicLength());
        SharedRoute route = find(receivers, filter);
        if (route == null) {
            lane.counters.increment(Counter.NO_MEMBER);
        } else {
            lane.forwarding.redirect(message, route, eligible, publisher, entry);
        }
        message.done();
    }

    private static @Nullable SharedRoute find(Receivers receivers, String filter) {
        for (SharedRoute route : receivers.shared) {
            if (route.filter.equals(filter)) {
                return route;
            }
        }
        return null;
    }

    void close() {
        message.release();
    }
}
