package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;

/// A node and a port of it, `store1@10.0.0.1:7001`: the host of the name is the host of the address.
public record NodeAddress(NodeName node, HostPort address) {
    /// Reads `name@host:port`; `IllegalArgumentException` names what was wrong.
    public static NodeAddress parse(String text) {
        int at = text.indexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("node address '" + text + "' is not name@host:port");
        }
        HostPort address = HostPort.parse(text.substring(at + 1));
        String host = text.substring(at + 1, text.lastIndexOf(':'));
        return new NodeAddress(new NodeName(text.substring(0, at), host), address);
    }

    @Override
    public String toString() {
        return node + ":" + address.port();
    }
}
