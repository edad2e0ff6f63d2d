package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.RouteDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The other gateways' epochs and their sources, as the feed tells them. Routes are handed on, not kept: of a source only its
/// number and digest stay.
final class Peers {
    private final Incarnation own;
    private final AgentEffects effects;
    private final Map<Epoch, Peer> peers = new HashMap<>();
    private final Set<Epoch> ownEpochs = new HashSet<>();
    private final List<Epoch> doubtful = new ArrayList<>();
    private final Set<Epoch> restating = new HashSet<>();

    private static final class Peer {
        boolean serving;
        boolean reached;
        long number;
        long digest;

        /// What a scan under way has said so far; counts when it is whole.
        long scannedDigest;
    }

    Peers(Incarnation own, AgentEffects effects) {
        this.own = own;
        this.effects = effects;
    }

    void joined(FeedEvent.Joined event) {
        if (event.incarnation().equals(own)) {
            ownEpochs.add(event.epoch());
        } else if (peers.putIfAbsent(event.epoch(), new Peer()) == null) {
            effects.peerJoined(event.epoch(), event.node(), event.fabric(), event.advertised());
        }
    }

    void serving(Epoch epoch) {
        Peer peer = peers.get(epoch);
        if (peer != null && !peer.serving) {
            peer.serving = true;
            effects.peerServing(epoch);
        }
    }

    void ended(Epoch epoch) {
        ownEpochs.remove(epoch);
        doubtful.remove(epoch);
        restating.remove(epoch);
        if (peers.remove(epoch) != null) {
            effects.peerEnded(epoch);
        }
    }

    /// Applies a source's changes, unless they are old. What does not fit makes the source doubtful.
    void routed(FeedEvent.Routed event) {
        Peer peer = peers.get(event.source());
        if (peer == null) {
            if (!ownEpochs.contains(event.source())) {
                effects.alarm("feed: routes of epoch " + event.source() + ", which is not known");
            }
            return;
        }
        if (doubtful.contains(event.source())) {
            return; // it will be said again as a whole
        }
        if (event.firstNumber() != peer.number + 1) {
            doubt(event.source(), "change " + event.firstNumber() + " after change " + peer.number);
            return;
        }
        for (FeedEvent.Step step : event.steps()) {
            peer.digest +=
                    RouteDigest.of(step.filter(), step.after())
                            - RouteDigest.of(step.filter(), step.before());
            if (step.before() != step.after()) {
                effects.route(event.source(), step.filter(), step.before(), step.after());
            }
        }
        peer.number += event.steps().size();
        if (peer.digest != event.digestAfter()) {
            doubt(
                    event.source(),
                    "digest "
                            + Long.toHexString(peer.digest)
                            + " after change "
                            + peer.number
                            + ", the store's is "
                            + Long.toHexString(event.digestAfter()));
        }
    }

    private void doubt(Epoch source, String why) {
        effects.alarm("feed: routes of epoch " + source + ": " + why);
        doubtful.add(source);
    }

    /// A source whose routes must be said again, or null.
    @Nullable Epoch doubtful() {
        return doubtful.isEmpty() ? null : doubtful.getFirst();
    }

    /// A full scan begins: an epoch that is older than it and absent has ended.
    void scanBegins(List<EpochState> states) {
        Set<Epoch> live = new HashSet<>();
        for (EpochState state : states) {
            live.add(state.epoch());
        }
        for (Epoch epoch : List.copyOf(peers.keySet())) {
            if (!live.contains(epoch)) {
                ended(epoch);
            }
        }
        ownEpochs.retainAll(live);
        for (EpochState state : states) {
            joined(
                    new FeedEvent.Joined(
                            state.epoch(),
                            state.node(),
                            state.incarnation(),
                            state.fabric(),
                            state.advertised()));
            sourceBegins(state);
        }
    }

    /// All routes of a source follow.
    void sourceBegins(EpochState state) {
        Peer peer = peers.get(state.epoch());
        if (peer != null) {
            peer.scannedDigest = 0;
            restating.add(state.epoch());
            effects.restating(state.epoch());
        }
    }

    void scanned(Route route) {
        Peer peer = peers.get(route.destination());
        if (peer != null && restating.contains(route.destination())) {
            peer.scannedDigest += RouteDigest.of(route.filter(), route.weight());
            effects.restate(route.destination(), route.filter(), route.weight());
        }
    }

    /// All routes of `states` have come.
    void scanEnds(List<EpochState> states) {
        for (EpochState state : states) {
            Peer peer = peers.get(state.epoch());
            if (peer == null || !restating.remove(state.epoch())) {
                continue;
            }
            effects.restated(state.epoch());
            doubtful.remove(state.epoch());
            peer.number = state.lastNumber();
            peer.digest = state.digest();
            if (peer.scannedDigest != state.digest()) {
                effects.alarm(
                        "scan: routes of epoch "
                                + state.epoch()
                                + " have digest "
                                + Long.toHexString(peer.scannedDigest)
                                + ", the store says "
                                + Long.toHexString(state.digest()));
            }
            if (state.serving()) {
                serving(state.epoch());
            }
        }
    }

    /// A scan under way is given up; what it has said counts for nothing.
    void scanBroken() {
        restating.clear();
    }

    /// Whether an epoch of this gateway's own incarnation lives, as far as the feed is applied.
    boolean ownLives(Epoch epoch) {
        return ownEpochs.contains(epoch);
    }

    void reaches(Epoch epoch, boolean yes) {
        Peer peer = peers.get(epoch);
        if (peer != null) {
            peer.reached = yes;
        }
    }

    /// Links are made anew under a new epoch of this gateway.
    void reachesNobody() {
        peers.values().forEach(peer -> peer.reached = false);
    }

    boolean reachesAllServing() {
        for (Peer peer : peers.values()) {
            if (peer.serving && !peer.reached) {
                return false;
            }
        }
        return true;
    }
}
