package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// Decides whose links a node takes.
public interface LinkAcceptor {
    /// A peer wants to open, or to resume, a link. Called on `loop`, where its frames will arrive.
    ///
    /// @return where they go; null if the link is not welcome (now): another receiver epoch, a sender that the feed has not shown,
    ///     or one that ended. The peer will try again
    @Nullable LinkInbox accept(NodeName sender, LinkId link, EventLoop loop);
}
