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
    /// @param state `joining`, `serving`, `fenced` (its lease's deadline has passed) or `ended`
    /// @param epoch `index.position`; none while it has not registered
    /// @param leaseMillis until the deadline; negative: since
    /// @param feedIndex of the last entry applied
    /// @param routes in its route index
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GatewayStatus(
            String state,
            @Nullable String epoch,
            long leaseMillis,
            long feedIndex,
            long routes,
            long clients,
            long subscriptions,
            List<PeerRow> peers) {
        public GatewayStatus {
            peers = List.copyOf(peers);
        }
    }

    /// The links to one peer gateway, over all lanes.
    ///
    /// @param connected whether every lane's link is up
    /// @param forwarded publishes sent to it
    /// @param taken publishes that it acknowledged
    /// @param received publishes that came from it
    public record PeerRow(
            String node, boolean connected, long forwarded, long taken, long received) {}

    /// The route store role.
    ///
    /// @param role `leader`, `follower`, or `forming`
    /// @param leader the node that leads, if known
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoreStatus(
            String role,
            @Nullable String leader,
            long term,
            long committedIndex,
            long appliedIndex) {}
}
