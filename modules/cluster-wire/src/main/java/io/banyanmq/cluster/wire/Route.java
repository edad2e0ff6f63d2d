package io.banyanmq.cluster.wire;

/// One row of the route table: messages that match `filter` go to the gateway whose epoch is `destination`.
/// `filter` and `weight` as in [RouteChange]; `weight` is 1 or more.
public record Route(String filter, Epoch destination, int weight) {}
