package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayConfig.SubscribeAck;
import io.banyanmq.mqtt.gateway.core.ClientTerms;
import io.banyanmq.mqtt.gateway.core.ConnectRules;
import io.banyanmq.mqtt.gateway.core.FarewellRules;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import io.banyanmq.mqtt.gateway.core.SubscribeRules.Verdict;
import io.banyanmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The subscriptions of one connection.
///
/// A subscription enters the gateway's table first, and the cluster's routes next; SUBACK goes out once every filter of the
/// packet is known to all gateways.
final class Subscriber {
    private final Connection connection;
    private final Lane lane;
    private Map<TopicFilter, Subscription> subscriptions = Map.of();

    Subscriber(Connection connection) {
        this.connection = connection;
        this.lane = connection.lane;
    }

    Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    void subscribe(Packet.Subscribe packet, ClientTerms terms) {
        List<String> filters =
                packet.subscriptions().stream().map(Packet.Subscription::filter).toList();
        if (breaksRules(packet, filters, terms)) {
            return;
        }
        List<Verdict> verdicts = lane.subscribeRules.subscribe(packet, subscriptions.keySet());
        Answer suback =
                new Answer(connection, verdicts.size(), () -> suback(packet, verdicts, terms));
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Verdict.Denied denied -> suback.oneLess();
                case Verdict.Granted granted -> subscribe(granted, suback);
            }
        }
    }

    private boolean breaksRules(Packet packet, List<String> filters, ClientTerms terms) {
        Optional<Farewell> fault =
                lane.subscribeRules.fault(packet.type(), filters, terms.version());
        fault.ifPresent(connection::disconnect);
        return fault.isPresent();
    }

    private void subscribe(Verdict.Granted granted, Answer suback) {
        TopicFilter filter = granted.filter();
        Packet.Subscription options = granted.options();
        Subscription fresh =
                new Subscription(
                        connection,
                        filter,
                        options.qos().value(),
                        options.noLocal(),
                        options.retainAsPublished(),
                        granted.identifier());
        Subscription old = enter(filter, fresh);
        if (isSystem(filter)) {
            suback.oneLess();
            lane.system.subscribed(fresh);
            return;
        }
        boolean waits = lane.subscribeAck == SubscribeAck.EVERYWHERE;
        String text = filter.text();
        lane.cluster().subscribe(text, waits ? suback::oneLess : Subscriber::nothing);
        if (old != null) {
            // The cluster counts subscribers: the one that is replaced leaves after its successor
            // came.
            lane.cluster().unsubscribe(text, Subscriber::nothing);
        }
        if (!waits) {
            suback.oneLess();
        }
    }

    /// Puts a subscription in the place of the one with the same filter, if any [MQTT-3.8.4-3].
    private @Nullable Subscription enter(TopicFilter filter, Subscription fresh) {
        if (subscriptions.isEmpty()) {
            subscriptions = new LinkedHashMap<>(2);
        }
        Subscription old = subscriptions.put(filter, fresh);
        if (old == null) {
            lane.table.add(filter, fresh);
            lane.counters.increment(Counter.SUBSCRIBED);
        } else {
            lane.table.replace(filter, old, fresh);
            old.end();
        }
        return old;
    }

    private void suback(Packet.Subscribe packet, List<Verdict> verdicts, ClientTerms terms) {
        Properties properties = Properties.NONE;
        if (terms.problemInformation()) {
            for (Verdict verdict : verdicts) {
                if (properties.isEmpty() && verdict instanceof Verdict.Denied denied) {
                    properties = Properties.of(Property.REASON_STRING, denied.reason());
                }
            }
        }
        List<ReasonCode> codes = verdicts.stream().map(Verdict::code).toList();
        Packet.Suback suback = new Packet.Suback(packet.packetId(), properties, codes);
        if (!connection.outbox().acknowledge(suback)) {
            connection.disconnect(FarewellRules.answerTooLong(packet.type(), terms));
        }
    }

    void unsubscribe(Packet.Unsubscribe packet, ClientTerms terms) {
        if (breaksRules(packet, packet.filters(), terms)) {
            return;
        }
        List<ReasonCode> codes = new ArrayList<>(packet.filters().size());
        Answer unsuback =
                new Answer(
                        connection,
                        packet.filters().size() + 1,
                        () -> unsuback(packet, codes, terms));
        for (String text : packet.filters()) {
            codes.add(unsubscribe(text, unsuback));
        }
        unsuback.oneLess();
    }

    private void unsuback(Packet.Unsubscribe packet, List<ReasonCode> codes, ClientTerms terms) {
        Packet.Unsuback unsuback = new Packet.Unsuback(packet.packetId(), Properties.NONE, codes);
        if (!connection.outbox().send(unsuback)) {
            connection.disconnect(FarewellRules.answerTooLong(packet.type(), terms));
        }
    }

    private ReasonCode unsubscribe(String text, Answer unsuback) {
        Optional<TopicFilter> filter = lane.subscribeRules.unsubscribe(text);
        Subscription subscription =
                filter.isEmpty() || subscriptions.isEmpty()
                        ? null
                        : subscriptions.remove(filter.get());
        if (subscription == null) {
            unsuback.oneLess();
            return filter.isEmpty()
                    ? ReasonCode.TOPIC_FILTER_INVALID
                    : ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        leave(subscription);
        if (isSystem(subscription.filter)) {
            unsuback.oneLess();
        } else {
            lane.cluster().unsubscribe(text, unsuback::oneLess);
        }
        return ReasonCode.SUCCESS;
    }

    private void leave(Subscription subscription) {
        subscription.end();
        lane.table.remove(subscription.filter, subscription);
        lane.counters.increment(Counter.UNSUBSCRIBED);
        if (isSystem(subscription.filter)) {
            lane.system.unsubscribed();
        }
    }

    /// Nobody waits.
    private static void nothing() {}

    private static boolean isSystem(TopicFilter filter) {
        return ConnectRules.isSystemTopic(filter.unshared().text());
    }

    /// The client has left.
    void close() {
        for (Subscription subscription : subscriptions.values()) {
            leave(subscription);
            if (!lane.hasEnded() && !isSystem(subscription.filter)) {
                lane.cluster().unsubscribe(subscription.filter.text(), Subscriber::nothing);
            }
        }
        subscriptions = Map.of();
    }

    /// An answer that waits for several things.
    private static final class Answer {
        private final Connection connection;
        private final Runnable answer;
        private int awaited;

        Answer(Connection connection, int awaited, Runnable answer) {
            this.connection = connection;
            this.awaited = awaited;
            this.answer = answer;
        }

        void oneLess() {
            awaited--;
            if (awaited == 0 && !connection.isClosed()) {
                answer.run();
            }
        }
    }
}
