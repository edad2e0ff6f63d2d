package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Epoch;

/// A client's connection with one subscription.
final class Subscriber {
    final int id;
    final String topic;
    final SimGateway gateway;
    Epoch epoch;
    final long since;

    /// SUBACK was sent.
    boolean acknowledged;

    /// The connection and the subscription live.
    boolean live = true;

    /// A message that was acknowledged to its publisher has missed it, because its gateway's epoch had ended: the
    /// connection must not go on.
    boolean gap;

    Subscriber(int id, String topic, SimGateway gateway, Epoch epoch, long since) {
        this.id = id;
        this.topic = topic;
        this.gateway = gateway;
        this.epoch = epoch;
        this.since = since;
    }

    @Override
    public String toString() {
        return "c" + id + " on " + topic;
    }
}
