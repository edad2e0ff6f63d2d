package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.mqtt.gateway.core.AgentConfig;
import io.banyanmq.mqtt.gateway.core.AgentEffects;
import io.banyanmq.mqtt.gateway.core.ClusterAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One process of a gateway: the agent, and the shell around it in the fewest lines: clients with one subscription each,
/// publishes with their acknowledgements, links.
final class SimGateway implements AgentEffects {
    private final World world;
    private final Oracle oracle;
    private final Cluster cluster;
    private final Variant variant;
    private final Disk disk;
    private final SimProcess process;
    private final ClusterAgent agent;
    private final Map<NodeName, Conversation> conversations = new LinkedHashMap<>();
    private final TreeMap<Epoch, PeerRoutes> peers = new TreeMap<>();
    private final Map<Integer, Subscriber> clients = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final List<Subscriber> visible = new ArrayList<>();
    private long deadline;
    private boolean late;

    /// What outlives the process: a data directory.
    static final class Disk {
        final NodeName name;
        final Incarnation incarnation;
        final int rate;
        long number;

        Disk(NodeName name, Incarnation incarnation, int rate) {
            this.name = name;
            this.incarnation = incarnation;
            this.rate = rate;
        }
    }

    /// What a gateway knows of another's epoch.
    private static final class PeerRoutes {
        Map<String, Integer> routes = new HashMap<>();
        Map<String, Integer> restated = new HashMap<>();
        @Nullable SimLink link;
    }

    /// A publish that waits for its destinations.
    private static final class Pending {
        final Publish publish;
        final Map<Epoch, Long> destinations = new LinkedHashMap<>();
        boolean parked;
        boolean checked;

        Pending(Publish publish) {
            this.publish = publish;
        }
    }

    SimGateway(World world, Oracle oracle, Cluster cluster, Disk disk, Variant variant) {
        this.world = world;
        this.oracle = oracle;
        this.cluster = cluster;
        this.disk = disk;
        this.variant = variant;
        process = new SimProcess(disk.name.name(), disk.rate, world.millis(0, 1_000_000));
        agent =
                new ClusterAgent(
                        new AgentConfig(
                                disk.name,
                                disk.incarnation,
                                disk.number,
                                new HostPort("h", 1),
                                "",
                                0,
                                cluster.storeNames(),
                                Duration.ofMillis(cluster.holdMillis()),
                                false),
                        this,
                        variant.agent());
    }

    void start(List<SimStore> stores) {
        world.tell(name(), () -> "starts");
        for (SimStore store : stores) {
            Conversation conversation = new Conversation(world, this, store);
            conversations.put(store.nodeName(), conversation);
            conversation.connect();
        }
        world.after(0, process, "start", () -> agent.start(clock()));
        poll();
    }

    private void poll() {
        world.timer(
                process,
                100 * World.MS,
                "poll",
                () -> {
                    agent.time(clock());
                    settleVisible();
                    acknowledgeWhatCan();
                    poll();
                });
    }

    private long clock() {
        return process.clock(world);
    }

    SimProcess process() {
        return process;
    }

    String name() {
        return disk.name.name();
    }

    Disk disk() {
        return disk;
    }

    ClusterAgent agent() {
        return agent;
    }

    List<Conversation> conversations() {
        return List.copyOf(conversations.values());
    }

    List<SimLink> links() {
        List<SimLink> links = new ArrayList<>();
        for (PeerRoutes peer : peers.values()) {
            if (peer.link != null) {
                links.add(peer.link);
            }
        }
        return links;
    }

    List<Subscriber> clients() {
        return List.copyOf(clients.values());
    }

    void kill() {
        world.tell(name(), () -> "is killed");
        process.kill();
        conversations.values().forEach(Conversation::breakOff);
        links().forEach(SimLink::end);
        clients.values().forEach(client -> client.live = false);
    }

    // ---- what comes in

    void storeUp(SimStore store) {
        agent.storeUp(store.nodeName(), clock());
    }

    void storeDown(SimStore store) {
        agent.storeDown(store.nodeName(), clock());
    }

    void reply(SimStore store, StoreReply reply) {
        agent.reply(store.nodeName(), reply, clock());
        settleVisible();
    }

    boolean accepts(Epoch epoch) {
        return epoch.equals(agent.epoch());
    }

    void linked(Epoch peer, boolean up) {
        agent.reaches(peer, up, clock());
    }

    void deliver(Publish publish) {
        for (Subscriber client : clients.values()) {
            if (client.live && client.topic.equals(publish.topic)) {
                publish.owed.remove(client);
            }
        }
    }

    // ---- clients

