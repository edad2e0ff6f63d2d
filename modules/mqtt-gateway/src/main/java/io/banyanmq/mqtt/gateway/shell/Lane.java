package io.banyanmq.mqtt.gateway.shell;

import static java.util.Objects.requireNonNull;

import io.banyanmq.mqtt.codec.DecoderLimits;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketDecoder;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.codec.Sender;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.core.ConnectRules;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import io.banyanmq.mqtt.gateway.core.SubscribeRules;
import io.banyanmq.mqtt.gateway.core.WillRules.End;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.banyanmq.mqtt.gateway.lane.LaneFactory;
import io.banyanmq.topic.SubscriptionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One event loop and its clients: what they share, the end of a turn, and what the cluster sees of them.
final class Lane implements LaneClients {
    private static final String[] NO_FILTERS = {};
    private static final int DIRTY_INITIAL = 64;
    private static final long TICK_NANOS = TimerWheel.TICK_MILLIS * 1_000_000L;

    /// Ten seconds.
    private static final int SWEEP_TICKS = 40;

    /// Two seconds.
    private static final long CATCH_UP_TICKS_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Map<MqttVersion, PacketDecoder> DECODERS =
            new EnumMap<>(MqttVersion.class);
    private static final Map<MqttVersion, PacketEncoder> ENCODERS =
            new EnumMap<>(MqttVersion.class);

    static {
        for (MqttVersion version : MqttVersion.values()) {
            DECODERS.put(version, new PacketDecoder(version, Sender.CLIENT, DecoderLimits.DEFAULT));
            ENCODERS.put(version, new PacketEncoder(version));
        }
    }

    final int index;
    final EventLoop loop;

    /// All lanes of the gateway by index, this one too; complete before the first client comes.
    final List<Lane> peers;

    final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    final GatewayConfig.Limits limits;
    final GatewayConfig.SubscribeAck subscribeAck;
    final @Nullable String serverReference;
    final Clients clients;
    final SubscriptionTable<Subscription> table;
    final SubscribeRules subscribeRules;
    final SystemTopics system;
    final Counters counters = new Counters();
    final TimerWheel wheel = new TimerWheel();
    final Pauses pauses = new Pauses();
    final Publishing publishing;
    final SharedDispatch shared;
    final Handover handover;
    final Wills wills;
    final Matcher matcher;
    final Forwarding forwarding;
    private final ClusterLane cluster;
    private final Commons commons;
    private final ConnectRate connectRate;

    private final List<Connection> connections = new ArrayList<>();
    private Connection[] dirty = new Connection[DIRTY_INITIAL];
    private Connection[] spare = new Connection[DIRTY_INITIAL];
    private int dirtyCount;
    private boolean flushPending;
    private int sweepNext;
    private final Runnable flush = this::flush;
    private final List<Connection> withheld = new ArrayList<>();
    private final List<Connection> parked = new ArrayList<>();
    private final ForwardBody.View view = new ForwardBody.View();
    private final Message message;

    /// When the wheel stood at 0; moved on by what the loop was stopped.
    private long startNanos = System.nanoTime();

    private final ScheduledFuture<?> ticking;

    /// Whether the gateway may acknowledge, as of the last look.
    private boolean lease;

    private boolean ended;
    private boolean closing;

