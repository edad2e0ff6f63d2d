package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayView;
import io.banyanmq.mqtt.gateway.core.ClientTerms;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The view of a running gateway: asks each connection on its own loop.
final class LiveView implements GatewayView {
    private final List<Lane> lanes;
    private final Commons commons;
    private final SystemValues.Totals totals;
    private final Map<String, InetSocketAddress> listeners;

    LiveView(
            List<Lane> lanes,
            Commons commons,
            SystemValues.Totals totals,
            Map<String, InetSocketAddress> listeners) {
        this.lanes = lanes;
        this.commons = commons;
        this.totals = totals;
        this.listeners = listeners;
    }

    @Override
    public long count(Counter counter) {
        return totals.of(counter);
    }

    @Override
    public int clientCount() {
        return commons.clients().count();
    }

    @Override
    public long subscriptionCount() {
        return totals.subscriptions();
    }

    @Override
    public long filterCount() {
        return totals.filters();
    }

    @Override
    public Map<String, InetSocketAddress> listeners() {
        return listeners;
    }

    @Override
    public CompletableFuture<List<ClientView>> clients() {
        return fromAll(
                connection -> describe(connection).stream().toList(),
                Comparator.comparing(ClientView::clientId));
    }

    @Override
    public CompletableFuture<Optional<ClientView>> client(String clientId) {
        Connection connection = commons.clients().find(clientId);
        return connection == null
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(() -> describe(connection), connection.lane.loop);
    }

    @Override
    public CompletableFuture<List<SubscriptionView>> subscriptions() {
        return fromAll(
                connection ->
                        connection.subscriber().subscriptions().stream()
                                .map(subscription -> describe(connection, subscription))
                                .toList(),
                Comparator.comparing(SubscriptionView::clientId)
                        .thenComparing(SubscriptionView::filter));
    }

    @Override
    public CompletableFuture<Boolean> disconnect(String clientId) {
        Connection connection = commons.clients().find(clientId);
        return connection == null
                ? CompletableFuture.completedFuture(false)
                : CompletableFuture.supplyAsync(() -> kick(connection), connection.lane.loop);
    }

    private static boolean kick(Connection connection) {
        boolean there = connection.isConnected();
        if (there) {
            connection.disconnect(
                    new Farewell(ReasonCode.ADMINISTRATIVE_ACTION, "closed by an administrator"));
        }
        return there;
    }

    /// Collects something from every connection, each on its loop.
    private <T> CompletableFuture<List<T>> fromAll(
            Function<Connection, List<T>> question, Comparator<T> order) {
        List<CompletableFuture<List<T>>> answers = new ArrayList<>();
        for (Lane lane : lanes) {
            answers.add(
                    CompletableFuture.supplyAsync(
                            () ->
                                    lane.connections().stream()
                                            .filter(Connection::isConnected)
                                            .flatMap(c -> question.apply(c).stream())
                                            .toList(),
                            lane.loop));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        answers.stream()
                                .flatMap(answer -> answer.join().stream())
                                .sorted(order)
                                .toList());
    }

    private static Optional<ClientView> describe(Connection connection) {
        ClientTerms terms = connection.terms();
        if (terms == null) {
            return Optional.empty();
        }
        Outbox outbox = connection.outbox();
        return Optional.of(
                new ClientView(
                        terms.clientId(),
                        text(connection.remoteAddress()),
                        connection.listener,
                        text(terms.version()),
                        terms.userName().orElse(""),
                        terms.keepAliveSeconds(),
                        terms.cleanStart(),
                        Instant.ofEpochMilli(connection.connectedAtMillis()),
                        connection.subscriber().subscriptions().size(),
                        outbox.inflightSize(),
                        outbox.queuedMessages(),
                        outbox.queuedBytes()));
    }

    private static SubscriptionView describe(Connection connection, Subscription subscription) {
        return new SubscriptionView(
                connection.clientId(),
                subscription.filter.text(),
                subscription.qos,
                subscription.qosOfOwn < 0,
                subscription.retainAsPublished,
                subscription.identifiers.length == 0 ? 0 : subscription.identifiers[0]);
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : "";
    }

    private static String text(MqttVersion version) {
        return switch (version) {
            case V3_1 -> "3.1";
            case V3_1_1 -> "3.1.1";
            case V5 -> "5.0";
        };
    }
}
