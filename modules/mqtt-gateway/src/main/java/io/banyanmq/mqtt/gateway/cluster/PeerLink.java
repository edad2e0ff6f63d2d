package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.fabric.Link;
import io.banyanmq.fabric.LinkHandler;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.netty.buffer.ByteBuf;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One lane's link to one peer: hands what the peer says to the lane's connections.
final class PeerLink implements LinkHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    private final Peer peer;
    private final LaneClients clients;
    private final Consumer<Boolean> onConnected;
    private @Nullable Link link;

    /// @param onConnected told whether a connection carries the link, whenever that changes
    PeerLink(Peer peer, LaneClients clients, Consumer<Boolean> onConnected) {
        this.peer = peer;
        this.clients = clients;
        this.onConnected = onConnected;
    }

    void carriedBy(Link opened) {
        link = opened;
    }

    Peer peer() {
        return peer;
    }

    Link link() {
        if (link == null) {
            throw new IllegalStateException("link to " + peer + " is not open");
        }
        return link;
    }

    @Override
    public void taken(long number) {
        clients.peerTook(peer.number());
    }

    @Override
    public void answered(long number, byte[] answer) {
        try {
            clients.noMember(peer.number(), number, NoMember.decode(answer));
        } catch (BufferUnderflowException e) {
            LOG.error("cluster: answer of {} to frame {} is cut short", peer.node(), number);
        }
    }

    @Override
    public void writable() {
        clients.peerWritable(peer.number());
    }

    @Override
    public void connected() {
        onConnected.accept(true);
    }

    @Override
    public void disconnected() {
        onConnected.accept(false);
    }

    private record Lost(long number, List<String> filters) {}

    /// The peer's epoch has ended: its shared subscriptions' messages need other members. Call it before the peer counts as having taken
    /// everything.
    void handBack() {
        List<Lost> lost = new ArrayList<>();
        ForwardBody.View view = new ForwardBody.View();
        link().forEachUntaken((number, body) -> collect(number, body, view, lost));
        for (Lost each : lost) {
            clients.noMember(peer.number(), each.number, each.filters.toArray(String[]::new));
        }
    }

    private static void collect(long number, ByteBuf body, ForwardBody.View view, List<Lost> lost) {
        List<String> filters = view.read(body).shared();
        if (!filters.isEmpty()) {
            lost.add(new Lost(number, filters));
        }
    }
}
