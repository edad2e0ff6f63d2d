package io.banyanmq.mqtt.gateway.lane;

import io.netty.channel.EventLoop;

/// Makes the cluster's side of one event loop.
@FunctionalInterface
public interface LaneFactory {
    /// Called once a loop, on that loop, before any client is there.
    ///
    /// @param index 0, 1, 2 … a loop of the gateway
    /// @param loop on which everything happens
    /// @param clients the loop's connections; may be called from now on
    ClusterLane open(int index, EventLoop loop, LaneClients clients);
}
