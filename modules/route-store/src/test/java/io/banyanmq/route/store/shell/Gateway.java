package io.banyanmq.route.store.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.RouteChange;
import io.banyanmq.cluster.wire.RouteDigest;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.Purpose;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A gateway as far as a store node sees it, moved by hand: it proposes to all and remembers what it is told.
final class Gateway implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);

    final NodeName node;
    private final Incarnation incarnation;
    private final Fabric fabric;
    private final Duration ttl;
    final List<Talk> talks = new CopyOnWriteArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, Outcome> outcomes = new ConcurrentHashMap<>();
    private long registrations;
    private long serial;
    private long number;
    private long digest;

    /// What one store node has told.
    final class Talk implements ConversationHandler {
        private @Nullable Conversation conversation;
        private final long followAfter;
        final List<StoreReply> replies = new CopyOnWriteArrayList<>();

        Talk(long followAfter) {
            this.followAfter = followAfter;
        }

        @Override
        public void opened() {
            send(new StoreRequest.Follow(followAfter));
        }

        @Override
        public void received(byte[] message) {
            StoreReply reply = StoreFormat.decodeReply(message);
            replies.add(reply);
            if (reply instanceof StoreReply.Proposed proposed) {
                outcomes.put(proposed.request(), proposed.outcome());
            }
        }

        @Override
        public void closed(String why) {
            replies.clear();
        }

        void send(StoreRequest request) {
            Conversation current = conversation;
            if (current != null) {
                current.loop()
                        .execute(() -> {
                            if (current.isOpen()) {
                                current.send(StoreFormat.encode(request));
                            }
                        });
            }
        }

        /// The index up to which everything was told, by feed or scan; -1 before.
        long upTo() {
            long upTo = -1;
            for (StoreReply reply : replies) {
                switch (reply) {
                    case StoreReply.Feed feed -> upTo = feed.upTo();
                    case StoreReply.ScanEnd end -> upTo = end.index();
                    default -> {}
                }
            }
            return upTo;
        }

        void awaitUpTo(long index) {
            await().atMost(LONG).until(() -> upTo() >= index);
        }

        /// All events of the feed, without the scans.
        List<FeedEvent> events() {
            List<FeedEvent> events = new ArrayList<>();
            for (StoreReply reply : replies) {
                if (reply instanceof StoreReply.Feed feed) {
                    for (FeedEntry entry : feed.entries()) {
                        events.addAll(entry.events());
                    }
                }
            }
            return events;
        }

        /// All routes that scans told.
        List<Route> scanned() {
            List<Route> routes = new ArrayList<>();
            for (StoreReply reply : replies) {
                if (reply instanceof StoreReply.ScanRoutes chunk) {
                    routes.addAll(chunk.routes());
                }
            }
            return routes;
        }

        long visible() {
            long visible = -1;
            for (StoreReply reply : replies) {
                if (reply instanceof StoreReply.Visible v) {
                    visible = Math.max(visible, v.index());
                }
            }
            return visible;
        }
    }

    Gateway(NodeName node, Incarnation incarnation, Fabric fabric, Duration ttl) {
        this.ttl = ttl;
        this.node = node;
        this.incarnation = incarnation;
        this.fabric = fabric;
    }

    Talk dial(Destination store, EventLoop loop) {
        return dial(store, loop, 0);
    }

    Talk dial(Destination store, EventLoop loop, long followAfter) {
        Talk talk = new Talk(followAfter);
        loop.execute(() -> talk.conversation = fabric.converse(Purpose.STORE, store, loop, talk));
        talks.add(talk);
        await().atMost(LONG).until(() -> talk.upTo() >= 0);
        return talk;
    }

    /// Proposes to all store nodes, again and again, until one answers with the outcome.
    Outcome propose(Command command) {
        List<Long> asked = new ArrayList<>();
        AtomicLong polls = new AtomicLong();
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            for (long request : asked) {
                                Outcome outcome = outcomes.get(request);
                                if (outcome != null) {
                                    return outcome;
                                }
                            }
                            if (polls.getAndIncrement() % 10 == 0) {
                                ask(command, asked);
                            }
                            return null;
                        },
                        outcome -> outcome != null);
    }

    private void ask(Command command, List<Long> asked) {
        for (Talk talk : talks) {
            long request = requests.incrementAndGet();
            asked.add(request);
            talk.send(new StoreRequest.Propose(request, command));
        }
    }

    /// Registers, and serves.
    Epoch serve() {
        Outcome registered =
                propose(
                        new Command.RegisterNode(
                                node, incarnation, ++registrations, new HostPort("h", 1), "", 0));
        assertThat(registered).isInstanceOf(Outcome.Registered.class);
        Epoch epoch = ((Outcome.Registered) registered).epoch();
        assertThat(propose(new Command.Serve(epoch))).isInstanceOf(Outcome.Done.class);
        number = 0;
        digest = 0;
        return epoch;
    }

    /// Adds a route; returns its log index.
    long add(Epoch epoch, String filter) {
        digest += RouteDigest.of(filter, 1);
        Outcome outcome =
                propose(
                        new Command.RouteChanges(
                                epoch, ++number, List.of(new RouteChange(filter, 1)), digest));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).index();
    }

    void applied(Epoch epoch, long index) {
        talks.forEach(talk -> talk.send(new StoreRequest.Applied(epoch, index)));
    }

    void awaitVisible(long index) {
        talks.forEach(talk -> talk.send(new StoreRequest.AwaitVisible(index)));
    }

    void renew(Epoch epoch, long feedIndex) {
        Renewal renewal = new Renewal(epoch, ++serial, (int) ttl.toMillis(), feedIndex);
        talks.forEach(talk -> talk.send(new StoreRequest.Renew(renewal)));
    }

    @Override
    public void close() {
        fabric.close();
    }
}
