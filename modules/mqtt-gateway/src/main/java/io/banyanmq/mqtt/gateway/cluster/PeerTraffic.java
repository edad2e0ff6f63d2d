package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.InboundCounters;
import io.banyanmq.fabric.Link;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Adds up [PeerCounters]: what ended links have counted, and what the open ones count now. Any thread.
final class PeerTraffic {
    private final Map<Link, NodeName> open = new ConcurrentHashMap<>();
    private final Map<NodeName, PeerCounters> ended = new ConcurrentHashMap<>();
    private final Supplier<List<InboundCounters>> inbound;

    /// @param inbound what the fabric's open incoming links count now
    PeerTraffic(Supplier<List<InboundCounters>> inbound) {
        this.inbound = inbound;
    }

    void opened(Link link, NodeName peer) {
        open.put(link, peer);
    }

    /// The link was closed.
    void ended(Link link) {
        NodeName peer = open.remove(link);
        if (peer != null) {
            PeerCounters last = counters(peer, link.counters());
            ended.merge(
                    peer,
                    new PeerCounters(
                            peer,
                            last.framesSent(),
                            last.framesTaken(),
                            last.bytesSent(),
                            0,
                            0,
                            0,
                            0,
                            0),
                    PeerCounters::plus);
        }
    }

    /// Incoming links were forgotten.
    void ended(List<InboundCounters> links) {
        for (InboundCounters link : links) {
            ended.merge(link.sender(), counters(link), PeerCounters::plus);
        }
    }

    /// One row a gateway that was ever known, in the order of names.
    List<PeerCounters> all() {
        Map<NodeName, PeerCounters> sums = new TreeMap<>(ended);
        open.forEach((link, peer) ->
                sums.merge(peer, counters(peer, link.counters()), PeerCounters::plus));
        for (InboundCounters link : inbound.get()) {
            sums.merge(link.sender(), counters(link), PeerCounters::plus);
        }
        return List.copyOf(sums.values());
    }

    private static PeerCounters counters(NodeName peer, Link.Counters link) {
        return new PeerCounters(
                peer,
                link.frames(),
                link.taken(),
                link.bytes(),
                link.heldBytes(),
                0,
                0,
                0,
                link.connected() ? 1 : 0);
    }

    private static PeerCounters counters(InboundCounters link) {
        return new PeerCounters(
                link.sender(), 0, 0, 0, 0, link.frames(), link.bytes(), link.repeats(), 0);
    }
}
