package io.banyanmq.node.admin;

/// A connected client.
///
/// @param protocol `MQTT 3.1`, `MQTT 3.1.1` or `MQTT 5.0`
/// @param connectedSeconds how long it has been here
public record ClientRow(
        String client,
        String node,
        String address,
        String listener,
        String protocol,
        int keepAliveSeconds,
        long connectedSeconds,
        int subscriptions,
        int inflight,
        int queued) {}
