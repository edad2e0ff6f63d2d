package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.Link;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cluster for the connections of one event loop: its own links, and its interest on the way to the agent.
final class LoopLane implements ClusterLane {
    /// One subscriber more or less, on its way to the agent.
    ///
    /// @param waiter whom to tell when the add is visible everywhere; of no use for a removal
    record InterestChange(String filter, boolean add, int waiter) {}

    private static final int LANE_SHIFT = 48;

    private final int index;
    private final EventLoop loop;
    private final LaneClients clients;
    private final ClusterShell cluster;
    private final ClusterRoutes routes;
    private final ClusterRoutes.Query query;
    private @Nullable PeerLink[] links = new @Nullable PeerLink[16];

    /// What connections said since the last hand-over, in order.
    private List<InterestChange> changes = new ArrayList<>();

    /// What runs once the removals among them were handed over.
    private List<Runnable> removals = new ArrayList<>();

    private final Waiters waiters = new Waiters();

    /// Waiters whose adds are visible; of the cluster's loop.
    private @Nullable LongList visible;

    /// Which epoch of this gateway, 0, 1, 2 …, the connections here belong to: what they said under an earlier one does not count
    /// any more.
    private long generation;

    LoopLane(
            int index,
            EventLoop loop,
            LaneClients clients,
            ClusterShell cluster,
            ClusterRoutes routes) {
        this.index = index;
        this.loop = loop;
        this.clients = clients;
        this.cluster = cluster;
        this.routes = routes;
        this.query = routes.new Query();
    }

    int index() {
        return index;
    }

    long generation() {
        return generation;
    }

    EventLoop loop() {
        return loop;
    }

    LaneClients clients() {
        return clients;
    }

    @Override
    public boolean mayAcknowledge(long nanoTime) {
        return cluster.mayAcknowledge(nanoTime);
    }

    @Override
    public void subscribe(String filter, Runnable then) {
        change(new InterestChange(filter, true, waiters.add(then)));
    }

    @Override
    public void unsubscribe(String filter, Runnable gone) {
        removals.add(gone);
        change(new InterestChange(filter, false, 0));
    }

    private void change(InterestChange change) {
        changes.add(change);
        if (changes.size() == 1) {
            loop.execute(this::handOver);
        }
    }

    private void handOver() {
        if (changes.isEmpty()) {
            return;
        }
        List<InterestChange> said = changes;
        List<Runnable> gone = removals;
        changes = new ArrayList<>();
        removals = new ArrayList<>();
        cluster.interest(this, generation, said);
        gone.forEach(Runnable::run);
    }

    /// How the agent calls a waiter of this lane.
    long token(int waiter) {
        return (long) index << LANE_SHIFT | waiter;
    }

    /// The index of the lane whose waiter has `token`.
    static int laneOf(long token) {
        return (int) (token >>> LANE_SHIFT);
    }

    /// The add of the waiter with `token` is visible everywhere. On the cluster's loop.
    void visible(long token) {
        if (visible == null) {
            visible = new LongList();
        }
        visible.add(token);
    }

    /// Tells those waiters, on this lane's loop. On the cluster's loop.
    void handOverVisible() {
        LongList tokens = visible;
        if (tokens != null) {
            visible = null;
            loop.execute(() -> tokens.forEach(token -> waiters.run((int) token)));
        }
    }

    @Override
    public long version() {
        return routes.version();
    }

    @Override
    public void match(byte[] topic, int offset, int length, Interest into) {
        query.match(topic, offset, length, into);
    }

    @Override
    public long forward(int peer, ByteBuf body) {
        PeerLink link = link(peer);
        return link == null ? 0 : link.link().append(body);
    }

    @Override
    public long taken(int peer) {
        PeerLink link = peer < links.length ? links[peer] : null;
        if (link != null) {
            return link.link().taken();
        }
        return cluster.peers().get(peer) == null ? Long.MAX_VALUE : 0;
    }

    @Override
    public boolean writable(int peer) {
        PeerLink link = link(peer);
        return link == null || link.link().isWritable();
    }

    @Override
    public @Nullable NodeName name(int peer) {
        Peer known = cluster.peers().get(peer);
        return known == null ? null : known.node();
    }

    /// A peer's epoch has begun: connect before there is anything to send.
    void joined(Peer peer) {
        link(peer.number());
    }

    /// A peer's epoch has ended, and its routes are gone from the index.
    void ended(Peer peer) {
        PeerLink link = peer.number() < links.length ? links[peer.number()] : null;
        if (link != null && link.peer().equals(peer)) {
            links[peer.number()] = null;
            link.handBack();
            cluster.close(link.link());
        }
        clients.peerTook(peer.number());
        clients.peerWritable(peer.number());
    }

    /// This gateway's own epoch is over: all its links end, and its connections.
    void epochEnded() {
        changes = new ArrayList<>();
        removals = new ArrayList<>();
        waiters.clear();
        generation++;
        for (int i = 0; i < links.length; i++) {
            PeerLink link = links[i];
            if (link != null) {
                links[i] = null;
                cluster.close(link.link());
            }
        }
        clients.epochEnded();
    }

    void close() {
        for (PeerLink link : links) {
            if (link != null) {
                link.link().close();
            }
        }
        Arrays.fill(links, null);
    }

    /// The link to a living peer, opened if it is not yet; null if its epoch, or ours, has ended.
    private @Nullable PeerLink link(int number) {
        PeerLink link = number < links.length ? links[number] : null;
        return link != null ? link : open(number);
    }

    private @Nullable PeerLink open(int number) {
        Peer peer = cluster.peers().get(number);
        if (peer == null) {
            return null;
        }
        PeerLink link = new PeerLink(peer, clients, yes -> cluster.connected(this, peer, yes));
        Link opened = cluster.open(peer, this, link);
        if (opened == null) {
            return null;
        }
        link.carriedBy(opened);
        if (number >= links.length) {
            links = Arrays.copyOf(links, Math.max(links.length * 2, number + 1));
        }
        links[number] = link;
        return link;
    }
}
