package io.banyanmq.mqtt.gateway;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The event loops of a gateway: epoll where the system has it, else the JDK's selector.
public final class Loops implements AutoCloseable {
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private final EventLoopGroup group;
    private final boolean epoll;

    private Loops(EventLoopGroup group, boolean epoll) {
        this.group = group;
        this.epoll = epoll;
    }

    /// Starts event loops.
    ///
    /// @param count 1 or more; one a core serves best
    /// @param threadName of the threads, which get a number behind it
    public static Loops open(int count, String threadName) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new Loops(
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory(threadName, true), factory),
                epoll);
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
        return epoll ? "epoll" : "nio";
    }

    /// What listens on these loops.
    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /// Ends the threads, at the latest after five seconds.
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }
}
