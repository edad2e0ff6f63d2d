package io.banyanmq.node.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node in one object; the parts of roles that it has not are left out.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeStatus(
        String node,
        String cluster,
        String version,
        List<String> roles,
        long uptimeSeconds,
        boolean ready,
        @Nullable GatewayStatus gateway,
        @Nullable StoreStatus routeStore) {
    public NodeStatus {
        roles = List.copyOf(roles);
    }

    /// The gateway role.
    ///
    /// @param state `registering`, `joining`, `serving`, `fenced` (its lease's deadline has passed), `closing`, ...
    /// @param epoch `index.position`; none while it has not registered
    /// @param leaseMillis until its lease's deadline; none while it may not acknowledge
    /// @param feed the store node that the feed comes from
    /// @param feedIndex of the last entry applied
    /// @param routes in its route index, of other gateways
    /// @param pendingChanges own route changes that are not visible everywhere yet
    /// @param alarms faults that a person must look at, since the start
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GatewayStatus(
            String state,
            @Nullable String epoch,
            @Nullable Long leaseMillis,
            @Nullable String feed,
            long feedIndex,
            long routes,
            long pendingChanges,
            long clients,
            long subscriptions,
            long alarms,
            List<PeerRow> peers) {
        public GatewayStatus {
            peers = List.copyOf(peers);
        }
    }

    /// The links to one peer gateway, over all lanes.
    ///
    /// @param connected whether any lane's link is up
    /// @param forwarded publishes sent to it
    /// @param taken publishes that it acknowledged
    /// @param received publishes that came from it
    public record PeerRow(
            String node, boolean connected, long forwarded, long taken, long received) {}

    /// The route store role.
    ///
    /// @param role `forming`, `leader`, `follower` or `closed`
    /// @param leader the node that leads, if known
    /// @param visibleIndex what every serving gateway is known here to have applied
    /// @param followers conversations that follow the feed from here
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoreStatus(
            String role,
            @Nullable String leader,
            long term,
            long appliedIndex,
            long visibleIndex,
            List<String> voters,
            int followers,
            long alarms) {
        public StoreStatus {
            voters = List.copyOf(voters);
        }
    }
}
