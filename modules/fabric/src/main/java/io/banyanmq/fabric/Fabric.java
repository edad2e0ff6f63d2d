package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.Backoff;
import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.Handshake;
import io.banyanmq.fabric.core.Handshake.Acceptor;
import io.banyanmq.fabric.core.Handshake.Initiator;
import io.banyanmq.fabric.core.Handshake.Message;
import io.banyanmq.fabric.core.Handshake.Step;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node's end of the fabric: listens, dials, authenticates, and hands proven connections to conversations and links.
///
/// Say what this node takes ([#onConversation], [#onLink]) and [#listenTcp] or [#listenLocal]; who calls for what is not taken yet
/// is refused, and tries again. The event loops come from
/// [Transport#newLoops] and stay their owner's; [#close] closes every connection, not the loops.
public final class Fabric implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fabric.class);

    /// More connections than this may not be in the middle of their handshake; further ones are closed at once.
    private static final int UNPROVEN_MAX = 1_024;

    private static final int CONNECT_MILLIS_MAX = 2_000;
    private static final int BACKLOG = 1_024;
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);
    private static final long BACKOFF_LEAST_MILLIS = 50;
    private static final long BACKOFF_MOST_MILLIS = 2_000;

    private final FabricConfig config;
    private final Transport transport;
    private final EventLoopGroup loops;
    private final SecureRandom random;
    private final Handshake.Self self;
    private final RefusalLog refusals;
    private final Map<Purpose, ConversationAcceptor> conversations = new ConcurrentHashMap<>();
    private final AtomicInteger unproven = new AtomicInteger();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private volatile @Nullable InboundLinks inbound;
    private volatile boolean closed;

    /// @param loops made by `transport`'s [Transport#newLoops]
    /// @param random for nonces and for the jitter of reconnects
    public Fabric(
            FabricConfig config, Transport transport, EventLoopGroup loops, SecureRandom random) {
        this(
                config,
                transport,
                loops,
                random,
                new RefusalLog(
                        config.node(), System::nanoTime, line -> LOG.warn("fabric: {}", line)));
    }

    Fabric(
            FabricConfig config,
            Transport transport,
            EventLoopGroup loops,
            SecureRandom random,
            RefusalLog refusals) {
        this.config = config;
        this.transport = transport;
        this.loops = loops;
        this.random = random;
        this.self =
                new Handshake.Self(
                        config.cluster(),
                        config.node(),
                        config.incarnation(),
                        new CookieProver(config.cookie()));
        this.refusals = refusals;
    }

    public FabricConfig config() {
        return config;
    }

    /// One of the loops, in turn: where to hold a conversation.
    public EventLoop loop() {
        return loops.next();
    }

    /// Takes conversations of this purpose from now on. From any thread.
    public void onConversation(Purpose purpose, ConversationAcceptor acceptor) {
        if (purpose == Purpose.LINK) {
            throw new IllegalArgumentException("links are no conversations");
        }
        conversations.put(purpose, acceptor);
    }

    /// Takes links from now on. From any thread.
    public void onLink(LinkAcceptor acceptor) {
        inbound = new InboundLinks(acceptor);
    }

    /// Listens on `host:port`; port 0 picks a free one. Blocks until it does.
    ///
    /// @return where it listens
    /// @throws IOException if the address is taken or not ours
    public HostPort listenTcp(String host, int port) throws IOException {
        Channel server =
                bound(
                        new ServerBootstrap()
                                .group(loops)
                                .channel(transport.serverChannel())
                                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                                .option(ChannelOption.SO_REUSEADDR, true)
                                .childOption(ChannelOption.TCP_NODELAY, true),
                        new InetSocketAddress(host, port),
                        host + ":" + port,
                        config.tls().orElse(null));
        return new HostPort(host, ((InetSocketAddress) server.localAddress()).getPort());
    }

    /// Listens in this process under `name`, which must be unique in it.
    ///
    /// @return the address for others in this process: `name`, port 0
    /// @throws IOException if the name is taken
    public HostPort listenLocal(String name) throws IOException {
        bound(
                new ServerBootstrap().group(loops).channel(LocalServerChannel.class),
                new LocalAddress(name),
                name,
                null);
        return new HostPort(name, 0);
    }

    private Channel bound(
            ServerBootstrap bootstrap, SocketAddress address, String text, @Nullable FabricTls tls)
            throws IOException {
        ChannelFuture bind =
                bootstrap
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .childHandler(new Incoming(tls))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new IOException(
                    "fabric cannot listen on " + text + ": " + bind.cause().getMessage(),
                    bind.cause());
        }
        track(bind.channel());
        return bind.channel();
    }

    /// Begins a conversation that keeps itself connected, on `loop` (one of this fabric's); `handler` is called there.
    public Conversation converse(
            Purpose purpose, Destination destination, EventLoop loop, ConversationHandler handler) {
        if (purpose == Purpose.LINK) {
            throw new IllegalArgumentException("links are no conversations");
        }
        Conversation conversation = new Conversation(config, loop, purpose, destination.node());
        Dialer dialer =
                dialer(purpose, destination, loop, proven -> conversation.attach(proven, handler));
        conversation.dialledBy(dialer);
        loop.execute(dialer::start);
        return conversation;
    }

    /// Opens the sending end of a link on `loop` (one of this fabric's); `handler` is called there. Frames may be
    /// appended at once.
    public Link link(LinkId id, Destination destination, EventLoop loop, LinkHandler handler) {
        Link link = new Link(config, id, loop, handler);
        Dialer dialer = dialer(Purpose.LINK, destination, loop, link::attach);
        link.dialledBy(dialer);
        loop.execute(dialer::start);
        return link;
    }

    /// The epoch of a peer has ended: forget its incoming links and close their connections. Call it *after* the
    /// [LinkAcceptor] refuses them. From any thread.
    ///
    /// @return what they had counted
    public List<InboundCounters> forgetLinksOf(Epoch sender) {
        InboundLinks links = inbound;
        return links == null ? List.of() : links.forgetSender(sender);
    }

    /// Our own epoch has ended: forget all incoming links, likewise.
    public List<InboundCounters> forgetLinks() {
        InboundLinks links = inbound;
        return links == null ? List.of() : links.forgetAll();
    }

    /// What came in over each incoming link. From any thread.
    public List<InboundCounters> inboundCounters() {
        InboundLinks links = inbound;
        return links == null ? List.of() : links.counters();
    }

    /// Stops listening and closes every connection; nobody reconnects. Waits for that, a few seconds at most, unless called on a
    /// loop. The loops go on.
    @Override
    public void close() {
        closed = true;
        boolean onLoop = false;
        for (EventExecutor loop : loops) {
            onLoop |= loop.inEventLoop();
        }
        long deadline = System.nanoTime() + CLOSE_NANOS_MAX;
        do {
            // While a server channel closes, it may still accept: until there is none left.
            for (ChannelFuture each : channels.stream().map(Channel::close).toList()) {
                if (!onLoop) {
                    each.awaitUninterruptibly(
                            Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                }
            }
        } while (!onLoop && !channels.isEmpty() && deadline - System.nanoTime() > 0);
    }

    boolean isClosed() {
        return closed;
    }

    RefusalLog refusals() {
        return refusals;
    }

    private Dialer dialer(
            Purpose purpose, Destination destination, EventLoop loop, Dialer.Owner owner) {
        Backoff backoff = new Backoff(BACKOFF_LEAST_MILLIS, BACKOFF_MOST_MILLIS, random);
        return new Dialer(this, purpose, destination, loop, backoff, owner);
    }

    /// One attempt to connect; `result` is told on `loop`.
    void dial(
            Destination destination, Purpose purpose, EventLoop loop, Introduction.Result result) {
        if (closed) {
            return;
        }
        HostPort address = destination.address();
        if (address.port() == 0) {
            connect(destination, purpose, loop, new LocalAddress(address.host()), result);
        } else if (NetUtil.isValidIpV4Address(address.host())
                || NetUtil.isValidIpV6Address(address.host())) {
            connect(
                    destination,
                    purpose,
                    loop,
                    new InetSocketAddress(address.host(), address.port()),
                    result);
        } else {
            // Looking a name up blocks.
            Thread.ofVirtual()
                    .name("fabric-resolve-", 0)
                    .start(() -> resolve(destination, purpose, loop, result));
        }
    }

    private void resolve(
            Destination destination, Purpose purpose, EventLoop loop, Introduction.Result result) {
        HostPort address = destination.address();
        try {
            InetSocketAddress resolved =
                    new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            loop.execute(() -> connect(destination, purpose, loop, resolved, result));
        } catch (UnknownHostException _) {
            loop.execute(() -> result.failed("host " + address.host() + " is not known"));
        }
    }

    private void connect(
            Destination destination,
            Purpose purpose,
            EventLoop loop,
            SocketAddress address,
            Introduction.Result result) {
        boolean local = address instanceof LocalAddress;
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(local ? LocalChannel.class : transport.channel())
                        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) Math.min(CONNECT_MILLIS_MAX, config.handshake().toMillis()));
        if (!local) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        Outgoing outgoing =
                new Outgoing(
                        destination, purpose, local ? null : config.tls().orElse(null), result);
        bootstrap
                .handler(outgoing)
                .connect(address)
                .addListener(
                        (ChannelFutureListener)
                                connect -> {
                                    if (!connect.isSuccess()) {
                                        outgoing.failed(
                                                String.valueOf(connect.cause().getMessage()));
                                    }
                                });
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(config.bufferBytesMax() / 4, config.bufferBytesMax() / 2);
    }

    private void track(Channel channel) {
        channels.add(channel);
        channel.closeFuture().addListener(_ -> channels.remove(channel));
        if (closed) {
            var _ = channel.close();
        }
    }

    private byte[] nonce() {
        byte[] nonce = new byte[Handshake.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    private void install(
            Channel channel,
            @Nullable FabricTls tls,
            boolean initiator,
            Introduction introduction) {
        track(channel);
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.newHandler(channel, initiator, config.handshake().toMillis()));
        }
        channel.pipeline().addLast(introduction.connection());
    }

    /// Sets up a connection that this node opens.
    private final class Outgoing extends ChannelInitializer<Channel> {
        private final Destination destination;
        private final Purpose purpose;
        private final @Nullable FabricTls tls;
        private final Introduction.Result result;
        private @Nullable Introduction introduction;

        Outgoing(
                Destination destination,
                Purpose purpose,
                @Nullable FabricTls tls,
                Introduction.Result result) {
            this.destination = destination;
            this.purpose = purpose;
            this.tls = tls;
            this.result = result;
        }

        @Override
        protected void initChannel(Channel channel) {
            Initiator initiator = new Initiator(self, purpose.label(), destination.node(), nonce());
            Introduction begun =
                    new Introduction(
                            config, refusals, channel, new InitiatorParty(initiator), result);
            introduction = begun;
            install(channel, tls, true, begun);
        }

        void failed(String why) {
            if (introduction == null) {
                result.failed(why);
            } else {
                introduction.closed(why);
            }
        }
    }

    /// Sets up a connection that another node opened.
    private final class Incoming extends ChannelInitializer<Channel> {
        private final @Nullable FabricTls tls;

        Incoming(@Nullable FabricTls tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (unproven.incrementAndGet() > UNPROVEN_MAX) {
                unproven.decrementAndGet();
                refusals.refused(
                        "too many handshakes under way",
                        "at most " + UNPROVEN_MAX,
                        null,
                        channel.remoteAddress());
                var _ = channel.close();
                return;
            }
            Acceptor acceptor = new Acceptor(self, offered(), nonce());
            install(
                    channel,
                    tls,
                    false,
                    new Introduction(
                            config,
                            refusals,
                            channel,
                            new AcceptorParty(acceptor),
                            new Accepted()));
        }
    }

    private Set<String> offered() {
        Set<String> labels =
                conversations.keySet().stream().map(Purpose::label).collect(Collectors.toSet());
        if (inbound != null) {
            labels.add(Purpose.LINK.label());
        }
        return labels;
    }

    private final class Accepted implements Introduction.Result {
        @Override
        public void proven(Connection connection, Handshake.Peer peer) {
            unproven.decrementAndGet();
            InboundLinks links = inbound;
            if (links != null && peer.purpose().equals(Purpose.LINK.label())) {
                connection.enter(new Receiving(links, connection, peer.node()));
                return;
            }
            conversations.forEach((purpose, acceptor) -> {
                if (purpose.label().equals(peer.purpose())) {
                    begin(connection, peer, purpose, acceptor);
                }
            });
        }

        private void begin(
                Connection connection,
                Handshake.Peer peer,
                Purpose purpose,
                ConversationAcceptor acceptor) {
            Conversation conversation =
                    new Conversation(
                            config, connection.channel().eventLoop(), purpose, peer.node());
            conversation.attach(connection, acceptor.accept(conversation));
        }

        @Override
        public void failed(String why) {
            unproven.decrementAndGet();
        }
    }

    private record InitiatorParty(Initiator initiator) implements Introduction.Party {
        @Override
        public Message opening() {
            return initiator.hello();
        }

        @Override
        public Step on(FrameType type, byte[] body, byte[] exporter) {
            return initiator.on(type, body, exporter);
        }

        @Override
        public @Nullable NodeName claimed() {
            return initiator.claimed();
        }
    }

    private record AcceptorParty(Acceptor acceptor) implements Introduction.Party {
        @Override
        public @Nullable Message opening() {
            return null;
        }

        @Override
        public Step on(FrameType type, byte[] body, byte[] exporter) {
            return acceptor.on(type, body, exporter);
        }

        @Override
        public @Nullable NodeName claimed() {
            return acceptor.claimed();
        }
    }
}