    void subscribe(int id, String topic) {
        Epoch epoch = agent.epoch();
        if (!agent.serving() || epoch == null || clients.containsKey(id)) {
            return;
        }
        Subscriber client = new Subscriber(id, topic, this, epoch, world.now());
        clients.put(id, client);
        world.tell(name(), () -> client + " subscribes");
        agent.add(topic, id, clock());
        agent.flush(clock());
        settleVisible();
    }

    void unsubscribe(int id) {
        Subscriber client = clients.remove(id);
        if (client != null) {
            client.live = false;
            world.tell(name(), () -> client + " is gone");
            agent.remove(client.topic, clock());
            agent.flush(clock());
        }
    }

    /// The client leaves and another takes its subscription, in one turn.
    void swap(int id, int newId) {
        Subscriber client = clients.remove(id);
        Epoch epoch = agent.epoch();
        if (client == null || epoch == null || !agent.serving()) {
            return;
        }
        client.live = false;
        Subscriber next = new Subscriber(newId, client.topic, this, epoch, world.now());
        clients.put(newId, next);
        world.tell(name(), () -> client + " is gone, " + next + " subscribes");
        agent.remove(client.topic, clock());
        agent.add(client.topic, newId, clock());
        agent.flush(clock());
        settleVisible();
    }

    private void settleVisible() {
        for (Subscriber client : List.copyOf(visible)) {
            if (!client.live) {
                visible.remove(client);
            } else if (variant.lane().contains(LaneRule.SUBACK_IS_CHECKED)
                    ? agent.serving()
                    : agent.mayAcknowledge(clock())) {
                visible.remove(client);
                oracle.acknowledges("SUBACK of " + client, name(), client.epoch);
                client.acknowledged = true;
                world.tell(name(), () -> client + " gets SUBACK");
                cluster.subscribed(client, world.now() - client.since);
            }
        }
    }

    /// A publish arrives. Reading, waiting and deciding are steps of their own.
    void publish(Publish publish) {
        if (variant.lane().contains(LaneRule.CHECKED_AFTER_READING)) {
            if (agent.mayAcknowledge(clock())) {
                world.after(world.millis(0, 2), process, "read", () -> read(publish, true));
            }
        } else {
            read(publish, false);
        }
    }

    private void read(Publish publish, boolean checked) {
        if (!agent.serving()) {
            return;
        }
        Pending waiting = new Pending(publish);
        waiting.checked =
                checked
                        || (variant.lane().contains(LaneRule.CHECKED_AT_THE_END)
                                && agent.mayAcknowledge(clock()));
        cluster.owe(publish);
        world.tell(name(), () -> "reads " + publish + ", owed to " + publish.owed);
        pending.add(waiting);
        match(waiting);
        if (variant.lane().contains(LaneRule.DESTINATIONS_ARE_AWAITED)) {
            world.timer(process, 1_000 * World.MS, "give up", waiting.destinations::clear);
        }
        world.after(1_000, process, "look at acks", this::acknowledgeWhatCan);
    }

    private void match(Pending waiting) {
        waiting.parked = false;
        deliver(waiting.publish);
        for (Map.Entry<Epoch, PeerRoutes> peer : peers.entrySet()) {
            SimLink link = peer.getValue().link;
            if (link != null && peer.getValue().routes.containsKey(waiting.publish.topic)) {
                waiting.destinations.put(peer.getKey(), link.send(waiting.publish));
            }
        }
    }

    void acknowledgeWhatCan() {
        for (Pending waiting : List.copyOf(pending)) {
            if (!agent.serving() || !taken(waiting)) {
                continue;
            }
            if (waiting.checked || mayAcknowledge()) {
                pending.remove(waiting);
                acknowledge(waiting.publish);
            } else {
                waiting.parked = true;
            }
        }
    }

    private boolean mayAcknowledge() {
        return variant.lane().contains(LaneRule.CHECKED_AGAINST_CLOCK)
                ? !late
                : agent.mayAcknowledge(clock());
    }

    private boolean taken(Pending waiting) {
        for (Map.Entry<Epoch, Long> destination : waiting.destinations.entrySet()) {
            PeerRoutes peer = peers.get(destination.getKey());
            SimLink link = peer == null ? null : peer.link;
            if (link != null && link.taken() < destination.getValue()) {
                return false;
            }
        }
        return true;
    }

    private void acknowledge(Publish publish) {
        Epoch epoch = agent.epoch();
        world.tell(name(), () -> "acknowledges " + publish + ", owed to " + publish.owed);
        if (epoch != null) {
            oracle.acknowledges("PUBACK of " + publish, name(), epoch);
        }
        for (Subscriber client : publish.owed) {
            if (!client.live) {
                continue;
            }
            if (!oracle.ended(client.epoch)) {
                throw new Violation(
                        Oracle.P4,
                        publish
                                + " was acknowledged by "
                                + name()
                                + " and not delivered to "
                                + client
                                + " of "
                                + client.gateway.name()
                                + ", epoch "
                                + client.epoch);
            }
            client.gap = true;
        }
        cluster.published(publish);
    }

