package io.banyanmq.cluster.wire;

import java.util.List;

/// All events of one log entry. Entries without events (configuration, refused commands) do not travel.
public record FeedEntry(long index, List<FeedEvent> events) {
    public FeedEntry {
        events = List.copyOf(events);
    }
}
