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

    /// What a source's changes did, in order; see [Command.RouteChanges]. The store adds the weight before each, so
    /// that a follower computes the digest, and tells an add from a change, without a table of all routes. `digestAfter` is
    /// what the store itself computed.
    record Routed(Epoch source, long firstNumber, List<Step> steps, long digestAfter)
            implements FeedEvent {
        public Routed {
            steps = List.copyOf(steps);
        }
    }

    /// `filter` had weight `before` and has `after`; 0 is none.
    record Step(String filter, int before, int after) {
        public Step {
            if (filter.isEmpty() || before < 0 || after < 0) {
                throw new IllegalArgumentException(
                        "route step '" + filter + "' weight " + before + " to " + after);
            }
        }
    }

    /// An option of the log changed.
    record OptionSet(String key, String value) implements FeedEvent {}
}
