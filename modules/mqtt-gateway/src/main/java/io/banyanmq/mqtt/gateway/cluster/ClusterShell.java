package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.cluster.wire.UnknownFormat;
import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.Link;
import io.banyanmq.fabric.LinkId;
import io.banyanmq.fabric.LinkInbox;
import io.banyanmq.fabric.Purpose;
import io.banyanmq.mqtt.gateway.core.AgentConfig;
import io.banyanmq.mqtt.gateway.core.AgentEffects;
import io.banyanmq.mqtt.gateway.core.ClusterAgent;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.banyanmq.mqtt.gateway.lane.LaneFactory;
import io.banyanmq.topic.LevelHash;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway's part in the cluster, at work: runs the [ClusterAgent] on one loop (the *home*), keeps the routes that all loops
/// match against, and gives each loop its [ClusterLane].
///
/// Make it, open the lanes ([#open]), let the fabric listen, then [#start]. The fabric, the loops and the lanes'
/// connections stay their owners'.
public final class ClusterShell implements LaneFactory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterShell.class);
    private static final int TIME_MILLIS = 50;
    private static final String SHARE = "$share/";

    private final ClusterConfig config;
    private final Fabric fabric;
    private final EventLoop home;
    private final RegistrationNumber registration;
    private final ClusterListener listener;
    private final Peers peers = new Peers();
    private final ClusterRoutes routes;
    private final PeerTraffic traffic;
    private final List<LoopLane> lanes = new CopyOnWriteArrayList<>();
    private final Map<Integer, LoopLane> lanesByIndex = new ConcurrentHashMap<>();

    /// Acknowledgements may be decided before this reading of the monotonic clock.
    private volatile long deadlineNanos = System.nanoTime() - 1;

    /// The present epoch, from its beginning until it is given up.
    private volatile @Nullable Epoch epoch;

    private volatile ClusterStatus status;

    // What follows belongs to the home loop.
    private final ClusterAgent agent;
    private final Map<NodeName, Conversation> stores = new HashMap<>();
    private final Set<NodeName> storesUp = new HashSet<>();
    private final Map<Epoch, Reach> reaches = new HashMap<>();
    private final Map<String, Integer> ownMembers = new HashMap<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private boolean serving;
    private long leaseNanos;
    private boolean leaseHeld;
    private int lanesClosing;
    private long generation;
    private long alarms;
    private @Nullable ScheduledFuture<?> timer;

    /// How far a peer is reached: by which lanes of ours, and whether it reached us.
    private static final class Reach {
        final Set<LoopLane> lanes = new HashSet<>();
        boolean inbound;
        boolean reported;
    }

    /// Takes the links that come to `fabric`.
    ///
    /// @param home made by the fabric's transport; best a loop of its own: scans of the whole table are applied on it
    /// @param levelHash keyed at random
    public ClusterShell(
            ClusterConfig config,
            Fabric fabric,
            EventLoop home,
            RegistrationNumber registration,
            LevelHash levelHash,
            ClusterListener listener) {
        this.config = config;
        this.fabric = fabric;
        this.home = home;
        this.registration = registration;
        this.listener = listener;
        this.routes = new ClusterRoutes(levelHash);
        this.traffic = new PeerTraffic(fabric::inboundCounters);
        this.agent =
                new ClusterAgent(
                        new AgentConfig(
                                fabric.config().node(),
                                fabric.config().incarnation(),
                                registration.highest(),
                                config.fabric(),
                                config.advertised(),
                                config.features(),
                                config.storeNames(),
                                config.hold(),
                                config.ackLocally()),
                        new Effects());
        this.status = standing();
        fabric.onLink(this::accept);
    }

    @Override
    public ClusterLane open(int index, EventLoop loop, LaneClients clients) {
        LoopLane lane = new LoopLane(index, loop, clients, this, routes);
        lanes.add(lane);
        lanesByIndex.put(index, lane);
        return lane;
    }

    /// Converses with the stores and registers. After all lanes were opened. From any thread.
    public void start() {
        home.execute(() -> {
            for (Destination store : config.stores()) {
                stores.put(
                        store.node(),
                        fabric.converse(Purpose.STORE, store, home, new StoreTalk(store.node())));
            }
            timer =
                    home.scheduleAtFixedRate(
                            this::time, TIME_MILLIS, TIME_MILLIS, TimeUnit.MILLISECONDS);
            turn(() -> agent.start(System.nanoTime()));
        });
    }

    /// Gives the epoch up in an orderly way: connections are closed, then the log is told. Completes when it has been, which takes a
    /// majority of the stores; who cannot wait closes. From any thread.
    public CompletionStage<Void> stop() {
        home.execute(() -> turn(() -> agent.stop(System.nanoTime())));
        return stopped.minimalCompletionStage();
    }

    /// Ends conversations, links and timers, saying nothing to anybody. From any thread.
    @Override
    public void close() {
        deadlineNanos = System.nanoTime() - 1;
        home.execute(() -> {
            if (timer != null) {
                timer.cancel(false);
            }
            stores.values().forEach(Conversation::close);
        });
        for (LoopLane lane : lanes) {
            lane.loop().execute(lane::close);
        }
    }

    /// How the gateway stands. From any thread.
    public ClusterStatus status() {
        return status;
    }

    /// What went over the links, one row a peer. From any thread.
    public List<PeerCounters> peerCounters() {
        return traffic.all();
    }

    /// See [ClusterLane#mayAcknowledge]. From any thread.
    public boolean mayAcknowledge(long nanoTime) {
        return deadlineNanos - nanoTime > 0;
    }

    /// Up to which reading of the monotonic clock acknowledgements may be decided; one that has passed while none may. From any
    /// thread.
    public long deadlineNanos() {
        return deadlineNanos;
    }

    // ---- what lanes ask, on their loops

    Peers peers() {
        return peers;
    }

    /// Takes what the connections of a lane said, in order.
    void interest(LoopLane lane, long said, List<LoopLane.InterestChange> changes) {
        home.execute(() -> turn(() -> interested(lane, said, changes)));
    }

    /// Opens a lane's link to a peer; null while this gateway has no epoch.
    @Nullable Link open(Peer peer, LoopLane lane, PeerLink handler) {
        Epoch own = epoch;
        if (own == null) {
            return null;
        }
        LinkId id = new LinkId(own, lane.index(), peer.epoch());
        Link link =
                fabric.link(id, new Destination(peer.node(), peer.fabric()), lane.loop(), handler);
        traffic.opened(link, peer.node());
        return link;
    }

    /// Closes a lane's link to a peer.
    void close(Link link) {
        link.close();
        traffic.ended(link);
    }

    /// A lane's link to a peer has got, or lost, its connection.
    void connected(LoopLane lane, Peer peer, boolean yes) {
        long said = lane.generation();
        home.execute(() -> {
            Reach reach = said == generation ? reaches.get(peer.epoch()) : null;
            if (reach != null && (yes ? reach.lanes.add(lane) : reach.lanes.remove(lane))) {
                report(peer.epoch(), reach);
            }
        });
    }

    // ---- incoming links, on any loop

    private @Nullable LinkInbox accept(NodeName sender, LinkId link, EventLoop loop) {
        Peer peer = peers.get(link.sender());
        LoopLane lane = laneOf(loop);
        if (peer == null
                || lane == null
                || !peer.node().equals(sender)
                || !link.receiver().equals(epoch)) {
            return null;
        }
        home.execute(() -> {
            Reach reach = reaches.get(link.sender());
            if (reach != null && !reach.inbound) {
                reach.inbound = true;
                report(link.sender(), reach);
            }
        });
        LaneClients clients = lane.clients();
        return body -> {
            String[] nobody = clients.deliver(body);
            return nobody.length == 0 ? null : NoMember.encode(nobody);
        };
    }

    @SuppressWarnings("ReferenceEquality") // a loop is known by identity
    private @Nullable LoopLane laneOf(EventLoop loop) {
        for (LoopLane lane : lanes) {
            if (lane.loop() == loop) {
                return lane;
            }
        }
        return null;
    }

    // ---- the home loop

    /// Calls the agent, then hands on what it said.
    private void turn(Runnable call) {
        call.run();
        for (LoopLane lane : lanes) {
            lane.handOverVisible();
        }
        if (!status.phase().equals(agent.phase())) {
            status = standing();
        }
    }

    private void time() {
        turn(() -> agent.time(System.nanoTime()));
        status = standing();
    }

    private ClusterStatus standing() {
        return new ClusterStatus(
                agent.phase(),
                Optional.ofNullable(agent.epoch()),
                Optional.ofNullable(agent.followed()),
                agent.feedIndex(),
                routes.size(),
                routes.bytes(),
                agent.pendingChanges(),
                List.copyOf(storesUp),
                alarms);
    }

    private void interested(LoopLane lane, long said, List<LoopLane.InterestChange> changes) {
        if (said != generation) {
            return; // of an epoch that was given up meanwhile
        }
        long nanos = System.nanoTime();
        for (LoopLane.InterestChange change : changes) {
            if (change.filter().startsWith(SHARE)) {
                ownMember(change.filter(), change.add() ? 1 : -1);
            }
            if (change.add()) {
                agent.add(change.filter(), lane.token(change.waiter()), nanos);
            } else {
                agent.remove(change.filter(), nanos);
            }
        }
        agent.flush(nanos);
    }

    private void ownMember(String filter, int more) {
        int count = Math.max(0, ownMembers.getOrDefault(filter, 0) + more);
        if (count == 0) {
            ownMembers.remove(filter);
        } else {
            ownMembers.put(filter, count);
        }
        routes.changeOwn(filter, Integer.highestOneBit(count));
    }

    private void report(Epoch peer, Reach reach) {
        boolean yes = reach.inbound && reach.lanes.size() == lanes.size();
        if (yes != reach.reported) {
            reach.reported = yes;
            turn(() -> agent.reaches(peer, yes, System.nanoTime()));
        }
    }

    private void publishDeadline() {
        deadlineNanos = serving && leaseHeld ? leaseNanos : System.nanoTime() - 1;
    }

    /// Opens the links of every lane to a peer, ahead of the first publish.
    private void openLinks(Peer peer) {
        for (LoopLane lane : lanes) {
            lane.loop().execute(() -> lane.joined(peer));
        }
    }

    private void laneClosed() {
        if (--lanesClosing == 0) {
            turn(() -> agent.closed(System.nanoTime()));
        }
    }

    private void raise(long number) {
        try {
            registration.raise(number);
            home.execute(() -> turn(() -> agent.numberRaised(number, System.nanoTime())));
        } catch (IOException e) {
            home.execute(() ->
                    alarm(
                            "registration number "
                                    + number
                                    + " cannot be written: "
                                    + e.getMessage()));
            var _ = home.schedule(() -> raiseLater(number), 1, TimeUnit.SECONDS);
        }
    }

    private void raiseLater(long number) {
        Thread.ofVirtual().name("registration-number").start(() -> raise(number));
    }

    private void alarm(String text) {
        alarms++;
        LOG.error("cluster: {}: {}", fabric.config().node(), text);
        listener.alarm(text);
    }

    /// One store node's side of the conversation.
    private final class StoreTalk implements ConversationHandler {
        private final NodeName store;

        StoreTalk(NodeName store) {
            this.store = store;
        }

        @Override
        public void opened() {
            LOG.info("cluster: {} talks with store {}", fabric.config().node(), store);
            storesUp.add(store);
            turn(() -> agent.storeUp(store, System.nanoTime()));
        }

        @Override
        public void received(byte[] message) {
            try {
                agent.reply(store, StoreFormat.decodeReply(message), System.nanoTime());
            } catch (UnknownFormat e) {
                alarm("a message of store " + store + " is not understood: " + e.getMessage());
                disconnect(store);
            }
        }

        @Override
        public void readComplete() {
            turn(() -> {});
        }

        @Override
        public void closed(String why) {
            LOG.info("cluster: {} lost store {}: {}", fabric.config().node(), store, why);
            storesUp.remove(store);
            turn(() -> agent.storeDown(store, System.nanoTime()));
        }
    }

    /// Starts the conversation with a store over.
    private void disconnect(NodeName store) {
        Conversation conversation = stores.get(store);
        if (conversation != null) {
            conversation.reconnect();
        }
    }

    private final class Effects implements AgentEffects {
        @Override
        public void send(NodeName store, StoreRequest request) {
            Conversation conversation = stores.get(store);
            if (conversation != null
                    && !conversation.send(StoreFormat.encode(request))
                    && conversation.isOpen()) {
                LOG.warn("cluster: store {} does not read, its connection is made anew", store);
                conversation.reconnect();
            }
        }

        @Override
        public void raiseNumber(long number) {
            raiseLater(number);
        }

        @Override
        public void began(Epoch begun) {
            LOG.info("cluster: {} has epoch {}, joining", fabric.config().node(), begun);
            leaseHeld = false;
            reaches.values().forEach(reach -> reach.inbound = false);
            reaches.values().forEach(reach -> reach.reported = false);
            epoch = begun;
            peers.all().forEach(ClusterShell.this::openLinks);
        }

        @Override
        public void serving(Epoch served) {
            LOG.info("cluster: {} serves under epoch {}", fabric.config().node(), served);
            serving = true;
            publishDeadline();
            for (LoopLane lane : lanes) {
                lane.loop().execute(lane.clients()::serving);
            }
            listener.serving(served);
        }

        @Override
        public void gaveUp(Epoch given, String reason) {
            LOG.warn("cluster: {} gives up epoch {}: {}", fabric.config().node(), given, reason);
            serving = false;
            leaseHeld = false;
            publishDeadline();
            epoch = null;
            generation++;
            ownMembers.clear();
            routes.forgetOwn();
            reaches.values().forEach(reach -> reach.lanes.clear());
            traffic.ended(fabric.forgetLinks());
            listener.gaveUp(given, reason);
            lanesClosing = lanes.size();
            for (LoopLane lane : lanes) {
                lane.loop()
                        .execute(() -> {
                            lane.epochEnded();
                            home.execute(ClusterShell.this::laneClosed);
                        });
            }
        }

        @Override
        public void stopped() {
            stopped.complete(null);
        }

        @Override
        public void deadline(long nanos) {
            leaseNanos = nanos;
            leaseHeld = true;
            publishDeadline();
        }

        @Override
        public void visible(long token) {
            LoopLane lane = lanesByIndex.get(LoopLane.laneOf(token));
            if (lane != null) {
                lane.visible(token);
            }
        }

        @Override
        public void peerJoined(Epoch joined, NodeName node, HostPort address, String advertised) {
            Peer peer = peers.joined(joined, node, address);
            reaches.put(joined, new Reach());
            if (epoch != null) {
                openLinks(peer);
            }
        }

        @Override
        public void peerServing(Epoch peer) {
            LOG.info("cluster: peer {} serves", peers.get(peer));
        }

        @Override
        public void peerEnded(Epoch ended) {
            Peer peer = peers.ended(ended);
            reaches.remove(ended);
            if (peer == null) {
                return;
            }
            LOG.info("cluster: {} has ended", peer);
            routes.ended(peer.number());
            traffic.ended(fabric.forgetLinksOf(ended));
            for (LoopLane lane : lanes) {
                lane.loop().execute(() -> lane.ended(peer));
            }
        }

        @Override
        public void route(Epoch of, String filter, int before, int after) {
            Peer peer = peers.get(of);
            if (peer != null) {
                routes.change(peer.number(), filter, before, after);
            }
        }

        @Override
        public void restating(Epoch of) {
            Peer peer = peers.get(of);
            if (peer != null) {
                routes.restating(peer.number());
            }
        }

        @Override
        public void restate(Epoch of, String filter, int weight) {
            Peer peer = peers.get(of);
            if (peer != null) {
                routes.restate(peer.number(), filter, weight);
            }
        }

        @Override
        public void restated(Epoch of) {
            Peer peer = peers.get(of);
            if (peer != null) {
                routes.restated(peer.number());
            }
        }

        @Override
        public void alarm(String text) {
            ClusterShell.this.alarm(text);
        }
    }
}
