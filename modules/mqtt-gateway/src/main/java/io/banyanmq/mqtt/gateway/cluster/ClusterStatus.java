package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.NodeName;
import java.util.List;
import java.util.Optional;

/// How a gateway stands in its cluster, as of a moment ago.
///
/// @param phase of the cluster agent, in lower case: `resting`, `raising`, `registering`, `joining`, `serving`, `closing`, `ending`,
///     `stopped`
/// @param epoch the present one
/// @param followed the store node whose feed is followed
/// @param feedIndex the log index up to which it is applied
/// @param routes in the index, of other gateways
/// @param routeBytes about what they take
/// @param pendingChanges own route changes that are not visible everywhere yet
/// @param storesUp store nodes with an open conversation
/// @param alarms since the start
public record ClusterStatus(
        String phase,
        Optional<Epoch> epoch,
        Optional<NodeName> followed,
        long feedIndex,
        long routes,
        long routeBytes,
        long pendingChanges,
        List<NodeName> storesUp,
        long alarms) {
    public ClusterStatus {
        storesUp = List.copyOf(storesUp);
    }
}
