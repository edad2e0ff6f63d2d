package io.banyanmq.route.store;

import io.banyanmq.cluster.wire.NodeName;
import java.util.List;
import java.util.Optional;

/// How a store node stands.
///
/// @param phase what it is doing
/// @param leader the node that leads, as far as known
/// @param term the Raft term it is in
/// @param appliedIndex the last entry with commands that is applied here; 0 before the first
/// @param visibleUpTo what every serving gateway is known here to have applied
/// @param voters the nodes of the store, by name
/// @param followers gateways whose feed comes from here
/// @param alarms faults found in the log since the start; 0 is right
public record RouteStoreStatus(
        Phase phase,
        Optional<NodeName> leader,
        long term,
        long appliedIndex,
        long visibleUpTo,
        List<NodeName> voters,
        int followers,
        long alarms) {
    /// What a store node is doing.
    public enum Phase {
        /// Waits for the other initial nodes.
        FORMING,
        /// Follows another node, or looks for one that leads.
        FOLLOWING,
        /// Leads.
        LEADING,
        /// Closed, or stopped by a failure.
        CLOSED
    }

    public RouteStoreStatus {
        voters = List.copyOf(voters);
    }
}
