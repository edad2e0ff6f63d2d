package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one log entry did.
///
/// @param outcomes one a command, in order
/// @param feed what followers of the feed learn; null if nothing
/// @param alarms faults that somebody must look at, each a sentence; mostly empty
public record Applied(List<Outcome> outcomes, @Nullable FeedEntry feed, List<String> alarms) {
    public Applied {
        outcomes = List.copyOf(outcomes);
        alarms = List.copyOf(alarms);
    }
}
