package io.banyanmq.node.admin;

/// A subscription of a connected client; `filter` as it was sent, `$share/group/` included.
public record SubscriptionRow(String client, String filter, int qos, String node) {}
