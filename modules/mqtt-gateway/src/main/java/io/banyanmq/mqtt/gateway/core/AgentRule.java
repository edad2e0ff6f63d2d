package io.banyanmq.mqtt.gateway.core;

/// The rules of the gateway's side of the lease protocol, by name; see `StoreRule` of the route store. The simulation switches
/// one off at a time. Everything else runs with all of them.
public enum AgentRule {
    /// The deadline counts from the sending of the renewal that was confirmed.
    DEADLINE_FROM_SENDING,
    /// The deadline leaves a third of the ttl to clocks of unequal rate.
    TWO_THIRDS_OF_TTL,
    /// A renewal with a lower ttl moves the deadline when it is sent, not when it is confirmed.
    LOWER_TTL_COUNTS_WHEN_SENT,
    /// A second subscriber's SUBACK, too, waits until the filter's last add is visible.
    SECOND_SUBSCRIBER_WAITS,
    /// An index is acknowledged when it is applied, not when it is received.
    ACKNOWLEDGED_WHEN_APPLIED,
    /// A gateway serves once it has applied that it does, not when it is told.
    SERVES_WHEN_APPLIED,
    /// A gateway that gave up an epoch never acts under it again.
    NEVER_GOES_BACK,
    /// Route changes are a list, in their order.
    CHANGES_ARE_A_LIST,
    /// All stores are asked what is visible, not the one that is followed.
    ALL_STORES_ARE_ASKED
}
