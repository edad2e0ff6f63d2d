package io.banyanmq.simulation;

/// What a run looks at when the faults are over. Each but the first checks a promise of time.
enum Scenario {
    /// Nothing more.
    NONE,
    /// All heals by itself: every gateway serves, subscribes and publishes.
    HEALS,
    /// The feed of one gateway is stuck while it renews: the others' SUBACKs come within ttl + ttl/3 and a little.
    STUCK_FEED,
    /// One gateway does not reach the store node that another follows: the other's SUBACKs come.
    STORE_UNREACHED,
    /// Nothing commits for longer than the ttl: no epoch ends.
    OUTAGE,
    /// All store nodes are stopped for longer than the ttl: no epoch ends.
    STORES_STOP,
    /// A gateway that joins takes longer than the ttl for its scan: its epoch does not end.
    LONG_SCAN
}
