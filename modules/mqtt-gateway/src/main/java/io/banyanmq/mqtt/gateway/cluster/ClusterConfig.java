package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.Destination;
import java.time.Duration;
import java.util.List;

/// What a gateway has to know of its cluster; who it is itself, the fabric knows.
///
/// @param stores the store nodes, 1 or more, and where their fabric listens
/// @param fabric where peers reach this gateway's fabric
/// @param advertised the MQTT address for server references, or empty
/// @param features the feature level of this program
/// @param hold how long past its lease's deadline it keeps its connections (`partition.hold`)
/// @param ackLocally SUBACK at once (`subscribe.ack: local`)
public record ClusterConfig(
        List<Destination> stores,
        HostPort fabric,
        String advertised,
        int features,
        Duration hold,
        boolean ackLocally) {
    public ClusterConfig {
        stores = List.copyOf(stores);
    }

    List<NodeName> storeNames() {
        return stores.stream().map(Destination::node).toList();
    }
}
