package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;

/// Which node to call, and where. A port of 0 is the local transport, with the host as its name. If
/// another node answers there, it is refused.
public record Destination(NodeName node, HostPort address) {
    @Override
    public String toString() {
        return node + " at " + address;
    }
}
