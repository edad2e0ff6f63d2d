package io.banyanmq.mqtt.gateway.lane;

import io.banyanmq.cluster.wire.NodeName;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The cluster as the connections of one event loop see it. One instance a loop; every call, and every
/// callback, happens on that loop.
///
/// Peers are the other gateways that serve, known by a small number that stays theirs until their
/// epoch has ended and nothing refers to it any more.
public interface ClusterLane {
    /// Whether an acknowledgement may be decided at `nanoTime`: the gateway serves and its lease's
    /// deadline lies ahead. The last step before every PUBACK, PUBREC, PUBCOMP, SUBACK and CONNACK is
    /// to ask this with a fresh reading of the monotonic clock.
    boolean mayAcknowledge(long nanoTime);

    /// One more subscriber of `filter` (as subscribed, `$share/group/` included) on this gateway.
    /// `visible` runs once the filter's last add is visible on every serving gateway; if the epoch ends
    /// before, it never runs (the connection is closed by [LaneClients#epochEnded] instead).
    void subscribe(String filter, Runnable visible);

    /// One subscriber less. Order with [#subscribe] is kept. `gone` (UNSUBACK) runs once the change was handed on in
    /// order; it does not wait for the cluster.
    void unsubscribe(String filter, Runnable gone);

    /// Changes whenever a result of [#match] may have changed; a result may be kept for as long as the version stays.
    long version();

    /// Finds the peers that want `topic` and the shared groups that do.
    ///
    /// @param topic UTF-8 bytes of a valid topic name, at `offset`, `length` bytes
    /// @param into is cleared first
    void match(byte[] topic, int offset, int length, Interest into);

    /// Sends one publish to `peer`, once, in order; returns its number (1, 2, 3 … a peer). `body` is encoded by
    /// [ForwardBody]; it is copied, the caller keeps its reference.
    long forward(int peer, ByteBuf body);

    /// The highest number that `peer` took; `Long.MAX_VALUE` once its epoch has ended.
    long taken(int peer);

    /// Whether `peer`'s link has room. While it has not, publishers that send to it are not read;
    /// [LaneClients#peerWritable] says when to go on.
    boolean writable(int peer);

    /// The peer's name, for logs and counters; null for an unknown number.
    @Nullable NodeName name(int peer);
}
