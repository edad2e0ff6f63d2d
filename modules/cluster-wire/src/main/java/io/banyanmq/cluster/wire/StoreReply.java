package io.banyanmq.cluster.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a store node sends to a gateway.
public sealed interface StoreReply {
    /// The entries of the feed behind `after`, which is the `upTo` of the one before, in order and without holes
    /// (indices that have no events are skipped). The gateway has then applied everything up to `upTo`, which
    /// is at least the last entry's index.
    record Feed(long after, List<FeedEntry> entries, long upTo) implements StoreReply {
        public Feed {
            entries = List.copyOf(entries);
        }
    }

    /// A full scan at `index` begins: the live epochs and the options. An epoch that is older than the scan and
    /// absent here has ended. Routes follow in [ScanRoutes]; the scan counts only once [ScanEnd] has come.
    record ScanBegin(long index, List<EpochState> epochs, List<FeedEvent.OptionSet> options)
            implements StoreReply {
        public ScanBegin {
            epochs = List.copyOf(epochs);
            options = List.copyOf(options);
        }
    }

    /// A scan of one source at `index` begins, which is the `upTo` of the [Feed] before it; its routes follow in
    /// [ScanRoutes] until [ScanEnd]. Answers [StoreRequest.ScanSource].
    record SourceBegin(long index, EpochState source) implements StoreReply {}

    /// A chunk of the scan that began last.
    record ScanRoutes(List<Route> routes) implements StoreReply {
        public ScanRoutes {
            routes = List.copyOf(routes);
        }
    }

    /// The scan at `index` is whole; [Feed] goes on behind it.
    record ScanEnd(long index) implements StoreReply {}

    /// The command was committed and applied.
    record Proposed(long request, Outcome outcome) implements StoreReply {}

    /// This node could not commit it: it does not lead (`leader` if known), or is overloaded. The command may
    /// still come to be committed; ask again, here or elsewhere: sources and registrations are numbered.
    record NotProposed(long request, @Nullable NodeName leader, String reason)
            implements StoreReply {}

    /// `visible(index)` held on this node when it was sent. After [StoreRequest.AwaitVisible] it comes whenever the highest
    /// visible index has grown, until the awaited one is visible.
    record Visible(long index) implements StoreReply {}
}
