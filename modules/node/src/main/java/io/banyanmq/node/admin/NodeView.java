package io.banyanmq.node.admin;

import io.banyanmq.node.admin.RouteView.RoutesUnavailableException;
import io.banyanmq.node.config.EffectiveSetting;
import java.util.List;
import java.util.Optional;

/// What a node shows on its admin port. Every method may be called from any thread.
public interface NodeView {
    /// The node itself.
    NodeStatus status();

    /// Whether it works, and what is amiss if not.
    Health health();

    /// The nodes of the cluster as this one sees them, by name.
    ///
    /// @throws RoutesUnavailableException if no store node answers in time
    List<NodeRow> nodes() throws RoutesUnavailableException;

    /// The route table.
    RouteView routes();

    /// The connected clients of this node's gateway, by client id.
    List<ClientRow> clients();

    /// The subscriptions of this node's gateway, by client and filter.
    ///
    /// @param client only this client's
    /// @param filter only those to exactly this filter
    List<SubscriptionRow> subscriptions(Optional<String> client, Optional<String> filter);

    /// What the node runs with.
    List<EffectiveSetting> settings();
}
