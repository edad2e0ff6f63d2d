package io.banyanmq.mqtt.gateway;

import java.util.Locale;

/// What a gateway counts. Over all counters of a gateway, at rest,
/// [#MATCHED] = [#DELIVERED] + [#WAITING] + all `DROPPED_*`.
public enum Counter {
    /// Connections that were opened.
    CONNECTIONS_OPENED,
    /// Connections that are closed again.
    CONNECTIONS_CLOSED,
    /// CONNECTs that were accepted.
    CONNECTS_ACCEPTED,
    /// CONNECTs that were refused.
    CONNECTS_REFUSED,
    /// Connections closed because another one came with their client id.
    TAKEN_OVER,
    /// Connections closed because nothing came for one and a half keep-alives.
    KEEP_ALIVE_TIMEOUTS,
    /// Connections closed for malformed packets and protocol errors.
    PROTOCOL_ERRORS,
    /// Packets of all kinds that came in.
    PACKETS_RECEIVED,
    /// Packets of all kinds that went out.
    PACKETS_SENT,
    /// Bytes that came in, of packets.
    BYTES_RECEIVED,
    /// Bytes that went out, of packets.
    BYTES_SENT,
    /// PUBLISH packets of QoS 0 that came in.
    PUBLISH_RECEIVED_QOS0,
    /// PUBLISH packets of QoS 1 that came in.
    PUBLISH_RECEIVED_QOS1,
    /// PUBLISH packets of QoS 2 that came in, repeats included.
    PUBLISH_RECEIVED_QOS2,
    /// Bytes of PUBLISH packets that came in.
    PUBLISH_BYTES_RECEIVED,
    /// PUBLISH packets that went out.
    PUBLISH_SENT,
    /// Bytes of PUBLISH packets that went out.
    PUBLISH_BYTES_SENT,
    /// PUBLISH packets that were not accepted: `$SYS`, too many levels.
    PUBLISH_REFUSED,
    /// PUBLISH packets that nobody wanted, here or on another gateway.
    UNMATCHED,
    /// Messages for which a shared subscription had no member left anywhere; these have matched nobody here.
    NO_MEMBER,
    /// Receivers that messages had on this gateway.
    MATCHED,
    /// Messages given to their receiver's connection.
    DELIVERED,
    /// Messages that wait for a place in their receiver's window: a gauge.
    WAITING,
    /// QoS 0 to a client whose socket takes nothing more.
    DROPPED_SLOW_CONSUMER,
    /// The client's queue was full.
    DROPPED_QUEUE_FULL,
    /// Longer than the client's maximum packet size.
    DROPPED_TOO_LARGE,
    /// The message's expiry interval passed while it waited.
    DROPPED_EXPIRED,
    /// The client left while the message waited for it.
    DROPPED_DISCONNECTED,
    /// QoS 0 that came in while the gateway had no lease; these have matched nobody yet.
    REFUSED_NO_LEASE,
    /// Messages handed to peer gateways, counted once a peer.
    FORWARDED_OUT,
    /// Messages that came from peer gateways.
    FORWARDED_IN,
    /// Messages of shared subscriptions that went to another member, as the first could not take them.
    REDELIVERED,
    /// Wills that were published.
    WILLS_PUBLISHED,
    /// Subscriptions that were made.
    SUBSCRIBED,
    /// Subscriptions that have ended.
    UNSUBSCRIBED;

    static final int COUNT = values().length;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The name in metrics, lists and logs: `dropped_queue_full`.
    public String label() {
        return label;
    }
}
