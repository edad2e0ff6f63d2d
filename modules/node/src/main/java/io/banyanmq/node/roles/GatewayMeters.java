package io.banyanmq.node.roles;

import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayView;
import io.banyanmq.mqtt.gateway.cluster.ClusterShell;
import io.banyanmq.mqtt.gateway.cluster.PeerCounters;
import io.banyanmq.node.admin.NodeMetrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// What a gateway counts, as meters. The names are stable; see docs/operations.md.
final class GatewayMeters {
    private final NodeMetrics metrics;
    private final GatewayView view;
    private final ClusterShell cluster;
    private final Set<String> peers = ConcurrentHashMap.newKeySet();

    private GatewayMeters(NodeMetrics metrics, GatewayView view, ClusterShell cluster) {
        this.metrics = metrics;
        this.view = view;
        this.cluster = cluster;
    }

    static void register(NodeMetrics metrics, GatewayView view, ClusterShell cluster) {
        GatewayMeters meters = new GatewayMeters(metrics, view, cluster);
        for (Counter counter : Counter.values()) {
            meters.count(counter);
        }
        meters.gauges();
        metrics.beforeScrape(meters::addNewPeers);
    }

    private void count(Counter counter) {
        String label = counter.label();
        if (counter == Counter.WAITING) {
            metrics.gauge(
                    "banyan.messages.waiting",
                    "Messages that wait for a place in their receiver's window.",
                    () -> view.count(counter));
        } else if (label.startsWith("dropped_")) {
            count(
                    counter,
                    "banyan.messages.dropped",
                    "Messages that a receiver on this gateway did not get, by reason.",
                    "reason",
                    label.substring("dropped_".length()));
        } else if (label.startsWith("publish_received_qos")) {
            count(
                    counter,
                    "banyan.messages.received",
                    "PUBLISH packets that came in, by QoS.",
                    "qos",
                    label.substring("publish_received_qos".length()));
        } else {
            count(counter, "banyan." + label.replace('_', '.'), help(counter));
        }
    }

    private void count(Counter counter, String name, String help, String... tags) {
        metrics.counter(name, help, () -> view.count(counter), tags);
    }

    private static String help(Counter counter) {
        return switch (counter) {
            case CONNECTIONS_OPENED -> "Connections that were opened.";
            case CONNECTIONS_CLOSED -> "Connections that are closed again.";
            case CONNECTS_ACCEPTED -> "CONNECTs that were accepted.";
            case CONNECTS_REFUSED -> "CONNECTs that were refused.";
            case TAKEN_OVER -> "Connections closed because another one came with their client id.";
            case KEEP_ALIVE_TIMEOUTS ->
                    "Connections closed because nothing came for one and a half keep-alives.";
            case PROTOCOL_ERRORS -> "Connections closed for malformed packets and protocol errors.";
            case PACKETS_RECEIVED -> "MQTT packets that came in.";
            case PACKETS_SENT -> "MQTT packets that went out.";
            case BYTES_RECEIVED -> "Bytes of MQTT packets that came in.";
            case BYTES_SENT -> "Bytes of MQTT packets that went out.";
            case PUBLISH_BYTES_RECEIVED -> "Bytes of PUBLISH packets that came in.";
            case PUBLISH_SENT -> "PUBLISH packets that went out.";
            case PUBLISH_BYTES_SENT -> "Bytes of PUBLISH packets that went out.";
            case PUBLISH_REFUSED -> "PUBLISH packets that were not accepted.";
            case UNMATCHED -> "PUBLISH packets that nobody wanted, here or on another gateway.";
            case MATCHED -> "Receivers that messages had on this gateway.";
            case DELIVERED -> "Messages given to their receiver's connection.";
            case REFUSED_NO_LEASE -> "QoS 0 messages that came in while the gateway had no lease.";
            case FORWARDED_OUT -> "Messages handed to peer gateways, counted once a peer.";
            case FORWARDED_IN -> "Messages that came from peer gateways.";
            case REDELIVERED -> "Messages of shared subscriptions that went to another member.";
            case WILLS_PUBLISHED -> "Wills that were published.";
            case SUBSCRIBED -> "Subscriptions that were made.";
            case UNSUBSCRIBED -> "Subscriptions that have ended.";
            default -> counter.label().replace('_', ' ') + ".";
        };
    }

