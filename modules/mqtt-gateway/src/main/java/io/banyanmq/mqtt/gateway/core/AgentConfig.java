package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import java.time.Duration;
import java.util.List;

/// What a [ClusterAgent] is told once.
///
/// @param node the gateway's name
/// @param incarnation of its data directory
/// @param number the highest registration number that the data directory has seen; 0 if none
/// @param fabric where peers reach the gateway
/// @param advertised the MQTT address for server references, or empty
/// @param features the feature level of this program
/// @param stores the store nodes, 1 or more
/// @param hold how long past its deadline a gateway keeps its connections (`partition.hold`)
/// @param ackLocally SUBACK at once, `subscribe.ack: local`
public record AgentConfig(
        NodeName node,
        Incarnation incarnation,
        long number,
        HostPort fabric,
        String advertised,
        int features,
        List<NodeName> stores,
        Duration hold,
        boolean ackLocally) {
    public AgentConfig {
        stores = List.copyOf(stores);
        if (stores.isEmpty()) {
            throw new IllegalArgumentException("gateway " + node + " knows no store node");
        }
        if (number < 0 || hold.isNegative()) {
            throw new IllegalArgumentException("number " + number + ", hold " + hold);
        }
    }
}
