package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.node.config.NodeAddress;
import io.banyanmq.node.config.NodeConfig;
import java.io.IOException;
import java.util.UUID;

/// How the nodes of a cluster reach each other: over TCP, or within this process by Netty's local transport.
///
/// @param processId empty for TCP; otherwise tells several clusters of one process apart
public record Reach(String processId) {
    public static final Reach TCP = new Reach("");

    /// A cluster of its own within this process.
    public static Reach withinProcess() {
        return new Reach(UUID.randomUUID().toString());
    }

    /// Where others reach this node's fabric.
    HostPort address(NodeConfig config) {
        return processId.isEmpty()
                ? config.fabric().advertise().orElse(config.fabric().bind())
                : new HostPort(localName(config.node().name()), 0);
    }

    /// Makes `fabric` listen.
    ///
    /// @throws IOException if the address is taken
    void listen(Fabric fabric, NodeConfig config) throws IOException {
        if (processId.isEmpty()) {
            HostPort bind = config.fabric().bind();
            fabric.listenTcp(bind.host(), bind.port());
        } else {
            fabric.listenLocal(localName(config.node().name()));
        }
    }

    Destination destination(NodeAddress seed) {
        return new Destination(
                seed.node(),
                processId.isEmpty() ? seed.address() : new HostPort(localName(seed.node()), 0));
    }

    private String localName(NodeName node) {
        return processId + "/" + node;
    }
}