    private void gauges() {
        metrics.gauge("banyan.clients", "Connected clients.", view::clientCount)
                .gauge(
                        "banyan.subscriptions",
                        "Subscriptions of connected clients.",
                        view::subscriptionCount)
                .gauge(
                        "banyan.filters",
                        "Topic filters with a subscription here.",
                        view::filterCount)
                .gauge(
                        "banyan.gateway.serving",
                        "1 while this gateway may acknowledge: it serves and its lease holds.",
                        () -> cluster.mayAcknowledge(System.nanoTime()) ? 1 : 0)
                .gauge(
                        "banyan.gateway.lease.seconds",
                        "Until the deadline of this gateway's lease; 0 while it may not acknowledge.",
                        () -> Math.max(0, cluster.deadlineNanos() - System.nanoTime()) / 1e9)
                .gauge(
                        "banyan.routes",
                        "Routes of other gateways in the route index.",
                        () -> cluster.status().routes())
                .gauge(
                        "banyan.routes.bytes",
                        "About what the route index takes.",
                        () -> cluster.status().routeBytes())
                .gauge(
                        "banyan.feed.index",
                        "Log index up to which the feed is applied.",
                        () -> cluster.status().feedIndex())
                .gauge(
                        "banyan.route.changes.pending",
                        "Own route changes that are not visible everywhere yet.",
                        () -> cluster.status().pendingChanges())
                .gauge(
                        "banyan.stores.connected",
                        "Store nodes that this gateway talks with.",
                        () -> cluster.status().storesUp().size())
                .counter(
                        "banyan.gateway.alarms",
                        "Faults that a person must look at.",
                        () -> cluster.status().alarms());
    }

    /// Peers come and go; each gets its meters when it is first seen.
    private void addNewPeers() {
        for (PeerCounters peer : cluster.peerCounters()) {
            String name = peer.node().toString();
            if (peers.add(name)) {
                link(
                        name,
                        "banyan.link.sent",
                        "Publishes handed to the links to a peer.",
                        PeerCounters::framesSent);
                link(
                        name,
                        "banyan.link.taken",
                        "Publishes that a peer acknowledged.",
                        PeerCounters::framesTaken);
                link(
                        name,
                        "banyan.link.sent.bytes",
                        "Bytes handed to the links to a peer.",
                        PeerCounters::bytesSent);
                link(
                        name,
                        "banyan.link.received",
                        "Publishes taken from a peer.",
                        PeerCounters::framesReceived);
                link(
                        name,
                        "banyan.link.received.bytes",
                        "Bytes of publishes taken from a peer.",
                        PeerCounters::bytesReceived);
                link(
                        name,
                        "banyan.link.repeats",
                        "Publishes that came again after a reconnect, and were skipped.",
                        PeerCounters::repeatsReceived);
                metrics.gauge(
                                "banyan.link.held.bytes",
                                "Bytes kept for a possible repeat to a peer.",
                                () -> of(name, PeerCounters::heldBytes),
                                "peer",
                                name)
                        .gauge(
                                "banyan.link.connected",
                                "Lanes whose link to a peer is up.",
                                () -> of(name, PeerCounters::linksConnected),
                                "peer",
                                name);
            }
        }
    }

    private void link(String peer, String name, String help, ToLongFunction<PeerCounters> value) {
        metrics.counter(name, help, () -> of(peer, value), "peer", peer);
    }

    private long of(String peer, ToLongFunction<PeerCounters> value) {
        for (PeerCounters counters : cluster.peerCounters()) {
            if (counters.node().toString().equals(peer)) {
                return value.applyAsLong(counters);
            }
        }
        return 0;
    }
}
