package io.banyanmq.raft.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's replica of one Raft group, see [RaftNode]. Any thread may call it.
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(5);

    private final RaftNode node;
    private final Group group;
    private final RocksStateMachine machine;
    private final Executor events;
    private final Consumer<String> onDead;
    private final AtomicBoolean dead = new AtomicBoolean();
    private final AtomicBoolean snapshotUnderWay = new AtomicBoolean();
    private final List<Consumer<Leadership>> listeners = new ArrayList<>();

    /// Of the `events` thread.
    private Leadership leadership = new Leadership.Following(Optional.empty());

    private volatile RaftServer.@Nullable Division division;
    private volatile long lastSnapshotNanos = System.nanoTime();

    Replica(
            RaftNode node,
            Group group,
            Path liveDirectory,
            ReplicatedState state,
            Executor events,
            Consumer<String> onDead) {
        this.node = node;
        this.group = group;
        this.events = events;
        this.onDead = onDead;
        machine =
                new RocksStateMachine(
                        group, liveDirectory, state, node.memory(), node.submitter(), new ToUs());
    }

    RocksStateMachine machine() {
        return machine;
    }

    void started(RaftServer.Division division) {
        this.division = division;
    }

    /// The group it belongs to.
    public Group group() {
        return group;
    }

    /// Proposes an entry, in process and without a Raft client; only the leader can.
    ///
    /// May block for as long as an fsync takes, so never on an event loop. The stage completes on
    /// the apply thread, right after the entry was applied: return from it at once. Entries that are
    /// under way together may be committed in any order, or not at all.
    ///
    /// @param entry owned by the log from now on: do not change it
    public CompletionStage<Reply> submit(byte[] entry) {
        if (entry.length > node.config().entryBytesMax()) {
            return done(new Reply.TooLarge(entry.length, node.config().entryBytesMax()));
        }
        if (node.diskIsLow()) {
            return done(new Reply.Busy("the disk is nearly full"));
        }
        RaftServer.Division current = division;
        if (current == null || dead.get()) {
            return done(new Reply.Failed(group + ": the replica does not run"));
        }
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setClientId(node.submitter())
                        .setServerId(current.getId())
                        .setGroupId(group.ratisId())
                        .setCallId(node.nextCallId())
                        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                        .setType(RaftClientRequest.writeRequestType())
                        .build();
        try {
            return ((RaftClientAsynchronousProtocol) current)
                    .submitClientRequestAsync(request)
                    .handle(Replica::reply);
        } catch (IOException | RuntimeException e) {
            return done(failed(e));
        }
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static Reply reply(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply == null) {
            return failed(failure);
        }
        if (reply.isSuccess()) {
            Message answer = reply.getMessage(); // null for changes of the configuration
            return new Reply.Applied(
                    reply.getLogIndex(),
                    answer == null ? new byte[0] : answer.getContent().toByteArray());
        }
        return failed(reply.getException());
    }

    private static Reply failed(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return switch (cause) {
            case null -> new Reply.Failed("no reason given");
            case NotLeaderException e ->
                    new Reply.NotLeader(
                            Optional.ofNullable(e.getSuggestedLeader())
                                    .map(peer -> peer.getId().toString()));
            case LeaderSteppingDownException e -> new Reply.NotLeader(Optional.empty());
            case LeaderNotReadyException e ->
                    new Reply.Busy("the leader has only just been elected");
            case ResourceUnavailableException e -> new Reply.Busy("too many entries are under way");
            default -> new Reply.Failed(cause.toString());
        };
    }

    /// Whether this replica leads and may submit.
    public boolean leads() {
        RaftServer.Division current = division;
        return current != null && current.getInfo().isLeader() && current.getInfo().isLeaderReady();
    }

    /// The term this replica is in; 0 before the first election.
    public long term() {
        RaftServer.Division current = division;
        return current == null ? 0 : current.getInfo().getCurrentTerm();
    }

    /// Id of the peer that leads, as far as this replica knows.
    public Optional<String> leader() {
        RaftServer.Division current = division;
        return current == null
                ? Optional.empty()
                : Optional.ofNullable(current.getInfo().getLeaderId()).map(RaftPeerId::toString);
    }

    /// The voters, as far as this replica knows, by id.
    public List<Peer> peers() {
        RaftServer.Division current = division;
        return current == null
                ? List.of()
                : current.getRaftConf().getCurrentPeers().stream()
                        .sorted((a, b) -> a.getId().toString().compareTo(b.getId().toString()))
                        .map(Peer::of)
                        .toList();
    }

    /// Calls `listener` with who leads now, and then at every change, in order, from one thread of
    /// the node: do not block it.
    public void listen(Consumer<Leadership> listener) {
        events.execute(() -> {
            listeners.add(listener);
            listener.accept(leadership);
        });
    }

    /// Takes a snapshot now and drops the log before it; completes with its index.
    public CompletionStage<Long> snapshot() {
        RaftServer.Division current = division;
        if (current == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException(group + ": the replica does not run"));
        }
        return node.server()
                .snapshotManagementAsync(
                        SnapshotManagementRequest.newCreate(
                                node.submitter(),
                                current.getId(),
                                group.ratisId(),
                                node.nextCallId(),
                                SNAPSHOT_TIMEOUT.toMillis()))
                .thenApply(RaftClientReply::getLogIndex);
    }

    /// Hands leadership to another peer, for a planned stop: closing alone makes the others wait for
    /// an election. Completes with whether another peer leads now.
    public CompletionStage<Boolean> transferLeadership(Duration timeout) {
        RaftServer.Division current = division;
        if (current == null || !current.getInfo().isLeader()) {
            return CompletableFuture.completedFuture(false);
        }
        Optional<RaftPeerId> other =
                current.getRaftConf().getCurrentPeers().stream()
                        .map(RaftPeer::getId)
                        .filter(id -> !id.equals(current.getId()))
                        .findFirst();
        if (other.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return node.server()
                    .transferLeadershipAsync(
                            new TransferLeadershipRequest(
                                    node.submitter(),
                                    current.getId(),
                                    group.ratisId(),
                                    node.nextCallId(),
                                    other.get(),
                                    timeout.toMillis()))
                    .handle((reply, failure) -> reply != null && reply.isSuccess());
        } catch (IOException e) {
            return CompletableFuture.completedFuture(false);
        }
    }

    /// Changes the voters if they still are `from`; one peer at a time, on the leader. A peer that
    /// is added has to run already, see [RaftNode#join].
    public CompletionStage<Reply> changePeers(List<Peer> from, List<Peer> to) {
        RaftServer.Division current = division;
        if (current == null) {
            return done(new Reply.Failed(group + ": the replica does not run"));
        }
        SetConfigurationRequest.Arguments arguments =
                SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInCurrentConf(from.stream().map(Peer::toRatis).toList())
                        .setServersInNewConf(to.stream().map(Peer::toRatis).toList())
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .build();
        try {
            return node.server()
                    .setConfigurationAsync(
                            new SetConfigurationRequest(
                                    node.submitter(),
                                    current.getId(),
                                    group.ratisId(),
                                    node.nextCallId(),
                                    arguments))
                    .handle(Replica::reply);
        } catch (IOException e) {
            return done(failed(e));
        }
    }

    /// Looks after the replica; called every now and then by the node.
    void watch() {
        RaftServer.Division current = division;
        if (current == null || dead.get()) {
            return;
        }
        LifeCycle.State life = current.getInfo().getLifeCycleState();
        if (life.isClosingOrClosed() || life == LifeCycle.State.EXCEPTION) {
            die("Ratis closed it", null);
            return;
        }
        SnapshotPolicy policy = node.config().snapshots();
        long bytes = machine.bytesSinceSnapshot();
        boolean due =
                bytes >= policy.bytesMax()
                        || (bytes > 0
                                && System.nanoTime() - lastSnapshotNanos
                                        >= policy.interval().toNanos());
        if (due && snapshotUnderWay.compareAndSet(false, true)) {
            snapshot()
                    .whenComplete((index, failure) -> {
                        lastSnapshotNanos = System.nanoTime();
                        snapshotUnderWay.set(false);
                        if (failure != null) {
                            LOG.warn("{}: no snapshot: {}", group, failure.toString());
                        }
                    });
        }
    }

    private void die(String reason, @Nullable Throwable cause) {
        if (dead.compareAndSet(false, true)) {
            LOG.error("{}: the replica stopped: {}", group, reason, cause);
            onDead.accept("Raft group " + group + " stopped: " + reason);
        }
    }

    private void leadershipIs(Leadership now) {
        events.execute(() -> {
            if (!now.equals(leadership)) {
                leadership = now;
                listeners.forEach(listener -> listener.accept(now));
            }
        });
    }

    /// What the state machine tells us, on Ratis' threads.
    private final class ToUs implements RocksStateMachine.Events {
        @Override
        public void leading() {
            leadershipIs(new Leadership.Leading());
        }

        @Override
        public void following(Optional<String> leader) {
            leadershipIs(new Leadership.Following(leader));
        }

        @Override
        public void dead(String reason, @Nullable Throwable cause) {
            die(reason, cause);
        }

        @Override
        public void closed() {
            if (!node.closing()) {
                die("Ratis closed it", null);
            }
        }
    }
}
