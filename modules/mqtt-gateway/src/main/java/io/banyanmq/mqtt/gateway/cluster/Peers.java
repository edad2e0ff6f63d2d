package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The other gateways whose epochs live, and their numbers. The cluster's loop writes; any thread reads.
///
/// Numbers go round through all 65,536 before one is given again, so whoever still holds one of an epoch that
/// ended finds nobody under it.
final class Peers {
    private static final int NUMBERS = 1 << 16;

    private final Map<Epoch, Peer> byEpoch = new ConcurrentHashMap<>();
    private volatile @Nullable Peer[] byNumber = new @Nullable Peer[0];
    private int next;

    /// A peer's epoch has begun.
    Peer joined(Epoch epoch, NodeName node, HostPort fabric) {
        if (byEpoch.size() == NUMBERS) {
            throw new IllegalStateException(
                    NUMBERS + " gateways live: there is no number for " + node);
        }
        while (get(next) != null) {
            next = (next + 1) % NUMBERS;
        }
        Peer peer = new Peer(next, epoch, node, fabric);
        next = (next + 1) % NUMBERS;
        put(peer.number(), peer);
        byEpoch.put(epoch, peer);
        return peer;
    }

    /// A peer's epoch has ended; null if it was not known.
    @Nullable Peer ended(Epoch epoch) {
        Peer peer = byEpoch.remove(epoch);
        if (peer != null) {
            put(peer.number(), null);
        }
        return peer;
    }

    private void put(int number, @Nullable Peer peer) {
        @Nullable Peer[] numbers = Arrays.copyOf(byNumber, Math.max(byNumber.length, number + 1));
        numbers[number] = peer;
        byNumber = numbers;
    }

    /// The peer with this number, while its epoch lives.
    @Nullable Peer get(int number) {
        @Nullable Peer[] numbers = byNumber;
        return number >= 0 && number < numbers.length ? numbers[number] : null;
    }

    /// The peer of this epoch, while it lives.
    @Nullable Peer get(Epoch epoch) {
        return byEpoch.get(epoch);
    }

    Collection<Peer> all() {
        return List.copyOf(byEpoch.values());
    }
}
