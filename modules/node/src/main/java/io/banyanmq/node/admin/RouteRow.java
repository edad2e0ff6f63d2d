package io.banyanmq.node.admin;

import java.util.List;

/// A topic filter and the nodes that messages which match it go to, by name.
public record RouteRow(String filter, List<String> destinations) {
    public RouteRow {
        destinations = List.copyOf(destinations);
    }
}
