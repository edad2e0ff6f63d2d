package io.banyanmq.cluster.wire;

/// A gateway's wish to go on: sent to every store node, carried to the log by the leader's next tick.
///
/// `serial` rises with every renewal of the epoch; `ttlMillis` is the lease that the gateway counts
/// with; `feedIndex` the log index that it applied last.
public record Renewal(Epoch epoch, long serial, int ttlMillis, long feedIndex) {}
