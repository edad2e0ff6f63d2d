package io.banyanmq.route.store.shell;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.LogFormat;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.cluster.wire.UnknownFormat;
import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.Purpose;
import io.banyanmq.raft.kit.Commit;
import io.banyanmq.raft.kit.DatabaseException;
import io.banyanmq.raft.kit.EntryFormat;
import io.banyanmq.raft.kit.Group;
import io.banyanmq.raft.kit.GroupCommit;
import io.banyanmq.raft.kit.Peer;
import io.banyanmq.raft.kit.RaftNode;
import io.banyanmq.raft.kit.RaftStartException;
import io.banyanmq.raft.kit.Replica;
import io.banyanmq.raft.kit.Reply;
import io.banyanmq.route.store.RouteStoreConfig;
import io.banyanmq.route.store.RouteStoreStatus;
import io.banyanmq.route.store.core.Rows;
import io.banyanmq.route.store.core.TickPlanner;
import io.banyanmq.route.store.core.Visibility;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store node at work. Everything about followers, visibility and ticks belongs to its one thread; conversations
/// come from their loops and the log's answers from the apply thread, and both only leave tasks there.
public final class StoreNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreNode.class);
    private static final int TASKS_MAX = 65_536;
    private static final int TASKS_A_TURN_MAX = 1_000;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final EntryFormat<Command, Outcome> ENTRIES =
            new EntryFormat<>() {
                @Override
                public byte[] encode(List<Command> commands) {
                    return LogFormat.encode(commands);
                }

                @Override
                public List<Outcome> decode(byte[] answer) {
                    return LogFormat.decodeOutcomes(answer);
                }
            };

    private final RouteStoreConfig config;
    private final RaftNode raft;
    private final Group group;
    private final RouteState state = new RouteState(this::applied);
    private final GroupCommit<Command, Outcome> commits;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(TASKS_MAX);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Thread thread;

    private volatile @Nullable Replica replica;
    private volatile Progress progress = new Progress(0, Set.of());
    private volatile boolean closed;
    private volatile long visibleUpTo;
    private volatile int followersNow;

    // Of the thread.
    private final Visibility visibility = new Visibility();
    private final TickPlanner planner = new TickPlanner();
    private final Set<Follower> followers = new LinkedHashSet<>();
    private long lastTickNanos = System.nanoTime() - IDLE_NANOS;
    private boolean optionsProposed;

    /// How far this node has applied, and which epochs served then: one snapshot.
    private record Progress(long index, Set<Epoch> serving) {}

    /// A store node whose replica is still to be started.
    public StoreNode(RouteStoreConfig config, RaftNode raft) {
        this.config = config;
        this.raft = raft;
        group = new Group(config.cluster(), "route-store");
        commits =
                new GroupCommit<>(
                        "route-store-commit", this::submit, ENTRIES, GroupCommit.Limits.DEFAULT);
        thread = Thread.ofPlatform().daemon().name("route-store").start(this::run);
    }

    /// The Raft group it is a replica of.
    public Group group() {
        return group;
    }

    /// Takes gateways' conversations; while the replica does not run yet, they are closed at once.
    public void registerWith(Fabric fabric) {
        fabric.onConversation(Purpose.STORE, Served::new);
    }

    /// Starts the replica: anew with `initial`, or with what lies on disk.
    public void start(Optional<List<Peer>> initial) throws RaftStartException {
        Replica started =
                initial.isPresent()
                        ? raft.form(group, initial.get(), state)
                        : raft.recover(group, state);
        replica = started;
        started.listen(leadership -> wake());
        LOG.info("route store of {}: {}", config.cluster(), started.peers());
    }

    // What others ask

    /// The outcome of a command once it is applied; an `IllegalStateException` says why it was not.
    public CompletableFuture<Outcome> propose(Command command) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        commits.commit(
                command,
                LogFormat.encode(List.of(command)).length,
                commit -> {
                    switch (commit) {
                        case Commit.Done<Outcome> done -> outcome.complete(done.outcome());
                        case Commit.NotDone<Outcome> not ->
                                outcome.completeExceptionally(
                                        new IllegalStateException(not.reason()));
                    }
                });
        return outcome;
    }

    /// Runs `query` on what is applied now; empty until the replica runs.
    public <T> Optional<T> read(Function<Rows.View, T> query) {
        return state.rows()
                .map(rows -> {
                    try (Rows.View view = rows.view()) {
                        return query.apply(view);
                    }
                });
    }

    /// The node that leads, as far as known.
    public Optional<NodeName> leader() {
        Replica current = replica;
        return current == null ? Optional.empty() : current.leader().flatMap(StoreNode::nodeName);
    }

    /// How it stands.
    public RouteStoreStatus status() {
        Replica current = replica;
        RouteStoreStatus.Phase phase =
                closed
                        ? RouteStoreStatus.Phase.CLOSED
                        : current == null
                                ? RouteStoreStatus.Phase.FORMING
                                : current.leads()
                                        ? RouteStoreStatus.Phase.LEADING
                                        : RouteStoreStatus.Phase.FOLLOWING;
        return new RouteStoreStatus(
                phase,
                leader(),
                current == null ? 0 : current.term(),
                progress.index(),
                visibleUpTo,
                current == null
                        ? List.of()
                        : current.peers().stream().map(p -> NodeName.parse(p.name())).toList(),
                followersNow,
                state.alarms());
    }

    private static Optional<NodeName> nodeName(String peerId) {
        int dash = peerId.lastIndexOf('-');
        return dash < 1 ? Optional.empty() : Optional.of(NodeName.parse(peerId.substring(0, dash)));
    }

    // The log

    private CompletionStage<Reply> submit(byte[] entry) {
        Replica current = replica;
        return current == null
                ? CompletableFuture.completedFuture(new Reply.NotLeader(Optional.empty()))
                : current.submit(entry);
    }

    /// On the apply thread.
    private void applied(long index, Set<Epoch> serving) {
        progress = new Progress(index, serving);
        wake();
    }

    // The thread

    private void run() {
        try {
            while (!closed) {
                Runnable task = tasks.poll(untilTick(), TimeUnit.NANOSECONDS);
                woken.set(false);
                for (int n = 1; task != null; n++) {
                    task.run();
                    task = n < TASKS_A_TURN_MAX ? tasks.poll() : null;
                }
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        followers.forEach(Follower::close);
    }

    private void turn() {
        try {
            tick();
            Progress now = progress;
            visibility.applied(now.index(), now.serving());
            visibleUpTo = visibility.visibleUpTo();
            followers.forEach(follower -> follower.visible(visibleUpTo));
            feed(now.index());
        } catch (DatabaseException e) {
            // Installing a snapshot replaces what was being read; anything else stops the replica
            // by itself.
            LOG.info("route store: reading anew: {}", e.getMessage());
            followers.forEach(Follower::restart);
        } catch (RuntimeException e) {
            LOG.error("route store: a turn failed", e);
        }
    }

    private void feed(long appliedIndex) {
        List<Follower> due =
                followers.stream().filter(follower -> follower.wants(appliedIndex)).toList();
        Rows rows = state.rows().orElse(null);
        if (due.isEmpty() || rows == null) {
            return;
        }
        try (Follower.Feed feed = new Follower.Feed(rows)) {
            due.forEach(follower -> follower.advance(feed));
        }
    }

    private long untilTick() {
        Replica current = replica;
        long interval =
                current != null && current.leads()
                        ? TimeUnit.MILLISECONDS.toNanos(TickPlanner.INTERVAL_MILLIS)
                        : IDLE_NANOS;
        return Math.max(
                TimeUnit.MILLISECONDS.toNanos(1), lastTickNanos + interval - System.nanoTime());
    }

    /// Proposes a tick if it is time for one: the renewals first, *then* the clock.
    private void tick() {
        Replica current = replica;
        if (current == null || !current.leads()) {
            lastTickNanos = System.nanoTime();
            return;
        }
        long term = current.term();
        if (!planner.due(term, System.nanoTime())) {
            return;
        }
        proposeOptions();
        List<Renewal> renewals = planner.takeRenewals();
        long nanos = System.nanoTime();
        lastTickNanos = nanos;
        Command.Tick tick = planner.plan(term, renewals, nanos, System.currentTimeMillis());
        if (tick != null) {
            current.submit(LogFormat.encode(List.of(tick)))
                    .whenComplete((reply, failure) ->
                            post(() -> planner.settled(tick, reply instanceof Reply.Applied)));
        }
    }

    /// A store that nothing was ever applied to begins with its configured options.
    private void proposeOptions() {
        if (!optionsProposed) {
            optionsProposed = true;
            if (progress.index() == 0) {
                config.options().forEach(this::proposeOption);
            }
        }
    }

    private void proposeOption(LogOption option, long value) {
        Command command = new Command.SetOption(option.key(), Long.toString(value));
        commits.commit(
                command,
                64,
                commit -> LOG.info("route store: {} = {}: {}", option.key(), value, commit));
    }

    /// Leaves a task for the thread; false if too many are there already.
    private boolean post(Runnable task) {
        return tasks.offer(task);
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            tasks.offer(StoreNode::nothing);
        }
    }

    private static void nothing() {
        // It is there to end the thread's wait.
    }

    /// Ends the feed and what waits to be committed. Twice is harmless.
    @Override
    public void close() {
        closed = true;
        commits.close();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Conversations

    /// A conversation with one gateway, on its loop.
    private final class Served implements ConversationHandler, Follower.Outlet {
        private final Conversation conversation;
        private final Follower follower = new Follower(this);
        private boolean awaitsRoom;

        Served(Conversation conversation) {
            this.conversation = conversation;
        }

        @Override
        public void opened() {
            if (replica == null || closed) {
                conversation.close();
                return;
            }
            orClose(() -> {
                followers.add(follower);
                followersNow = followers.size();
            });
        }

        @Override
        public void received(byte[] message) {
            StoreRequest request;
            try {
                request = StoreFormat.decodeRequest(message);
            } catch (UnknownFormat e) {
                LOG.warn("{} is not understood: {}", conversation.peer(), e.getMessage());
                conversation.close();
                return;
            }
            switch (request) {
                case StoreRequest.Follow r -> orClose(() -> follower.follow(r.afterIndex()));
                case StoreRequest.Applied r ->
                        orClose(() -> visibility.acknowledged(r.epoch(), r.index()));
                case StoreRequest.Renew r -> orClose(() -> planner.renew(r.renewal()));
                case StoreRequest.AwaitVisible r -> orClose(() -> follower.awaitVisible(r.index()));
                case StoreRequest.ScanSource r -> orClose(() -> follower.scanSource(r.source()));
                case StoreRequest.Propose r -> propose(r, message.length);
            }
        }

        private void propose(StoreRequest.Propose request, int bytes) {
            Replica current = replica;
            if (request.command() instanceof Command.Tick) {
                LOG.warn("{} proposes a tick, which is the leader's", conversation.peer());
                conversation.close();
            } else if (current == null || !current.leads()) {
                send(notProposed(request.request(), leader(), "this store does not lead"));
            } else {
                commits.commit(request.command(), bytes, reply(request.request()));
            }
        }

        private Consumer<Commit<Outcome>> reply(long request) {
            return commit ->
                    send(
                            switch (commit) {
                                case Commit.Done<Outcome> done ->
                                        StoreFormat.encode(
                                                new StoreReply.Proposed(request, done.outcome()));
                                case Commit.NotDone<Outcome> not ->
                                        notProposed(
                                                request,
                                                not.leader().flatMap(StoreNode::nodeName),
                                                not.reason());
                            });
        }

        private byte[] notProposed(long request, Optional<NodeName> leader, String reason) {
            return StoreFormat.encode(
                    new StoreReply.NotProposed(request, leader.orElse(null), reason));
        }

        @Override
        public void writable() {
            if (awaitsRoom) {
                awaitsRoom = false;
                orClose(follower::sent);
            }
        }

        @Override
        public void closed(String why) {
            // Its place is all there is to forget; should the queue be full, the thread is as good
            // as dead.
            post(() -> {
                follower.close();
                followers.remove(follower);
                followersNow = followers.size();
            });
        }

        @Override
        public void send(byte[] message) {
            onLoop(() -> sendNow(message));
        }

        @Override
        public void sendThenAsk(byte[] message) {
            onLoop(() -> {
                sendNow(message);
                if (conversation.isWritable()) {
                    orClose(follower::sent);
                } else {
                    awaitsRoom = true;
                }
            });
        }

        private void sendNow(byte[] message) {
            if (!conversation.send(message)) {
                conversation.close(); // a hole in the feed is worse than a new start
            }
        }

        private void onLoop(Runnable task) {
            if (conversation.loop().inEventLoop()) {
                task.run();
            } else {
                conversation.loop().execute(task);
            }
        }

        private void orClose(Runnable task) {
            if (!post(task)) {
                LOG.warn("route store: too much to do; {} has to reconnect", conversation.peer());
                conversation.close();
            }
        }
    }
}