    // ---- what the agent wants

    @Override
    public void send(NodeName store, StoreRequest request) {
        Conversation conversation = conversations.get(store);
        if (conversation != null) {
            conversation.send(request);
        }
    }

    @Override
    public void raiseNumber(long number) {
        world.after(
                world.millis(1, 10),
                process,
                "number is on disk",
                () -> {
                    disk.number = number;
                    agent.numberRaised(number, clock());
                });
    }

    @Override
    public void began(Epoch epoch) {
        world.tell(name(), () -> "has epoch " + epoch);
        late = true;
        for (Epoch peer : peers.keySet()) {
            link(epoch, peer);
        }
    }

    private void link(Epoch own, Epoch peer) {
        PeerRoutes routes = peers.get(peer);
        if (routes != null) {
            if (routes.link != null) {
                routes.link.end();
            }
            SimLink link = new SimLink(world, cluster, this, own, peer);
            routes.link = link;
            link.connect();
        }
    }

    @Override
    public void serving(Epoch epoch) {
        world.tell(name(), () -> "serves under " + epoch);
        if (variant.lane().contains(LaneRule.CONNECTIONS_END)) {
            for (Subscriber client : clients.values()) {
                client.epoch = epoch;
                if (client.gap) {
                    throw new Violation(
                            Oracle.P4, client + " has a gap and goes on in a new epoch");
                }
                world.after(0, process, "adopt", () -> agent.add(client.topic, client.id, clock()));
            }
        }
    }

    @Override
    public void gaveUp(Epoch epoch, String reason) {
        world.tell(name(), () -> "gives up " + epoch + ": " + reason);
        world.after(world.millis(0, 30), process, "close all", this::closeAll);
    }

    private void closeAll() {
        if (!variant.lane().contains(LaneRule.CONNECTIONS_END)) {
            clients.values().forEach(client -> client.live = false);
            clients.clear();
            pending.clear();
        }
        visible.clear();
        for (PeerRoutes peer : peers.values()) {
            if (peer.link != null) {
                peer.link.end();
                peer.link = null;
            }
        }
        agent.closed(clock());
    }

    @Override
    public void stopped() {}

    @Override
    public void deadline(long nanos) {
        deadline = nanos;
        late = false;
        if (variant.lane().contains(LaneRule.CHECKED_AGAINST_CLOCK)) {
            world.timer(
                    process,
                    Math.max(0, nanos - clock()),
                    "deadline",
                    () -> late = late || deadline == nanos);
        }
        for (Pending waiting : pending) {
            if (waiting.parked) {
                match(waiting);
            }
        }
    }

    @Override
    public void visible(long token) {
        Subscriber client = clients.get((int) token);
        if (client != null && !client.acknowledged) {
            visible.add(client);
        }
    }

    @Override
    public void peerJoined(Epoch peer, NodeName node, HostPort fabric, String advertised) {
        peers.put(peer, new PeerRoutes());
        Epoch own = agent.epoch();
        if (own != null) {
            link(own, peer);
        }
    }

    @Override
    public void peerServing(Epoch peer) {}

    @Override
    public void peerEnded(Epoch peer) {
        PeerRoutes routes = peers.remove(peer);
        if (routes != null && routes.link != null) {
            routes.link.end();
        }
    }

    @Override
    public void route(Epoch peer, String filter, int before, int after) {
        PeerRoutes routes = peers.get(peer);
        if (routes != null) {
            set(routes.routes, filter, after);
        }
    }

    @Override
    public void restating(Epoch peer) {
        PeerRoutes routes = peers.get(peer);
        if (routes != null) {
            routes.restated = new HashMap<>();
        }
    }

    @Override
    public void restate(Epoch peer, String filter, int weight) {
        PeerRoutes routes = peers.get(peer);
        if (routes != null) {
            set(routes.restated, filter, weight);
        }
    }

    @Override
    public void restated(Epoch peer) {
        PeerRoutes routes = peers.get(peer);
        if (routes != null) {
            routes.routes = routes.restated;
            routes.restated = new HashMap<>();
        }
    }

    private static void set(Map<String, Integer> routes, String filter, int weight) {
        if (weight == 0) {
            routes.remove(filter);
        } else {
            routes.put(filter, weight);
        }
    }

    @Override
    public void alarm(String text) {
        world.tell(name(), () -> "ALARM " + text);
        cluster.alarm(name(), text);
    }
}
