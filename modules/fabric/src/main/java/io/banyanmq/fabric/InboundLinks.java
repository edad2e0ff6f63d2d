package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.LinkReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The receiving ends of all links to this node. What a link took is remembered here, over its connections, until its sender's
/// epoch or our own has ended.
final class InboundLinks {
    /// One link. [#receiver] belongs to the connection that owns the link, on that connection's loop; ownership is handed on
    /// from loop to loop, so that two connections of one link never take frames at the same time.
    static final class Entry {
        final LinkId id;
        final NodeName sender;
        final LinkReceiver receiver = new LinkReceiver();

        /// The newest connection; its predecessor hands over when it is told to. Never null again once set.
        final AtomicReference<@Nullable Receiving> owner = new AtomicReference<>();

        private volatile InboundCounters counters;

        Entry(LinkId id, NodeName sender) {
            this.id = id;
            this.sender = sender;
            this.counters = new InboundCounters(id, sender, 0, 0, 0);
        }

        void publish(long bytes, long repeats) {
            counters = new InboundCounters(id, sender, receiver.taken(), bytes, repeats);
        }

        InboundCounters counters() {
            return counters;
        }
    }

    private final ConcurrentHashMap<LinkId, Entry> links = new ConcurrentHashMap<>();
    private final LinkAcceptor acceptor;

    InboundLinks(LinkAcceptor acceptor) {
        this.acceptor = acceptor;
    }

    LinkAcceptor acceptor() {
        return acceptor;
    }

    /// The link's memory, new if there is none. Ask the acceptor *afterwards*: it knows of an ended sender
    /// before [#forget] looks here.
    Entry entry(LinkId id, NodeName sender) {
        return links.computeIfAbsent(id, key -> new Entry(key, sender));
    }

    void forget(LinkId id) {
        var _ = forgetIf(id::equals);
    }

    /// The gateway of this epoch has ended.
    List<InboundCounters> forgetSender(Epoch sender) {
        return forgetIf(id -> id.sender().equals(sender));
    }

    List<InboundCounters> forgetAll() {
        return forgetIf(id -> true);
    }

    List<InboundCounters> counters() {
        List<InboundCounters> all = new ArrayList<>();
        links.values().forEach(entry -> all.add(entry.counters()));
        return all;
    }

    private List<InboundCounters> forgetIf(Predicate<LinkId> ended) {
        List<InboundCounters> last = new ArrayList<>();
        links.forEach((id, entry) -> {
            if (ended.test(id) && links.remove(id, entry)) {
                last.add(entry.counters());
                Receiving owner = entry.owner.get();
                if (owner != null) {
                    owner.end("the link has ended");
                }
            }
        });
        return last;
    }
}
