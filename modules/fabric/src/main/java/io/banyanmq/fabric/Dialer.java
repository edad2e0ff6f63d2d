package io.banyanmq.fabric;

import io.banyanmq.fabric.core.Backoff;
import io.banyanmq.fabric.core.Handshake;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/// Keeps calling one node: connects, introduces itself, hands the connection over, and starts again, after a pause,
/// when told that it is gone. Lives on one loop.
final class Dialer {
    /// Gets what the dialer makes.
    interface Owner {
        void connected(Connection connection);
    }

    private final Fabric fabric;
    private final Purpose purpose;
    private final Destination destination;
    private final EventLoop loop;
    private final Backoff backoff;
    private final Owner owner;
    private boolean stopped;

    Dialer(
            Fabric fabric,
            Purpose purpose,
            Destination destination,
            EventLoop loop,
            Backoff backoff,
            Owner owner) {
        this.fabric = fabric;
        this.purpose = purpose;
        this.destination = destination;
        this.loop = loop;
        this.backoff = backoff;
        this.owner = owner;
    }

    void start() {
        fabric.dial(
                destination,
                purpose,
                loop,
                new Introduction.Result() {
                    @Override
                    public void proven(Connection connection, Handshake.Peer peer) {
                        if (stopped) {
                            connection.close("no longer wanted");
                        } else {
                            owner.connected(connection);
                        }
                    }

                    @Override
                    public void failed(String why) {
                        lost(why);
                    }
                });
    }

    /// There is no connection, or no more: call again after a pause.
    void lost(String why) {
        if (!stopped && !fabric.isClosed() && !loop.isShuttingDown()) {
            fabric.refusals().unreachable(destination, purpose, why);
            var _ = loop.schedule(this::redial, backoff.nextMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// The connection proved useful: the next pause is the shortest.
    void useful() {
        backoff.reset();
    }

    void stop() {
        stopped = true;
    }

    private void redial() {
        if (!stopped) {
            start();
        }
    }
}
