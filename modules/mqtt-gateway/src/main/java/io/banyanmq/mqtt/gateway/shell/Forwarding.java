package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.shell.Receivers.SharedRoute;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The way of messages to other gateways: one frame each, whatever matched there; and who of the members of a shared
/// subscription gets a message.
final class Forwarding {
    /// In place of an entry of [PendingAcks] if the publisher waits for no acknowledgement.
    static final int NOBODY_WAITS = -1;

    private final Lane lane;
    private final ClusterLane cluster;
    private final PeerWindows windows = new PeerWindows();
    private final ByteBuf body;

    /// The gateways chosen for the shared subscriptions of the message at hand, and their filters.
    private final List<Choice> choices = new ArrayList<>();

    private record Choice(int peer, List<String> filters) {}

    Forwarding(Lane lane, ClusterLane cluster) {
        this.lane = lane;
        this.cluster = cluster;
        body = lane.allocator.directBuffer(4_096);
    }

    /// Sends a message to the peers that want it, and to one member of each shared subscription, here or there.
    ///
    /// @param publisher is not read while a peer it sends to has no room; null for the gateway's own messages
    /// @param entry of the publisher's pending acknowledgements, or [#NOBODY_WAITS]
    void route(Message message, Receivers receivers, @Nullable Connection publisher, int entry) {
        choices.clear();
        for (SharedRoute route : receivers.shared) {
            choose(message, route);
        }
        long now = message.deadlineNanos() == Message.NEVER ? 0 : System.nanoTime();
        boolean encoded = false;
        for (int peer : receivers.peers) {
            List<String> filters = takeChoice(peer);
            if (!encoded || !filters.isEmpty()) {
                body.clear();
                message.appendBody(body, true, filters, now);
                encoded = filters.isEmpty();
            }
            send(peer, message, filters, publisher, entry);
        }
        for (Choice choice : choices) {
            body.clear();
            message.appendBody(body, false, choice.filters, now);
            send(choice.peer, message, choice.filters, publisher, entry);
        }
        choices.clear();
    }

    private List<String> takeChoice(int peer) {
        for (int i = 0; i < choices.size(); i++) {
            if (choices.get(i).peer == peer) {
                return choices.remove(i).filters;
            }
        }
        return List.of();
    }

    private void choose(Message message, SharedRoute route) {
        int peer = lane.shared.pick(message, route, any -> true);
        if (peer == SharedDispatch.NOBODY) {
            lane.counters.increment(Counter.NO_MEMBER);
        } else if (peer != Interest.SELF) {
            for (Choice choice : choices) {
                if (choice.peer == peer) {
                    choice.filters.add(route.filter);
                    return;
                }
            }
            List<String> filters = new ArrayList<>(1);
            filters.add(route.filter);
            choices.add(new Choice(peer, filters));
        }
    }

    /// Sends what [#body] holds.
    private void send(
            int peer,
            Message message,
            List<String> filters,
            @Nullable Connection publisher,
            int entry) {
        long number = cluster.forward(peer, body);
        lane.counters.increment(Counter.FORWARDED_OUT);
        HeldMessage held =
                filters.isEmpty()
                        ? null
                        : new HeldMessage(body.copy(), message.deadlineNanos(), filters.getFirst());
        Connection waiting = entry == NOBODY_WAITS ? null : publisher;
        if (waiting != null) {
            waiting.publisher.pending.await(entry);
        }
        if (waiting != null || held != null) {
            windows.add(peer, number, waiting, entry, held);
        }
        if (publisher != null && !cluster.writable(peer)) {
            lane.pauses.forPeer(publisher, peer);
        }
    }

    /// Gives a message of a shared subscription to a member that is not at `refused`.
    ///
    /// @param publisher with `entry` as in [#route]
    void redirect(
            Message message,
            SharedRoute route,
            IntPredicate eligible,
            @Nullable Connection publisher,
            int entry) {
        int peer = lane.shared.pick(message, route, eligible);
        if (peer == SharedDispatch.NOBODY) {
            lane.counters.increment(Counter.NO_MEMBER);
            return;
        }
        lane.counters.increment(Counter.REDELIVERED);
        if (peer != Interest.SELF) {
            List<String> filters = List.of(route.filter);
            body.clear();
            message.appendBody(body, false, filters, System.nanoTime());
            send(peer, message, filters, publisher, entry);
        }
    }

    /// [io.banyanmq.mqtt.gateway.lane.LaneClients#peerTook].
    void peerTook(int peer) {
        windows.took(peer, cluster.taken(peer));
    }

    /// [io.banyanmq.mqtt.gateway.lane.LaneClients#noMember].
    void noMember(int peer, long number, String[] filters) {
        PeerWindows.Pending pending = windows.find(peer, number);
        HeldMessage held = pending == null ? null : pending.held();
        if (pending == null || held == null) {
            lane.counters.add(Counter.NO_MEMBER, filters.length);
            return;
        }
        ForwardBody.View view = new ForwardBody.View().read(held.body());
        for (String filter : filters) {
            lane.shared.redirect(
                    view,
                    held.body(),
                    held.deadlineNanos(),
                    filter,
                    other -> other != peer,
                    pending.publisher(),
                    pending.entry());
        }
    }

    /// The epoch has ended: nobody takes anything any more.
    void epochEnded() {
        windows.clear();
    }

    void close() {
        windows.clear();
        body.release();
    }
}
