package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.NodeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which store node to propose to, and when to try again.
final class Proposals {
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final long PAUSE_LEAST = 20 * NANOS_A_MILLI;
    private static final long PAUSE_MOST = 500 * NANOS_A_MILLI;

    /// How long an answer may take until another node is asked.
    static final long ANSWER_NANOS = 1_000 * NANOS_A_MILLI;

    private final List<NodeName> stores;
    private final List<NodeName> up = new ArrayList<>();
    private @Nullable NodeName leader;
    private int next;
    private boolean paused;
    private long pauseUntil;
    private long pauseNanos = PAUSE_LEAST;
    private long lastRequest;

    Proposals(List<NodeName> stores) {
        this.stores = stores;
    }

    void up(NodeName store) {
        if (!up.contains(store)) {
            up.add(store);
        }
    }

    void down(NodeName store) {
        up.remove(store);
        if (store.equals(leader)) {
            leader = null;
        }
    }

    List<NodeName> up() {
        return up;
    }

    /// The store to propose to now, or null: none is up, or it is too early to try again.
    @Nullable NodeName target(long nanos) {
        if (paused && nanos - pauseUntil < 0) {
            return null;
        }
        paused = false;
        NodeName known = leader;
        if (known != null && up.contains(known)) {
            return known;
        }
        for (int i = 0; i < stores.size(); i++) {
            NodeName store = stores.get(Math.floorMod(next++, stores.size()));
            if (up.contains(store)) {
                leader = store;
                return store;
            }
        }
        return null;
    }

    long request() {
        return ++lastRequest;
    }

    void answered() {
        pauseNanos = PAUSE_LEAST;
    }

    /// `store` does not lead, or does not answer; perhaps `hint` does.
    void failed(NodeName store, @Nullable NodeName hint, long nanos) {
        if (leader != null && !store.equals(leader)) {
            return; // of a leader that was given up already
        }
        leader = hint;
        paused = true;
        pauseUntil = nanos + pauseNanos;
        pauseNanos = Math.min(PAUSE_MOST, pauseNanos * 2);
    }

    /// Try again a little later, at the same node.
    void pause(long nanos) {
        paused = true;
        pauseUntil = nanos + PAUSE_LEAST;
    }

    /// Try again at the same node when the longest pause has passed.
    void retryLater(long nanos) {
        paused = true;
        pauseUntil = nanos + PAUSE_MOST;
    }
}
