package io.banyanmq.mqtt.gateway.lane;

import io.netty.buffer.ByteBuf;

/// The connections of one event loop as the cluster side sees them. Every call happens on that loop.
public interface LaneClients {
    /// A publish came from a peer gateway: match the subscription table exactly and queue it to every
    /// matching client of this gateway, on whatever loop. When it returns, the message counts as taken
    /// and will be acknowledged to the peer. `body` is a [ForwardBody] from its reader index on, valid
    /// only during the call.
    ///
    /// @return which shared subscriptions of the body found no member here, or an empty array
    String[] deliver(ByteBuf body);

    /// `peer` took everything up to [ClusterLane#taken], or its epoch ended: look at the heads of the pending acknowledgements.
    void peerTook(int peer);

    /// The peer had no member left for shared subscriptions `filters` of message `number`: pick another
    /// gateway. Comes before [#peerTook] for that number. Also called, for every message that was not
    /// taken, when the peer's epoch ends; then the messages' numbers may be above [ClusterLane#taken] of before.
    void noMember(int peer, long number, String[] filters);

    /// `peer`'s link has room again.
    void peerWritable(int peer);

    /// The gateway serves under a new epoch: connections are welcome.
    void serving();

    /// The epoch ended, or was given up: close every connection (0x9C with a server reference, or just
    /// close), forget the whole subscription table of this loop's clients. Nothing may be acknowledged.
    void epochEnded();
}
