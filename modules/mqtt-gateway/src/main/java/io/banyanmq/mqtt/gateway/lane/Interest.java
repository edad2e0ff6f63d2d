package io.banyanmq.mqtt.gateway.lane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Who wants a topic outside this gateway's own subscription table: a reusable result of
/// [ClusterLane#match].
public final class Interest {
    private int[] peers = new int[8];
    private int peerCount;
    private final List<Shared> shared = new ArrayList<>();

    /// A shared subscription that matched, and where its members are, in the order of peer numbers.
    public record Shared(String filter, List<Members> members) {
        public Shared {
            members = List.copyOf(members);
        }
    }

    /// `peer` (or [#SELF]) has about `weight` members: a power of two, 1 or more.
    public record Members(int peer, int weight) {}

    /// This gateway, among the [Members] of a [Shared].
    public static final int SELF = -1;

    public void clear() {
        peerCount = 0;
        shared.clear();
    }

    /// Adds a peer; adding it again changes nothing.
    public void addPeer(int peer) {
        for (int i = 0; i < peerCount; i++) {
            if (peers[i] == peer) {
                return;
            }
        }
        if (peerCount == peers.length) {
            peers = Arrays.copyOf(peers, peerCount * 2);
        }
        peers[peerCount++] = peer;
    }

    public void addShared(Shared group) {
        shared.add(group);
    }

    public int peerCount() {
        return peerCount;
    }

    public int peer(int i) {
        return peers[i];
    }

    /// The shared subscriptions that matched; do not keep the list beyond the next [#clear].
    public List<Shared> shared() {
        return shared;
    }

    public boolean isEmpty() {
        return peerCount == 0 && shared.isEmpty();
    }
}
