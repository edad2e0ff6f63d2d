package io.banyanmq.simulation;

/// The rules that the shells around the cores keep; the simulation keeps them in their place.
enum LaneRule {
    /// Renewals are taken before the leader reads its clock.
    RENEWALS_BEFORE_CLOCK,
    /// The deadline is checked after the packet was read.
    CHECKED_AFTER_READING,
    /// The deadline is checked when the destinations have taken the message, not when it was read.
    CHECKED_AT_THE_END,
    /// The deadline is compared with the clock, not kept as a flag that a timer sets.
    CHECKED_AGAINST_CLOCK,
    /// SUBACK, too, needs the deadline.
    SUBACK_IS_CHECKED,
    /// A destination is waited for until it took the message or its epoch ended.
    DESTINATIONS_ARE_AWAITED,
    /// Connections end with the epoch.
    CONNECTIONS_END
}
