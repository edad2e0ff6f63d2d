package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.GatewayConfig.Listener;
import io.banyanmq.mqtt.gateway.GatewayConfig.Tls;
import io.banyanmq.mqtt.gateway.GatewayConfig.Transport;
import io.banyanmq.mqtt.gateway.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The doors of a gateway.
final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int READ_BYTES = 64 * 1_024;
    private static final int BACKLOG = 4_096;
    private static final long CLOSE_SECONDS_MAX = 5;

    private final IdentityHashMap<EventLoop, Lane> lanes = new IdentityHashMap<>();
    private final Map<String, InetSocketAddress> bound = new LinkedHashMap<>();
    private final List<Channel> open = new ArrayList<>();
    private final int packetBytesMax;
    private final int queueBytesMax;

    /// Opens all of them; if one cannot be opened, none is.
    ///
    /// @throws IOException which names the listener
    Listeners(List<Listener> listeners, Loops loops, List<Lane> all) throws IOException {
        packetBytesMax = all.getFirst().limits.packetBytesMax();
        queueBytesMax = all.getFirst().limits.queueBytesMax();
        all.forEach(lane -> lanes.put(lane.loop, lane));
        try {
            for (Listener listener : listeners) {
                open(listener, loops);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Where each listens, by name; the real port where 0 was asked for.
    Map<String, InetSocketAddress> bound() {
        return Map.copyOf(bound);
    }

    private void open(Listener listener, Loops loops) throws IOException {
        SslContext tls = listener.tls() == null ? null : context(listener, listener.tls());
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group(), loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_BYTES))
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(queueBytesMax / 2, queueBytesMax))
                        .childHandler(new Door(listener, tls));
        ChannelFuture binding = bootstrap.bind(listener.bind()).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "listener "
                            + listener.name()
                            + ": cannot listen on "
                            + listener.bind()
                            + ": "
                            + reason(binding.cause()),
                    binding.cause());
        }
        open.add(binding.channel());
        InetSocketAddress address = (InetSocketAddress) binding.channel().localAddress();
        bound.put(listener.name(), address);
        LOG.atInfo()
                .addKeyValue("listener", listener.name())
                .addKeyValue("address", address)
                .addKeyValue("transport", listener.transport())
                .addKeyValue("tls", tls != null)
                .log("listening");
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "unknown reason" : cause.getMessage();
    }

    private static SslContext context(Listener listener, Tls files) throws IOException {
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile());
            if (files.clientAuthority() != null) {
                builder.trustManager(files.clientAuthority().toFile())
                        .clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "listener " + listener.name() + ": TLS cannot be set up: " + reason(e), e);
        }
    }

    /// Sets up the channel of each client.
    private final class Door extends ChannelInitializer<Channel> {
        private final Listener listener;
        private final @Nullable SslContext tls;

        Door(Listener listener, @Nullable SslContext tls) {
            this.listener = listener;
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            Lane lane = lanes.get(channel.eventLoop());
            if (lane == null) {
                throw new IllegalStateException("a client came on a loop that has no lane");
            }
            ChannelPipeline pipeline = channel.pipeline();
            if (tls != null) {
                pipeline.addLast(tls.newHandler(channel.alloc()));
            }
            if (listener.transport() == Transport.WEB_SOCKET) {
                WebSocketUpgrade.install(
                        pipeline,
                        listener.path(),
                        packetBytesMax,
                        () -> new Connection(lane, listener.name()));
            } else {
                pipeline.addLast(new Connection(lane, listener.name()));
            }
        }
    }

    /// Closes the doors; clients that are in stay.
    @Override
    public void close() {
        open.forEach(channel ->
                channel.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS));
        open.clear();
    }
}
