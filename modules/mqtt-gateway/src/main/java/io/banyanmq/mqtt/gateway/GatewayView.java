package io.banyanmq.mqtt.gateway;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What a gateway tells about itself and its clients. May be asked from any thread; futures are completed on an
/// event loop, so what follows on them must not block.
public interface GatewayView {
    /// A counter, summed over all loops; a value of this moment or shortly before.
    long count(Counter counter);

    /// Clients that are connected.
    int clientCount();

    /// Subscriptions, one a client and filter.
    long subscriptionCount();

    /// Filters with at least one subscription.
    long filterCount();

    /// Where each listener listens, by name.
    Map<String, InetSocketAddress> listeners();

    /// The connected clients, by client id.
    CompletableFuture<List<ClientView>> clients();

    /// One of them; empty if it is not connected here.
    CompletableFuture<Optional<ClientView>> client(String clientId);

    /// All subscriptions, by client id and filter.
    CompletableFuture<List<SubscriptionView>> subscriptions();

    /// Closes a client's connection (0x98); false if it is not connected here.
    CompletableFuture<Boolean> disconnect(String clientId);

    /// A client as it is at the moment.
    ///
    /// @param clientId its own or the assigned one
    /// @param address `host:port` it came from; empty if it is gone
    /// @param listener by which it came
    /// @param protocol `3.1`, `3.1.1` or `5.0`
    /// @param userName as sent; empty for none
    /// @param keepAliveSeconds in force; 0 for none
    /// @param cleanStart as sent
    /// @param connectedAt when CONNECT was accepted
    /// @param subscriptions how many
    /// @param inflight messages sent and not settled
    /// @param queuedMessages messages that wait for a place in the window
    /// @param queuedBytes their bytes
    record ClientView(
            String clientId,
            String address,
            String listener,
            String protocol,
            String userName,
            int keepAliveSeconds,
            boolean cleanStart,
            Instant connectedAt,
            int subscriptions,
            int inflight,
            int queuedMessages,
            long queuedBytes) {}

    /// A subscription.
    ///
    /// @param clientId whose
    /// @param filter as subscribed, `$share/group/` included
    /// @param qos granted
    /// @param noLocal MQTT 5 §3.8.3.1
    /// @param retainAsPublished MQTT 5 §3.8.3.1
    /// @param identifier 0 for none
    record SubscriptionView(
            String clientId,
            String filter,
            int qos,
            boolean noLocal,
            boolean retainAsPublished,
            int identifier) {}
}
