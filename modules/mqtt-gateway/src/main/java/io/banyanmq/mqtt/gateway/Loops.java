package io.banyanmq.mqtt.gateway;

import io.banyanmq.fabric.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The event loops of a gateway: epoll where the system has it, else the JDK's selector. The fabric shares them.
public final class Loops implements AutoCloseable {
    private static final long CLOSE_MILLIS_MAX = 5_000;

    /// The other ends of local channels, on other loops, still have to hear that ours are closed.
    private static final long QUIET_MILLIS = 50;

    private final EventLoopGroup group;
    private final Transport transport;

    private Loops(EventLoopGroup group, Transport transport) {
        this.group = group;
        this.transport = transport;
    }

    /// Starts event loops.
    ///
    /// @param count 1 or more; one a core serves best
    /// @param threadName of the threads, which get a number behind it
    public static Loops open(int count, String threadName) {
        Transport transport = Transport.best();
        return new Loops(transport.newLoops(count, threadName), transport);
    }

    /// The loops as Netty wants them.
    public EventLoopGroup group() {
        return group;
    }

    /// All loops, in a fixed order.
    public List<EventLoop> all() {
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            loops.add((EventLoop) executor);
        }
        return List.copyOf(loops);
    }

    /// `epoll` or `nio`.
    public String transport() {
        return transport.name().toLowerCase(Locale.ROOT);
    }

    /// What listens on these loops.
    public Class<? extends ServerChannel> serverChannel() {
        return transport.serverChannel();
    }

    /// Ends the threads, at the latest after five seconds.
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }
}
