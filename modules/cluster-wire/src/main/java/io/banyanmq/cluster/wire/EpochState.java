package io.banyanmq.cluster.wire;

/// A live epoch as a full scan of the feed lists it, with the state of its numbered source.
public record EpochState(
        Epoch epoch,
        NodeName node,
        Incarnation incarnation,
        HostPort fabric,
        String advertised,
        boolean serving,
        long lastNumber,
        long digest) {}