    Lane(
            int index,
            int laneCount,
            EventLoop loop,
            List<Lane> peers,
            Commons commons,
            SystemTopics system,
            LaneFactory lanes) {
        GatewayConfig config = commons.config();
        this.index = index;
        this.loop = loop;
        this.peers = peers;
        this.commons = commons;
        this.system = system;
        limits = config.limits();
        subscribeAck = config.subscribeAck();
        serverReference = config.serverReference();
        clients = commons.clients();
        table = commons.table();
        subscribeRules = commons.subscribeRules();
        connectRate = new ConnectRate(limits.connectsPerSecond(), laneCount, startNanos);
        message = new Message(allocator);
        publishing = new Publishing(this);
        RandomGenerator random = new java.util.SplittableRandom(commons.random().nextLong());
        shared = new SharedDispatch(this, config.sharedPick(), random);
        handover = new Handover(this, laneCount);
        wills = new Wills(this, commons.delayedWills());
        cluster = lanes.open(index, loop, this);
        matcher =
                new Matcher(
                        index,
                        laneCount,
                        table,
                        commons.levelHash(),
                        cluster,
                        commons.topics(),
                        random);
        forwarding = new Forwarding(this, cluster);
        ticking =
                loop.scheduleAtFixedRate(
                        this::tick,
                        TimerWheel.TICK_MILLIS,
                        TimerWheel.TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    static PacketDecoder decoder(MqttVersion version) {
        return requireNonNull(DECODERS.get(version));
    }

    static PacketEncoder encoder(MqttVersion version) {
        return requireNonNull(ENCODERS.get(version));
    }

    ClusterLane cluster() {
        return cluster;
    }

    /// Runs something on this lane's loop: now if that is the caller's, else soon.
    void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    long wallClockMillis() {
        return commons.clock().millis();
    }

    // The lease.

    /// Whether an acknowledgement may be decided at this very moment.
    boolean mayAcknowledge() {
        return cluster.mayAcknowledge(System.nanoTime());
    }

    /// Looks whether publishes are to be matched or parked; once a read. What is acknowledged is looked at again.
    void lookAtLease() {
        lease = mayAcknowledge();
    }

    boolean hasLease() {
        return lease;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isClosing() {
        return closing;
    }

    /// Keeps a client's acknowledgements until the lease is back or the client is closed.
    void withhold(Connection connection) {
        if (!connection.withheld) {
            connection.withheld = true;
            withheld.add(connection);
        }
    }

    /// Remembers that a client has parked publishes.
    void parked(Connection connection) {
        if (connection.publisher.parkedMessages() == 1) {
            parked.add(connection);
        }
    }

    private void leaseIsBack() {
        lease = true;
        List<Connection> late = List.copyOf(withheld);
        withheld.clear();
        for (Connection connection : late) {
            connection.withheld = false;
            connection.outbox().retry();
        }
        List<Connection> waiting = List.copyOf(parked);
        parked.clear();
        waiting.forEach(Connection::unpark);
        wills.retry();
    }

    // Clients.

    ConnectRules.Decision decide(Packet.Connect connect) {
        if (!mayAcknowledge() || closing) {
            return ConnectRules.refuse(
                    ReasonCode.SERVER_UNAVAILABLE, "the gateway is not serving at the moment");
        }
        if (!connectRate.admits(System.nanoTime())) {
            return ConnectRules.refuse(
                    ReasonCode.CONNECTION_RATE_EXCEEDED, "too many connections at once");
        }
        if (clients.count() >= limits.connectionsMax()) {
            return ConnectRules.refuse(
                    ReasonCode.QUOTA_EXCEEDED,
                    clients.count() + " clients, at most " + limits.connectionsMax());
        }
        return commons.connectRules().decide(connect, commons::newClientId);
    }

    void opened(Connection connection) {
        counters.increment(Counter.CONNECTIONS_OPENED);
        connection.laneSlot = connections.size();
        connections.add(connection);
    }

    void closed(Connection connection) {
        int slot = connection.laneSlot;
        if (slot >= 0) {
            counters.increment(Counter.CONNECTIONS_CLOSED);
            Connection last = connections.removeLast();
            if (last != connection) {
                connections.set(slot, last);
                last.laneSlot = slot;
            }
            connection.laneSlot = -1;
        }
    }

    /// The connections of this loop now; a copy.
    List<Connection> connections() {
        return List.copyOf(connections);
    }

    // The end of a turn.

    /// Notes a client that has something to be written at the end of this turn.
    void dirty(Connection connection) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, 2 * dirtyCount);
        }
        dirty[dirtyCount++] = connection;
        wantFlush();
    }

    /// Has the end of this turn come: the loop runs tasks after all ready channels were read.
    void wantFlush() {
        if (!flushPending) {
            flushPending = true;
            loop.execute(flush);
        }
    }

    private void flush() {
        flushPending = false;
        handover.flush();
        int count = dirtyCount;
        Connection[] batch = dirty;
        // What gets dirty now (a channel may turn writable) belongs to the next turn.
        dirty = spare;
        dirtyCount = 0;
        for (int i = 0; i < count; i++) {
            flush(batch[i]);
        }
        Arrays.fill(batch, 0, count, null);
        spare = batch;
    }

    /// One client's fault is not the next one's.
    private static void flush(Connection connection) {
        try {
            connection.outbox().flush();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("client", connection.clientId())
                    .setCause(e)
                    .log("cannot write to a client");
            connection.close(new End.Broken());
        }
    }

