package io.banyanmq.mqtt.gateway.shell;

import java.util.ArrayList;
import java.util.List;

/// The clients of a loop that are not read now because what they publish has nowhere to go: a peer's link or another loop has
/// no room. Nobody else is held up by them.
final class Pauses {
    private final List<List<Connection>> byPeer = new ArrayList<>();
    private List<Connection> byLane = new ArrayList<>();

    /// Stops reading a publisher until a peer's link has room.
    void forPeer(Connection publisher, int peer) {
        if (publisher.pause(Connection.PAUSED_BY_PEER)) {
            while (byPeer.size() <= peer) {
                byPeer.add(new ArrayList<>());
            }
            byPeer.get(peer).add(publisher);
        }
    }

    /// A peer's link has room again, or the peer is gone.
    void peerWritable(int peer) {
        if (peer < byPeer.size() && !byPeer.get(peer).isEmpty()) {
            List<Connection> waiting = byPeer.set(peer, new ArrayList<>());
            waiting.forEach(publisher -> publisher.resume(Connection.PAUSED_BY_PEER));
        }
    }

    /// Stops reading a publisher until other loops have caught up.
    void forLane(Connection publisher) {
        if (publisher.pause(Connection.PAUSED_BY_LANE)) {
            byLane.add(publisher);
        }
    }

    /// All clients are being closed.
    void clear() {
        byPeer.clear();
        byLane.clear();
    }

    /// Another loop has caught up.
    void laneRelieved() {
        List<Connection> waiting = byLane;
        byLane = new ArrayList<>();
        waiting.forEach(publisher -> publisher.resume(Connection.PAUSED_BY_LANE));
    }
}
