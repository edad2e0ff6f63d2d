package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.NodeName;

/// What went over the links to and from one gateway since this process started, all lanes and epochs together.
///
/// @param framesSent publishes handed to its links, each once
/// @param framesTaken those of them that it acknowledged
/// @param bytesSent with heads
/// @param heldBytes kept for a possible repeat, now
/// @param framesReceived publishes taken from it, each once
/// @param bytesReceived without heads
/// @param repeatsReceived those that came again after a reconnect, and were skipped
/// @param linksConnected of this gateway's lanes, now
public record PeerCounters(
        NodeName node,
        long framesSent,
        long framesTaken,
        long bytesSent,
        long heldBytes,
        long framesReceived,
        long bytesReceived,
        long repeatsReceived,
        int linksConnected) {

    static PeerCounters none(NodeName node) {
        return new PeerCounters(node, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    PeerCounters plus(PeerCounters other) {
        return new PeerCounters(
                node,
                framesSent + other.framesSent,
                framesTaken + other.framesTaken,
                bytesSent + other.bytesSent,
                heldBytes + other.heldBytes,
                framesReceived + other.framesReceived,
                bytesReceived + other.bytesReceived,
                repeatsReceived + other.repeatsReceived,
                linksConnected + other.linksConnected);
    }
}
