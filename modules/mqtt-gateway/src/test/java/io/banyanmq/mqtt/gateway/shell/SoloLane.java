package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A cluster of one gateway: always serving, everything visible at once, no peers.
class SoloLane implements ClusterLane {
    @Override
    public boolean mayAcknowledge(long nanoTime) {
        return true;
    }

    @Override
    public void subscribe(String filter, Runnable visible) {
        visible.run();
    }

    @Override
    public void unsubscribe(String filter, Runnable gone) {
        gone.run();
    }

    @Override
    public long version() {
        return 0;
    }

    @Override
    public void match(byte[] topic, int offset, int length, Interest into) {
        into.clear();
    }

    @Override
    public long forward(int peer, ByteBuf body) {
        throw new IllegalArgumentException("there is no peer " + peer);
    }

    @Override
    public long taken(int peer) {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean writable(int peer) {
        return true;
    }

    @Override
    public @Nullable NodeName name(int peer) {
        return null;
    }
}
