package io.banyanmq.mqtt.gateway.shell;

import java.util.Arrays;
import java.util.List;

/// Whom a topic's messages go to: one client, however many of its subscriptions match. Immutable but for
/// [#isLive], which only the client's loop may ask.
abstract sealed class Target permits Subscription, Target.Overlapping {
    private static final int[] NO_IDENTIFIERS = {};

    final Connection connection;

    /// The highest QoS granted.
    final int qos;

    /// The same for messages of the client's own; -1 if it wants none of those.
    final int qosOfOwn;

    final boolean retainAsPublished;

    /// Subscription identifiers, of all that match.
    final int[] identifiers;

    private Target(
            Connection connection,
            int qos,
            int qosOfOwn,
            boolean retainAsPublished,
            int[] identifiers) {
        this.connection = connection;
        this.qos = qos;
        this.qosOfOwn = qosOfOwn;
        this.retainAsPublished = retainAsPublished;
        this.identifiers = identifiers;
    }

    /// Of one subscription.
    Target(
            Connection connection,
            int qos,
            boolean noLocal,
            boolean retainAsPublished,
            int identifier) {
        this(
                connection,
                qos,
                noLocal ? -1 : qos,
                retainAsPublished,
                identifier == 0 ? NO_IDENTIFIERS : new int[] {identifier});
    }

    /// Whether the client is still there and subscribed.
    abstract boolean isLive();

    /// The one target of a client's subscriptions: one copy, the highest QoS, all identifiers. MQTT 5 §3.3.4
    /// [MQTT-3.3.4-2] to [MQTT-3.3.4-4].
    static Target of(List<Subscription> subscriptions) {
        return subscriptions.size() == 1
                ? subscriptions.getFirst()
                : new Overlapping(List.copyOf(subscriptions));
    }

    /// Several subscriptions of one client.
    static final class Overlapping extends Target {
        private final List<Subscription> parts;

        private Overlapping(List<Subscription> parts) {
            super(
                    parts.getFirst().connection,
                    parts.stream().mapToInt(part -> part.qos).max().orElseThrow(),
                    parts.stream().mapToInt(part -> part.qosOfOwn).max().orElseThrow(),
                    parts.stream().anyMatch(part -> part.retainAsPublished),
                    parts.stream().flatMapToInt(part -> Arrays.stream(part.identifiers)).toArray());
            this.parts = parts;
        }

        @Override
        boolean isLive() {
            return parts.stream().anyMatch(Target::isLive);
        }
    }
}
