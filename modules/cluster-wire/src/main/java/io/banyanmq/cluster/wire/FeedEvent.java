package io.banyanmq.cluster.wire;

import java.util.List;

/// What a committed command did, as every follower of the feed learns it.
public sealed interface FeedEvent {
    /// An epoch began; it does not count in `visible` yet.
    record Joined(
            Epoch epoch, NodeName node, Incarnation incarnation, HostPort fabric, String advertised)
            implements FeedEvent {}

    /// The epoch serves from this index on.
    record Serving(Epoch epoch) implements FeedEvent {}

    /// The epoch ended, for ever; all its routes are gone with this event.
    record Ended(Epoch epoch, Cause cause) implements FeedEvent {}

    /// Why an epoch ended.
    enum Cause {
        SILENCE,
        SUPERSEDED,
        OWNER
    }

    /// The renewals that a tick accepted. One that was carried and refused is not here.
    record Renewed(List<Confirmation> confirmations, long wallClockMillis) implements FeedEvent {
        public Renewed {
            confirmations = List.copyOf(confirmations);
        }
    }

    /// `serial` of `epoch` was accepted.
    record Confirmation(Epoch epoch, long serial) {}

    /// Changes that a source made, in order; see [Command.RouteChanges].
    record Routed(Epoch source, long firstNumber, List<RouteChange> changes, long digestAfter)
            implements FeedEvent {
        public Routed {
            changes = List.copyOf(changes);
        }
    }

    /// An option of the log changed.
    record OptionSet(String key, String value) implements FeedEvent {}
}
