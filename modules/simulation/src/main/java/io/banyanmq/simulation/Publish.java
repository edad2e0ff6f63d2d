package io.banyanmq.simulation;

import java.util.LinkedHashSet;
import java.util.Set;

/// A publish that a gateway has read. Owed to everybody whose SUBACK had been sent before, until it is delivered.
final class Publish {
    final int id;
    final String topic;
    final Set<Subscriber> owed = new LinkedHashSet<>();

    Publish(int id, String topic) {
        this.id = id;
        this.topic = topic;
    }

    @Override
    public String toString() {
        return "m" + id + " on " + topic;
    }
}
