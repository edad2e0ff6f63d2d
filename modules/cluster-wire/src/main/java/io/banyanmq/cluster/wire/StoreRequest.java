package io.banyanmq.cluster.wire;

/// What a gateway sends to a store node.
public sealed interface StoreRequest {
    /// Start the feed behind `afterIndex`; 0 asks for a full scan first. A later `Follow` on the same
    /// connection starts over.
    record Follow(long afterIndex) implements StoreRequest {}

    /// Everything up to `index` is applied by `epoch`'s gateway. Goes to every store node.
    record Applied(Epoch epoch, long index) implements StoreRequest {}

    /// Goes to every store node.
    record Renew(Renewal renewal) implements StoreRequest {}

    /// Propose; answered by [StoreReply.Proposed] or [StoreReply.NotProposed] with the same `request`.
    record Propose(long request, Command command) implements StoreRequest {}

    /// Tell me how far `visible` holds ([StoreReply.Visible]), now and whenever it grows, until it reaches `index`. Goes to
    /// every store node; a later one replaces an earlier one.
    record AwaitVisible(long index) implements StoreRequest {}

    /// Say again all routes of one source, whose digest did not agree: [StoreReply.SourceBegin] follows, in
    /// order with the feed of this connection. No answer if the epoch is not live.
    record ScanSource(Epoch source) implements StoreRequest {}
}
