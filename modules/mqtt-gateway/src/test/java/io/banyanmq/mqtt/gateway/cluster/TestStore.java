package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Cookie;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.FabricConfig;
import io.banyanmq.fabric.Purpose;
import io.banyanmq.fabric.Transport;
import io.banyanmq.route.store.core.FeedReader;
import io.banyanmq.route.store.core.MemoryRows;
import io.banyanmq.route.store.core.RouteMachine;
import io.banyanmq.route.store.core.RouteScan;
import io.banyanmq.route.store.core.Rows;
import io.banyanmq.route.store.core.TickPlanner;
import io.banyanmq.route.store.core.Visibility;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A store node of one: the real machine, feed, visibility and ticks over rows in memory, where everything commits at once. One loop has
/// it all.
final class TestStore implements AutoCloseable {
    private static final int FEED_BYTES = 64 << 10;
    private static final int TTL_MILLIS = 1_500;

    private final MultiThreadIoEventLoopGroup loops = Transport.best().newLoops(1, "store");
    private final EventLoop loop = loops.next();
    private final MemoryRows rows = new MemoryRows();
    private final RouteMachine machine = RouteMachine.open(rows.begin());
    private final Visibility visibility = new Visibility();
    private final TickPlanner planner = new TickPlanner();
    private final Set<Talk> talks = new HashSet<>();
    private final Fabric fabric;
    private final Destination destination;
    private volatile boolean leading = true;
    private long index;

    TestStore(NodeName node, String address) throws IOException {
        FabricConfig config =
                FabricConfig.of("test", node, new Incarnation(9, 9), Cookie.of(new byte[] {1}));
        fabric = new Fabric(config, Transport.best(), loops, new SecureRandom());
        fabric.onConversation(Purpose.STORE, Talk::new);
        HostPort listening = fabric.listenLocal(address);
        destination = new Destination(node, listening);
        loop.execute(() ->
                apply(
                        new Command.SetOption(
                                LogOption.TTL_MILLIS.key(), Integer.toString(TTL_MILLIS))));
        var _ = loop.scheduleAtFixedRate(this::tick, 10, 10, TimeUnit.MILLISECONDS);
    }

    Destination destination() {
        return destination;
    }

    /// Whether proposals are taken and ticks are made: without, no lease is renewed.
    void leading(boolean on) {
        leading = on;
    }

    private void tick() {
        if (leading && planner.due(1, System.nanoTime())) {
            var renewals = planner.takeRenewals();
            Command.Tick tick = planner.plan(1, renewals, System.nanoTime(), 0);
            if (tick != null) {
                apply(tick);
                planner.settled(tick, true);
            }
        }
    }

    private Outcome apply(Command command) {
        MemoryRows.MemoryBatch batch = rows.begin();
        Outcome outcome = machine.apply(++index, 1, List.of(command), batch).outcomes().getFirst();
        batch.commit();
        progress();
        return outcome;
    }

    private void progress() {
        visibility.applied(index, machine.serving());
        talks.forEach(Talk::goOn);
    }

    @Override
    public void close() {
        fabric.close();
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private final class Talk implements ConversationHandler {
        private final Conversation conversation;
        private long cursor = -1;
        private long awaited;
        private long toldVisible;

        Talk(Conversation conversation) {
            this.conversation = conversation;
        }

        @Override
        public void opened() {
            talks.add(this);
        }

        @Override
        public void received(byte[] message) {
            switch (StoreFormat.decodeRequest(message)) {
                case StoreRequest.Follow(long after) -> {
                    cursor = after;
                    if (after == 0) {
                        scan(RouteScan.all(rows.view()));
                    }
                }
                case StoreRequest.ScanSource(var source) ->
                        RouteScan.of(rows.view(), source).ifPresent(this::scan);
                case StoreRequest.Applied(var epoch, long upTo) ->
                        visibility.acknowledged(epoch, upTo);
                case StoreRequest.Renew(var renewal) -> planner.renew(renewal);
                case StoreRequest.AwaitVisible(long wanted) -> {
                    awaited = wanted;
                    toldVisible = 0;
                }
                case StoreRequest.Propose(long request, Command command) ->
                        say(
                                leading
                                        ? new StoreReply.Proposed(request, apply(command))
                                        : new StoreReply.NotProposed(
                                                request, null, "nobody leads"));
            }
            progress();
        }

        private void scan(RouteScan scan) {
            try (scan) {
                say(scan.begin());
                while (!scan.done()) {
                    say(scan.next(100));
                }
                say(scan.end());
                cursor = scan.index();
            }
        }

        void goOn() {
            long upTo = visibility.visibleUpTo();
            if (awaited > toldVisible && upTo > toldVisible) {
                toldVisible = upTo;
                say(new StoreReply.Visible(upTo));
            }
            while (cursor > 0 && cursor < index) {
                try (Rows.View view = rows.view()) {
                    if (!(FeedReader.read(view, cursor, FEED_BYTES)
                            instanceof FeedReader.Chunk.Entries chunk)) {
                        throw new IllegalStateException("a test keeps all entries");
                    }
                    conversation.send(
                            StoreFormat.encodeFeed(cursor, chunk.encoded(), chunk.upTo()));
                    cursor = chunk.upTo();
                }
            }
        }

        private void say(StoreReply reply) {
            conversation.send(StoreFormat.encode(reply));
        }

        @Override
        public void closed(String why) {
            talks.remove(this);
        }
    }
}
