package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Publishes [SystemValues] below `$SYS`: to a new subscriber at once, as retained, and to all every so often. Only to clients of
/// this gateway. Costs nothing while nobody subscribes.
final class SystemTopics {
    private final SystemValues values;
    private final AtomicInteger subscribers = new AtomicInteger();

    SystemTopics(SystemValues values) {
        this.values = values;
    }

    /// A client has subscribed below `$SYS`; on its loop.
    void subscribed(Subscription subscription) {
        subscribers.incrementAndGet();
        if (subscription.filter.isShared()) {
            return; // [MQTT-3.8.4-4] applies to retained messages, which shared subscriptions do
            // not get
        }
        Lane lane = subscription.connection.lane;
        Message message = new Message(lane.allocator);
        try {
            values.now()
                    .forEach((topic, value) -> {
                        if (subscription.filter.matches(topic)) {
                            send(lane, message, topic, value, subscription);
                        }
                    });
        } finally {
            message.release();
        }
    }

    private static void send(
            Lane lane, Message message, String topic, String value, Subscription to) {
        ByteBuf body = body(topic, value, true);
        try {
            message.set(new ForwardBody.View().read(body), body, Message.NEVER, 0);
            lane.counters.increment(Counter.MATCHED);
            to.connection.outbox().deliverRetained(message, to);
        } finally {
            body.release();
        }
    }

    /// One subscription less.
    void unsubscribed() {
        subscribers.decrementAndGet();
    }

    /// Publishes all values; on a lane's loop, always the same.
    void publish(Lane lane) {
        values.sample();
        if (subscribers.get() <= 0) {
            return;
        }
        Message message = new Message(lane.allocator);
        try {
            for (Map.Entry<String, String> entry : values.now().entrySet()) {
                publish(lane, message, entry.getKey(), entry.getValue());
            }
        } finally {
            message.release();
        }
    }

    private static void publish(Lane lane, Message message, String topic, String value) {
        Receivers receivers = lane.matcher.matchSystem(topic.getBytes(StandardCharsets.UTF_8));
        if (receivers.isEmpty()) {
            return;
        }
        ByteBuf body = body(topic, value, false);
        try {
            message.set(new ForwardBody.View().read(body), body, Message.NEVER, 0);
            lane.deliver(message, receivers, null);
            for (Receivers.SharedRoute route : receivers.shared) {
                lane.shared.pick(message, route, any -> true);
            }
            message.done();
        } finally {
            body.release();
        }
    }

    private static ByteBuf body(String topic, String value, boolean retain) {
        ByteBuf text = Unpooled.copiedBuffer(topic, StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.buffer();
        ForwardBody.writeHead(
                body,
                0,
                retain,
                true,
                text,
                0,
                text.readableBytes(),
                Unpooled.EMPTY_BUFFER,
                0,
                0,
                List.of());
        body.writeCharSequence(value, StandardCharsets.UTF_8);
        return body;
    }
}
