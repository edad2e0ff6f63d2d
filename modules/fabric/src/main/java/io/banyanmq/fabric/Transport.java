package io.banyanmq.fabric;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;

/// How a process does I/O: epoll where its native library is there, else the JDK's selectors; in either case
/// the same event loops also carry Netty's local channels.
///
/// Netty 4.2 wants a [LocalIoHandler] for those, and a loop has one handler. But a local channel needs nothing of its
/// handler: it moves messages through the peer's loop queue. So the loop's handler here takes in both
/// kinds and lets the real one run the loop: a message between two local channels costs the one hop through the queue that it has to.
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;

    Transport(
            Class<? extends ServerChannel> serverChannel, Class<? extends SocketChannel> channel) {
        this.serverChannel = serverChannel;
        this.channel = channel;
    }

    /// The best that this process has.
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /// `threads` event loops, 1 or more, as daemon threads called `name-1`, `name-2` …; whoever asks for them shuts
    /// them down.
    public MultiThreadIoEventLoopGroup newLoops(int threads, String name) {
        IoHandlerFactory socket =
                this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        IoHandlerFactory local = LocalIoHandler.newFactory();
        IoHandlerFactory both =
                (ThreadAwareExecutor executor) ->
                        new SocketAndLocal(socket.newHandler(executor), local.newHandler(executor));
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), both);
    }

    private record SocketAndLocal(IoHandler socket, IoHandler local) implements IoHandler {
        @Override
        public void initialize() {
            socket.initialize();
            local.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return socket.run(context);
        }

        @Override
        public void prepareToDestroy() {
            local.prepareToDestroy();
            socket.prepareToDestroy();
        }

        @Override
        public void destroy() {
            local.destroy();
            socket.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return local.isCompatible(handle.getClass())
                    ? local.register(handle)
                    : socket.register(handle);
        }

        @Override
        public void wakeup() {
            socket.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return local.isCompatible(type) || socket.isCompatible(type);
        }
    }
}