    private void tick() {
        long tick = (System.nanoTime() - startNanos) / TICK_NANOS;
        long late = tick - wheel.now() - CATCH_UP_TICKS_MAX;
        if (late > 0) {
            // The loop stood still, and did not read; that is not the clients' silence.
            startNanos += late * TICK_NANOS;
            tick -= late;
        }
        wheel.advanceTo(tick);
        forgetStale();
        boolean waits = !withheld.isEmpty() || !parked.isEmpty();
        if (!waits) {
            wills.retry();
        } else if (mayAcknowledge()) {
            leaseIsBack();
        }
    }

    /// Looks at a part of the clients each tick, at all of them every [#SWEEP_TICKS].
    private void forgetStale() {
        if (wheel.now() % SWEEP_TICKS == 0) {
            matcher.forgetStale();
        }
        int count = connections.size() / SWEEP_TICKS + 1;
        for (int i = 0; i < count && !connections.isEmpty(); i++) {
            sweepNext = sweepNext + 1 < connections.size() ? sweepNext + 1 : 0;
            connections.get(sweepNext).publisher.forgetStale(matcher);
        }
    }

    // Messages.

    /// Gives a message to the clients of this gateway with plain subscriptions.
    ///
    /// @param publisher whose "no local" subscriptions are passed over, and who is not read while other loops lag behind; null
    ///     if it is nobody here
    void deliver(Message from, Receivers receivers, @Nullable Connection publisher) {
        int matched = 0;
        int qos = from.qos();
        for (Target target : receivers.own) {
            Connection connection = target.connection;
            int granted = connection == publisher ? target.qosOfOwn : target.qos;
            if (granted >= 0) {
                matched++;
                connection.outbox().deliver(from, target, Math.min(granted, qos), null);
            }
        }
        Target @Nullable [] @Nullable [] others = receivers.others;
        if (others != null) {
            for (int i = 0; i < others.length; i++) {
                Target[] there = others[i];
                if (there != null) {
                    matched += there.length;
                    handOver(i, from, there, publisher);
                }
            }
        }
        counters.add(Counter.MATCHED, matched);
    }

    private void handOver(
            int toLane, Message from, Target[] targets, @Nullable Connection publisher) {
        handover.add(toLane, from, targets, null);
        if (publisher != null && Handover.isCongested(peers.get(toLane))) {
            pauses.forLane(publisher);
        }
    }

    // What the cluster sees.

    @Override
    public String[] deliver(ByteBuf body) {
        counters.increment(Counter.FORWARDED_IN);
        message.set(view.read(body), body, null, System.nanoTime());
        Receivers receivers =
                matcher.find(message.topic(), message.topicIndex(), message.topicLength());
        if (view.plain()) {
            deliver(message, receivers, null);
        }
        List<String> unmet = null;
        for (String filter : view.shared()) {
            if (!shared.deliverHere(message, receivers, filter)) {
                unmet = unmet == null ? new ArrayList<>() : unmet;
                unmet.add(filter);
            }
        }
        message.done();
        return unmet == null ? NO_FILTERS : unmet.toArray(String[]::new);
    }

    @Override
    public void peerTook(int peer) {
        forwarding.peerTook(peer);
    }

    @Override
    public void noMember(int peer, long number, String[] filters) {
        forwarding.noMember(peer, number, filters);
    }

    @Override
    public void peerWritable(int peer) {
        pauses.peerWritable(peer);
    }

    @Override
    public void serving() {
        ended = false;
    }

    @Override
    public void epochEnded() {
        ended = true;
        lease = false;
        forwarding.epochEnded();
        pauses.clear();
        Farewell farewell =
                new Farewell(ReasonCode.USE_ANOTHER_SERVER, "the gateway has lost its place");
        closeAll(farewell);
    }

    private void closeAll(Farewell farewell) {
        LOG.atInfo()
                .addKeyValue("clients", connections.size())
                .addKeyValue("loop", index)
                .addKeyValue("code", farewell.code())
                .log("closing all clients");
        for (Connection connection : connections()) {
            if (connection.isConnected()) {
                connection.disconnect(farewell);
            } else {
                connection.close(new End.Broken());
            }
        }
    }

    /// Ends everything; the last thing that happens on this loop.
    void close() {
        closing = true;
        ticking.cancel(false);
        closeAll(new Farewell(ReasonCode.SERVER_SHUTTING_DOWN, ""));
        flush();
        handover.close();
        forwarding.close();
        publishing.close();
        shared.close();
        wills.close();
        message.release();
    }
}
