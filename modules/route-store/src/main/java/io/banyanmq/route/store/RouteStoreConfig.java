package io.banyanmq.route.store;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import java.util.List;
import java.util.Map;

/// What one store node of the route store has to know.
///
/// @param cluster the cluster's name
/// @param initial the nodes that form the store together, this one among them; the same at each.
///     After the formation it is not read any more
/// @param options settings of the log to begin with, where they differ from the defaults
public record RouteStoreConfig(
        String cluster, List<InitialNode> initial, Map<LogOption, Long> options) {
    /// One of the nodes that form the store.
    ///
    /// @param fabric where its fabric listens; of no use for this node itself
    public record InitialNode(NodeName node, HostPort fabric) {}

    public RouteStoreConfig {
        initial = List.copyOf(initial);
        options = Map.copyOf(options);
        if (initial.isEmpty()) {
            throw new IllegalArgumentException("a route store of no nodes");
        }
    }
}
