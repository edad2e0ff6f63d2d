package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.topic.TopicFilter;

/// One filter a client is subscribed to, with its options; an entry of the subscription table.
final class Subscription extends Target {
    final TopicFilter filter;
    private boolean ended;

    Subscription(
            Connection connection,
            TopicFilter filter,
            int qos,
            boolean noLocal,
            boolean retainAsPublished,
            int identifier) {
        super(connection, qos, noLocal, retainAsPublished, identifier);
        this.filter = filter;
    }

    @Override
    boolean isLive() {
        return !ended;
    }

    /// The client unsubscribed, subscribed with other options, or left: nothing new goes to it by this
    /// subscription, even if it was matched before [MQTT-3.10.4-2].
    void end() {
        ended = true;
    }
}
