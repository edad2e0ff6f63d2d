package io.banyanmq.mqtt.gateway.shell;

import static java.util.Objects.requireNonNull;

import io.banyanmq.mqtt.codec.DecoderLimits;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketDecoder;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.core.ClientTerms;
import io.banyanmq.mqtt.gateway.core.ConnectRules;
import io.banyanmq.mqtt.gateway.core.FarewellRules;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import io.banyanmq.mqtt.gateway.core.WillRules;
import io.banyanmq.mqtt.gateway.core.WillRules.End;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One client's connection, from the accepted socket to its end. Everything happens on its loop.
///
/// It passes through phases: awaiting CONNECT, claiming its client id, connected, closed.
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
    /// Reasons for not reading, one bit each.
    static final int PAUSED_BY_PEER = 1;

    static final int PAUSED_BY_LANE = 2;
    private static final int PAUSED_BY_CLAIM = 4;
    private static final int PAUSED_BY_PARKED = 8;

    /// The first byte of every connection.
    private static final byte CONNECT = 0x10;

    // Packet types that come with every message; the others are decoded.
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBREC = 5;
    private static final int PUBREL = 6;
    private static final int PUBCOMP = 7;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /// Where a connection stands.
    private sealed interface Phase {
        /// Nothing has come yet.
        record AwaitingConnect() implements Phase {}

        /// CONNECT was fine; the one who had the client id before is being closed.
        record Claiming(ClientTerms terms, Packet.Connack welcome) implements Phase {}

        /// CONNACK is on its way or has gone.
        record Connected(ClientTerms terms) implements Phase {}

        /// Over.
        record Closed() implements Phase {}
    }

    final Lane lane;
    final String listener;
    final Publisher publisher = new Publisher(new PendingAcks());

    /// Where in the lane's list of connections it is.
    int laneSlot = -1;

    /// Whether its acknowledgements are held back for want of a lease.
    boolean withheld;

    private Phase phase = new Phase.AwaitingConnect();
    private final FrameReader reader;
    private final KeepAlive keepAlive;
    private final Subscriber subscriber;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbox outbox;
    private @Nullable PacketDecoder decoder;
    private @Nullable Runnable afterClaim;
    private int pauses;
    private long connectedAtMillis;

    Connection(Lane lane, String listener) {
        this.lane = lane;
        this.listener = listener;
        reader = new FrameReader(lane.allocator, lane.limits.packetBytesMax());
        subscriber = new Subscriber(this);
        keepAlive = new KeepAlive(this);
    }

    // What others ask.

    Outbox outbox() {
        return requireNonNull(outbox, "channel is not active yet");
    }

    /// Of an accepted CONNECT's version.
    PacketDecoder decoder() {
        return requireNonNull(decoder, "no CONNECT yet");
    }

    MqttVersion version() {
        return decoder().version();
    }

    /// What was agreed on; null before CONNECT and after the end.
    @Nullable ClientTerms terms() {
        return switch (phase) {
            case Phase.Connected(ClientTerms terms) -> terms;
            case Phase.Claiming(ClientTerms terms, _) -> terms;
            case Phase.AwaitingConnect(), Phase.Closed() -> null;
        };
    }

    String clientId() {
        ClientTerms terms = terms();
        return terms == null ? "" : terms.clientId();
    }

    Subscriber subscriber() {
        return subscriber;
    }

    boolean isConnected() {
        return phase instanceof Phase.Connected;
    }

    /// Whether it is us who do not read.
    boolean isPaused() {
        return pauses != 0;
    }

    boolean isClosed() {
        return phase instanceof Phase.Closed;
    }

    long connectedAtMillis() {
        return connectedAtMillis;
    }

    @Nullable SocketAddress remoteAddress() {
        return context == null ? null : context.channel().remoteAddress();
    }

    // What the channel says.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        outbox = new Outbox(this, ctx);
        lane.opened(this);
        keepAlive.awaitConnect();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf in = (ByteBuf) read;
        try {
            if (isClosed()) {
                return;
            }
            keepAlive.heard();
            lane.lookAtLease();
            lane.counters.add(Counter.BYTES_RECEIVED, in.readableBytes());
            if (decoder == null && reader.isEmpty() && in.getByte(in.readerIndex()) != CONNECT) {
                notMqtt(); // [MQTT-3.1.0-1], before a whole packet of some other protocol has come
            } else {
                reader.read(in, this);
            }
        } catch (MalformedPacketException e) {
            malformed(e);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!isClosed()) {
            outbox().writable(ctx.channel().isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        keepAlive.stop();
        close(new End.Broken());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            LOG.atDebug().addKeyValue("client", clientId()).setCause(cause).log("connection broke");
        } else {
            LOG.atWarn()
                    .addKeyValue("client", clientId())
                    .addKeyValue("remote", remoteAddress())
                    .setCause(cause)
                    .log("connection failed");
        }
        close(new End.Broken());
    }

    // Frames.

    @Override
    public boolean isReading() {
        return pauses == 0 && !(phase instanceof Phase.Claiming) && !isClosed();
    }

    @Override
    public void frame(ByteBuf in, int index, int length) throws MalformedPacketException {
        lane.counters.increment(Counter.PACKETS_RECEIVED);
        PacketDecoder known = decoder;
        if (known == null) {
            connect(PacketDecoder.connect(in, index, length, DecoderLimits.DEFAULT));
            return;
        }
        int type = (in.getByte(index) & 0xF0) >> 4;
        if (type == PUBLISH) {
            publish(in, index, length);
            return;
        }
        int acknowledged = isAcknowledgement(type) ? known.shortAck(in, index, length) : 0;
        if (acknowledged > 0) {
            acknowledgement(type, acknowledged);
        } else {
            packet(known.decode(in, index, length));
        }
    }

    private static boolean isAcknowledgement(int type) {
        return type >= PUBACK && type <= PUBCOMP;
    }

    /// One of the four, with nothing in it but its packet identifier: no record is made for it.
    private void acknowledgement(int type, int packetId) {
        switch (type) {
            case PUBACK -> outbox().puback(packetId);
            case PUBREC -> outbox().pubrec(packetId, false);
            case PUBREL -> release(packetId);
            case PUBCOMP -> outbox().pubcomp(packetId);
            default -> throw new IllegalArgumentException(type + " acknowledges nothing");
        }
    }

    private void publish(ByteBuf in, int index, int length) throws MalformedPacketException {
        if (!lane.hasLease()) {
            park(in, index, length);
            return;
        }
        if (publisher.parkedMessages() > 0) {
            unpark(); // what came before goes before
        }
        if (!isClosed()) {
            lane.publishing.publish(this, in, index, length);
        }
    }

    /// Keeps a PUBLISH until the gateway has its lease back; QoS 0 is dropped.
    private void park(ByteBuf in, int index, int length) {
        if ((in.getByte(index) & 0x06) == 0) {
            lane.counters.increment(Counter.REFUSED_NO_LEASE);
            return;
        }
        publisher.park(lane.allocator, in, index, length);
        lane.parked(this);
        if (publisher.isFull(lane.limits.receiveMaximum())
                || publisher.parkedBytes() >= lane.limits.queueBytesMax()) {
            pause(PAUSED_BY_PARKED);
        }
    }

    /// The lease is back: what was parked is matched now.
    void unpark() {
        try {
            publisher.unpark(this::publish, this::isClosed);
        } catch (MalformedPacketException e) {
            malformed(e);
        }
        resume(PAUSED_BY_PARKED);
    }

    private void packet(Packet packet) {
        ClientTerms terms = requireNonNull(terms(), "frames come while connected");
        switch (packet) {
            case Packet.Puback p -> outbox().puback(p.packetId());
            case Packet.Pubrec p -> outbox().pubrec(p.packetId(), p.reasonCode().isError());
            case Packet.Pubcomp p -> outbox().pubcomp(p.packetId());
            case Packet.Pubrel p -> release(p.packetId());
            case Packet.Subscribe p -> subscriber.subscribe(p, terms);
            case Packet.Unsubscribe p -> subscriber.unsubscribe(p, terms);
            case Packet.Pingreq _ -> outbox().send(new Packet.Pingresp());
            case Packet.Disconnect p -> disconnected(p, terms);
            case Packet.Auth p -> disconnect(FarewellRules.auth(p));
            case Packet.Connect _ -> disconnect(FarewellRules.secondConnect());
            case Packet.Connack _,
                    Packet.Publish _,
                    Packet.Suback _,
                    Packet.Unsuback _,
                    Packet.Pingresp _ ->
                    throw new IllegalStateException(packet.type() + " is not a client's");
        }
    }

    private void release(int packetId) {
        boolean known = publisher.release(packetId);
        if (known) {
            publisher.settled();
        }
        outbox().acknowledge(
                        PacketType.PUBCOMP,
                        packetId,
                        known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }

    // CONNECT.

    private void connect(Packet.Connect connect) {
        decoder = Lane.decoder(connect.version());
        ConnectRules.Decision decision = lane.decide(connect);
        switch (decision) {
            case ConnectRules.Decision.Refused refused -> refuse(connect.version(), refused);
            case ConnectRules.Decision.Accepted(ClientTerms terms, Packet.Connack connack) -> {
                phase = new Phase.Claiming(terms, connack);
                lane.clients.claim(this, terms, () -> lane.run(this::claimed));
                if (phase instanceof Phase.Claiming) {
                    pause(PAUSED_BY_CLAIM);
                }
            }
        }
    }

    private void claimed() {
        if (phase instanceof Phase.Claiming(ClientTerms terms, Packet.Connack connack)) {
            outbox().welcome(terms);
            if (!outbox().acknowledge(connack)) {
                unwelcome(terms);
                return;
            }
            phase = new Phase.Connected(terms);
            connectedAtMillis = lane.wallClockMillis();
            lane.counters.increment(Counter.CONNECTS_ACCEPTED);
            lane.wills.connected(terms);
            if (terms.wantsSession()) {
                LOG.atInfo()
                        .addKeyValue("client", terms.clientId())
                        .log("sessions that outlive their connection are not kept yet");
            }
            keepAlive.begin(terms);
            Runnable next = afterClaim;
            afterClaim = null;
            if (next != null) {
                next.run();
            }
            resume(PAUSED_BY_CLAIM);
        }
    }

    /// The client takes no packet as long as its CONNACK [MQTT-3.1.2-24].
    private void unwelcome(ClientTerms terms) {
        lane.counters.increment(Counter.CONNECTS_REFUSED);
        LOG.atInfo()
                .addKeyValue("remote", remoteAddress())
                .addKeyValue("packetBytesMax", terms.packetBytesMax())
                .log("client takes no packet as long as CONNACK: connection closed");
        close(new End.Broken());
    }

    private void refuse(MqttVersion version, ConnectRules.Decision.Refused refused) {
        lane.counters.increment(Counter.CONNECTS_REFUSED);
        LOG.atInfo()
                .addKeyValue("remote", remoteAddress())
                .addKeyValue("code", refused.code())
                .log("CONNECT refused");
        refuse(version, refused.connack());
    }

    private void refuse(MqttVersion version, Packet.Connack connack) {
        if (version == MqttVersion.V5 || connack.reasonCode().connectReturnCode().isPresent()) {
            outbox().farewell(connack, Lane.encoder(version));
            close(new End.Broken(), this::hangUp);
        } else {
            close(new End.Broken());
        }
    }

    /// Another connection has come with this one's client id.
    ///
    /// @param closed runs, on this loop, once this one is closed and its will published
    void takeOver(ClientTerms newcomer, Runnable closed) {
        if (phase instanceof Phase.Claiming) {
            afterClaim = () -> takeOver(newcomer, closed);
            return;
        }
        if (phase instanceof Phase.Connected) {
            lane.counters.increment(Counter.TAKEN_OVER);
            disconnect(
                    new Farewell(
                            ReasonCode.SESSION_TAKEN_OVER,
                            "another connection came with this client identifier"),
                    new End.TakenOver(newcomer.cleanStart()));
        }
        closed.run();
    }

    // The end.

    private void disconnected(Packet.Disconnect disconnect, ClientTerms terms) {
        FarewellRules.fault(disconnect, terms)
                .ifPresentOrElse(
                        this::disconnect, () -> close(new End.ByClient(disconnect.reasonCode())));
    }

    private void notMqtt() {
        lane.counters.increment(Counter.CONNECTS_REFUSED);
        LOG.atInfo()
                .addKeyValue("remote", remoteAddress())
                .addKeyValue("listener", listener)
                .log("first packet is not CONNECT: connection closed");
        close(new End.Broken());
    }

    private void malformed(MalformedPacketException e) {
        if (decoder == null) {
            LOG.atInfo()
                    .addKeyValue("remote", remoteAddress())
                    .addKeyValue("listener", listener)
                    .log(e.getMessage());
            lane.counters.increment(Counter.CONNECTS_REFUSED);
            MqttVersion version = e.answerVersion().orElse(null);
            if (version == null) {
                close(new End.Broken());
            } else {
                refuse(version, ConnectRules.refuse(e.reasonCode(), message(e)).connack());
            }
        } else {
            disconnect(new Farewell(e.reasonCode(), message(e)));
        }
    }

    private static String message(Exception e) {
        return requireNonNull(e.getMessage(), "an exception about a packet says what is wrong");
    }

    /// Tells the client why, if its version can, and closes.
    void disconnect(Farewell farewell) {
        disconnect(farewell, new End.Broken());
    }

    private void disconnect(Farewell farewell, End end) {
        if (isClosed()) {
            return;
        }
        if (farewell.code() == ReasonCode.MALFORMED_PACKET
                || farewell.code() == ReasonCode.PROTOCOL_ERROR) {
            lane.counters.increment(Counter.PROTOCOL_ERRORS);
        }
        LOG.atLevel(isOfAll(farewell.code()) ? Level.DEBUG : Level.INFO)
                .addKeyValue("client", clientId())
                .addKeyValue("remote", remoteAddress())
                .addKeyValue("code", farewell.code())
                .addKeyValue("reason", farewell.reason())
                .log("client disconnected by the gateway");
        if (isConnected() && version() == MqttVersion.V5) {
            outbox().farewell(farewell.packet(lane.serverReference), Lane.encoder(MqttVersion.V5));
            close(end, this::hangUp);
        } else {
            close(end);
        }
    }

    /// Whether all clients are told the same, which is logged once.
    private static boolean isOfAll(ReasonCode code) {
        return code == ReasonCode.USE_ANOTHER_SERVER || code == ReasonCode.SERVER_SHUTTING_DOWN;
    }

    /// Ends everything, in this order: nothing comes, nothing matches, nothing goes, the will.
    void close(End end) {
        close(end, this::closeSocket);
    }

    private void close(End end, Runnable socketEnd) {
        ClientTerms terms = terms();
        boolean wasConnected = isConnected();
        if (isClosed()) {
            return;
        }
        phase = new Phase.Closed();
        keepAlive.stop();
        reader.close();
        publisher.close();
        subscriber.close();
        if (outbox != null) {
            outbox.close();
        }
        lane.closed(this);
        if (terms != null) {
            lane.clients.left(terms.clientId(), this);
        }
        socketEnd.run();
        if (terms != null && wasConnected) {
            lane.wills.carryOut(terms.clientId(), WillRules.fate(terms, end));
        }
        Runnable next = afterClaim;
        afterClaim = null;
        if (next != null) {
            next.run();
        }
    }

    private void closeSocket() {
        if (context != null) {
            var _ = context.close();
        }
    }

    /// Sends nothing more, and throws away what still comes, until the client closes or its time is over: to close a socket with
    /// something unread resets it, and what the client was told last may be lost. TLS has an end of its own.
    private void hangUp() {
        ChannelHandlerContext ctx = context;
        if (ctx != null
                && ctx.channel() instanceof DuplexChannel channel
                && ctx.pipeline().get(SslHandler.class) == null) {
            keepAlive.awaitHangUp();
            var _ = channel.shutdownOutput();
            channel.config().setAutoRead(true);
        } else {
            closeSocket();
        }
    }

    // Pauses.

    /// Stops reading for a reason; false if that was one already.
    boolean pause(int reason) {
        if (isClosed() || (pauses & reason) != 0) {
            return false;
        }
        pauses |= reason;
        if (context != null) {
            context.channel().config().setAutoRead(false);
        }
        return true;
    }

    /// One reason less.
    void resume(int reason) {
        if (isClosed() || (pauses & reason) == 0) {
            return;
        }
        pauses &= ~reason;
        keepAlive.heard();
        lane.lookAtLease();
        try {
            reader.resume(this);
        } catch (MalformedPacketException e) {
            malformed(e);
        }
        if (pauses == 0 && !isClosed() && context != null) {
            context.channel().config().setAutoRead(true);
        }
    }

    /// A peer took a publish of this client, or its caller is through with it.
    void peerTook(int entry) {
        if (!isClosed()) {
            publisher.pending.taken(entry);
            Publishing.acknowledgeTaken(this);
        }
    }

    /// The client was silent for too long, wherever it stands.
    ///
    /// @param seconds its keep-alive
    void timeIsUp(int seconds) {
        switch (phase) {
            case Phase.AwaitingConnect() -> close(new End.Broken());
            case Phase.Connected _ -> {
                lane.counters.increment(Counter.KEEP_ALIVE_TIMEOUTS);
                disconnect(
                        new Farewell(
                                ReasonCode.KEEP_ALIVE_TIMEOUT,
                                "nothing came for 1.5 x " + seconds + " s"));
            }
            case Phase.Closed() -> closeSocket();
            case Phase.Claiming _ -> {}
        }
    }
}
