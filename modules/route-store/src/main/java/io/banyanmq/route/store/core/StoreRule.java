package io.banyanmq.route.store.core;

/// The rules of the store's side of the lease protocol, by name. Each carries a promise: the simulation switches one off at a
/// time and must find the history that then breaks it. Everything else runs with all of them.
public enum StoreRule {
    /// Another incarnation cannot take a name whose epoch lives.
    NAME_IS_HELD,
    /// A registration ends the live epoch of its incarnation only with a higher number.
    REGISTRATIONS_ARE_NUMBERED,
    /// An epoch is the place of its command in the log, not of the entry alone.
    EPOCH_HAS_POSITION,
    /// An ended epoch never lives again.
    ENDED_IS_FOR_EVER,
    /// Condemned means renewed no more, not ended at once.
    CONDEMNED_ENDS_BY_SILENCE,
    /// Silence is measured by the ttl that the last accepted renewal carried, not by the option of now.
    TTL_IS_CARRIED,
    /// Only an accepted renewal is shown in the feed.
    ONLY_ACCEPTED_CONFIRMS,
    /// A tick of another term than its entry's counts no time.
    TICK_HAS_TERM,
    /// A tick that came before counts no time.
    TICK_IS_NUMBERED,
    /// A serving epoch is renewed only if its feed is not stuck.
    FEED_RULE,
    /// The feed rule is for serving epochs, not for those that still scan.
    FEED_RULE_SPARES_JOINING,
    /// Changes of a source keep their order: its next number, or nothing.
    CHANGES_ARE_ORDERED,
    /// An epoch that sent no acknowledgement has acknowledged nothing.
    MISSING_IS_ZERO,
    /// `visible(i)` is answered by a node that has applied i.
    VISIBLE_NEEDS_APPLIED,
    /// Elapsed time is measured since the last tick proposed, not since the last one committed.
    SINCE_PROPOSED,
    /// At most one tick waits to commit.
    ONE_TICK_IN_FLIGHT,
    /// A tick counts a second at most.
    ELAPSED_IS_CAPPED
}
