package io.banyanmq.raft.kit;

import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/// One voter of a group. Its id is name and incarnation, so that a node with a wiped disk is another
/// peer, which can never vote with an empty log under the name of the old one.
///
/// @param name the node's full name
/// @param incarnation the node's incarnation in hexadecimal
/// @param address host and port that other peers connect to, `host:port`
public record Peer(String name, String incarnation, String address) {
    public Peer {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("peer without a name");
        }
        if (!incarnation.matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("peer " + name + ": incarnation " + incarnation);
        }
        int colon = address.lastIndexOf(':');
        if (colon < 1 || colon == address.length() - 1) {
            throw new IllegalArgumentException("peer " + name + ": address " + address);
        }
    }

    /// Name and incarnation: what the log knows it by.
    public String id() {
        return name + "-" + incarnation;
    }

    RaftPeerId ratisId() {
        return RaftPeerId.valueOf(id());
    }

    RaftPeer toRatis() {
        return RaftPeer.newBuilder().setId(ratisId()).setAddress(address).build();
    }

    static Peer of(RaftPeer peer) {
        String id = peer.getId().toString();
        int dash = id.lastIndexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("peer id without an incarnation: " + id);
        }
        return new Peer(id.substring(0, dash), id.substring(dash + 1), peer.getAddress());
    }
}
