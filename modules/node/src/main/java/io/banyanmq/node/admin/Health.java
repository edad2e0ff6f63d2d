package io.banyanmq.node.admin;

import java.util.List;

/// What is well and what is not.
public record Health(List<Check> checks) {
    public Health {
        checks = List.copyOf(checks);
    }

    /// What a check counts for.
    public enum Kind {
        /// The process works: if not, it should be ended and started again.
        LIVE,
        /// Clients should come here: if not, they should go elsewhere for now.
        READY
    }

    /// One part of the node; `detail` says in words what it is about.
    public record Check(String name, Kind kind, boolean up, String detail) {}
}
