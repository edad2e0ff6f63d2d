package io.banyanmq.raft.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a [ReplicatedState] under Ratis.
///
/// Applying, snapshots and reloading come from Ratis' one updater thread. Only [#pause] comes from
/// another, just before Ratis replaces the snapshot directory; `snapshotting` keeps a snapshot of
/// our own out of its way. Between that and [#reinitialize] Ratis may go on applying entries; they
/// go to the old database, which is right whether the installation succeeds (they are part of what
/// was installed) or not (nothing is missing).
final class RocksStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateMachine.class);
    private static final TermIndex NOTHING = TermIndex.valueOf(0, -1);

    private final Group group;
    private final Path liveDirectory;
    private final ReplicatedState state;
    private final DatabaseMemory memory;
    private final ClientId submitter;
    private final Events events;
    private final SnapshotStore snapshots = new SnapshotStore();
    private final Object snapshotting = new Object();
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();

    private volatile TermIndex reported = NOTHING;
    private volatile @Nullable Database database;
    private volatile boolean failed;

    /// Of the updater thread: the last entry in the database.
    private LogPoint applied = LogPoint.NONE;

    /// What the machine tells its owner, from Ratis' threads: return at once.
    interface Events {
        void leading();

        void following(Optional<String> leader);

        void dead(String reason, @Nullable Throwable cause);

        void closed();
    }

    /// @param liveDirectory where the database lives, beside what Ratis keeps
    /// @param submitter the only one whose entries are taken
    RocksStateMachine(
            Group group,
            Path liveDirectory,
            ReplicatedState state,
            DatabaseMemory memory,
            ClientId submitter,
            Events events) {
        this.group = group;
        this.liveDirectory = liveDirectory;
        this.state = state;
        this.memory = memory;
        this.submitter = submitter;
        this.events = events;
    }

    /// Bytes of entries applied since the last snapshot.
    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    /// The point of the newest snapshot; [LogPoint#NONE] before the first.
    LogPoint snapshotPoint() {
        return snapshots.latest().map(SnapshotStore.Stored::point).orElse(LogPoint.NONE);
    }

    // Start, installation, end

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
            throws IOException {
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            super.initialize(server, groupId, storage);
                            snapshots.init(storage);
                            load();
                        },
                        IOException.class);
    }

    @Override
    public void pause() {
        synchronized (snapshotting) {
            if (getLifeCycle().getCurrentState() == LifeCycle.State.RUNNING) {
                getLifeCycle().transition(LifeCycle.State.PAUSING);
                getLifeCycle().transition(LifeCycle.State.PAUSED);
            }
        }
    }

    @Override
    public void reinitialize() throws IOException {
        snapshots.reload();
        load();
        if (getLifeCycle().getCurrentState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    /// Opens the live database, or replaces it with the newest snapshot if that is ahead of it.
    ///
    /// Reports the *snapshot's* point: Ratis hands over again every entry behind it, and those that
    /// the database already has are skipped.
    private void load() throws IOException {
        LogPoint snapshot = snapshotPoint();
        Database open = database;
        if (open == null && Files.exists(liveDirectory)) {
            open = Database.open(liveDirectory, state.families(), memory);
        }
        LogPoint live = open == null ? LogPoint.NONE : open.applied();
        if (open == null || live.index() < snapshot.index()) {
            if (open != null) {
                open.close();
            }
            database = null;
            install();
            open = Database.open(liveDirectory, state.families(), memory);
            live = open.applied();
        }
        if (live.index() < snapshot.index()) {
            throw DatabaseException.corrupt(
                    liveDirectory, "at " + live + " though the snapshot is at " + snapshot);
        }
        database = open;
        applied = live;
        reported = TermIndex.valueOf(snapshot.term(), snapshot.index());
        bytesSinceSnapshot.set(0);
        LOG.info("{}: state at {}, snapshot at {}", group, live, snapshot);
        state.opened(open);
        state.applied(live);
    }

    /// Puts the newest snapshot in the place of the live database; without one, leaves it empty.
    private void install() throws IOException {
        Path next = liveDirectory.resolveSibling(Disk.name(liveDirectory) + ".installing");
        Disk.deleteTree(next);
        Optional<SnapshotStore.Stored> stored = snapshots.latest();
        if (stored.isPresent()) {
            verify(stored.get().directory(), stored.get().point());
            Files.createDirectories(next);
            for (Path file : SnapshotStore.files(stored.get().directory())) {
                Disk.syncFile(file);
                Path copy = next.resolve(Disk.name(file));
                if (Disk.name(file).endsWith(".sst")) {
                    Files.createLink(copy, file);
                } else {
                    Files.copy(file, copy);
                    Disk.syncFile(copy);
                }
            }
            Disk.syncDirectory(next);
        }
        // From here on a crash leaves no live database, which the next start makes good.
        Disk.deleteTree(liveDirectory);
        if (stored.isPresent()) {
            Disk.moveDurably(next, liveDirectory);
            LOG.info("{}: installed the snapshot at {}", group, stored.get().point());
        }
    }

    /// Throws unless the snapshot opens and ends where its name says.
    private void verify(Path snapshot, LogPoint point) {
        try (Database copy = Database.openReadOnly(snapshot, state.families(), memory)) {
            if (!copy.applied().equals(point)) {
                throw DatabaseException.corrupt(
                        snapshot, "ends at " + copy.applied() + ", expected " + point);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (getLifeCycle().getCurrentState() != LifeCycle.State.CLOSED) {
            getLifeCycle()
                    .checkStateAndClose(() -> {
                        closeDatabase();
                        super.close();
                    });
        }
        events.closed();
    }

    /// Closes the database though Ratis may hang; what still runs then fails with `CLOSED`.
    void closeDatabase() {
        Database open = database;
        if (open != null) {
            open.close();
        }
    }

    // Applying

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = super.startTransaction(request);
        if (!request.getClientId().equals(submitter)) {
            transaction.setException(new IOException("entries are only taken from this process"));
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        RaftProtos.LogEntryProto entry = transaction.getLogEntry();
        byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
        byte[] answer = apply(new LogPoint(entry.getTerm(), entry.getIndex()), bytes);
        return CompletableFuture.completedFuture(
                Message.valueOf(UnsafeByteOperations.unsafeWrap(answer)));
    }

    /// Raft's own entries, such as configurations, move the applied point, too.
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        apply(new LogPoint(term, index), null);
    }

    /// Applies an entry; throws, here and at every later one, if that fails: Ratis closes the
    /// replica then, while a failed future would only be logged.
    private byte[] apply(LogPoint at, byte @Nullable [] entry) {
        if (failed) {
            throw new IllegalStateException(group + ": stopped by an earlier failure");
        }
        try {
            byte[] answer = at.index() <= applied.index() ? new byte[0] : applyNext(at, entry);
            reported = TermIndex.valueOf(at.term(), at.index());
            return answer;
        } catch (Throwable t) {
            failed = true;
            events.dead("entry " + at + " could not be applied: " + t.getMessage(), t);
            throw t;
        }
    }

    private byte[] applyNext(LogPoint at, byte @Nullable [] entry) {
        if (at.index() != applied.index() + 1) {
            throw new IllegalStateException(
                    "the log goes on at " + at + ", but the state ends at " + applied);
        }
        Database open = database;
        if (open == null) {
            throw new IllegalStateException("no database is open");
        }
        byte[] answer = new byte[0];
        try (Batch batch = open.batch()) {
            if (entry != null) {
                answer = state.apply(at, entry, batch);
                bytesSinceSnapshot.addAndGet(entry.length);
            }
            batch.write(at);
        }
        applied = at;
        state.applied(at);
        return answer;
    }

    @Override
    public TermIndex getLastAppliedTermIndex() {
        return reported;
    }

    // Snapshots

    @Override
    public long takeSnapshot() throws IOException {
        synchronized (snapshotting) {
            Database open = database;
            if (open == null || getLifeCycle().getCurrentState() != LifeCycle.State.RUNNING) {
                throw new IOException("no snapshot while one is being installed");
            }
            LogPoint point = applied;
            if (point.index() <= snapshotPoint().index()) {
                return snapshotPoint().index();
            }
            long start = System.nanoTime();
            try {
                snapshots.add(
                        point,
                        directory -> {
                            open.checkpoint(directory);
                            verify(directory, point);
                        });
            } catch (DatabaseException e) {
                throw new IOException(group + ": no snapshot at " + point, e);
            }
            bytesSinceSnapshot.set(0);
            LOG.info(
                    "{}: snapshot at {} in {} ms",
                    group,
                    point,
                    (System.nanoTime() - start) / 1_000_000);
            return point.index();
        }
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return snapshots.getLatestSnapshot();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    // What Ratis tells us

    @Override
    public void notifyLeaderReady() {
        events.leading();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.following(Optional.empty());
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        if (leader == null || !leader.equals(member.getPeerId())) {
            events.following(Optional.ofNullable(leader).map(RaftPeerId::toString));
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, RaftProtos.@Nullable LogEntryProto entry) {
        failed = true;
        events.dead("the Raft log could not be written: " + cause.getMessage(), cause);
    }
}
