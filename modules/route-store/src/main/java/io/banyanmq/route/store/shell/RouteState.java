package io.banyanmq.route.store.shell;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.LogFormat;
import io.banyanmq.raft.kit.Batch;
import io.banyanmq.raft.kit.ColumnFamily;
import io.banyanmq.raft.kit.Database;
import io.banyanmq.raft.kit.LogPoint;
import io.banyanmq.raft.kit.ReplicatedState;
import io.banyanmq.route.store.core.Applied;
import io.banyanmq.route.store.core.RouteMachine;
import io.banyanmq.route.store.core.Rows;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The [RouteMachine] as what a Raft group replicates.
final class RouteState implements ReplicatedState {
    private static final Logger LOG = LoggerFactory.getLogger(RouteState.class);

    private final Watcher watcher;
    private volatile @Nullable Rows rows;
    private final LongAdder alarms = new LongAdder();

    /// Of the apply thread.
    private @Nullable RouteMachine machine;

    /// Hears on the apply thread how far the state has come: return at once.
    interface Watcher {
        /// Everything up to `index` is applied and visible to new views; `serving` is the set at that index.
        void applied(long index, Set<Epoch> serving);
    }

    RouteState(Watcher watcher) {
        this.watcher = watcher;
    }

    /// What is applied, for reading; empty until the replica runs. A snapshot that is installed
    /// replaces it and ends its views.
    Optional<Rows> rows() {
        return Optional.ofNullable(rows);
    }

    /// Faults found while applying that somebody must look at, since the start.
    long alarms() {
        return alarms.sum();
    }

    @Override
    public List<ColumnFamily> families() {
        return RocksRows.families();
    }

    @Override
    public void opened(Database database) {
        Rows opened = new RocksRows(database);
        try (Rows.View view = opened.view()) {
            machine = RouteMachine.open(view);
        }
        rows = opened;
    }

    @Override
    public byte[] apply(LogPoint at, byte[] entry, Batch batch) {
        List<Command> commands = LogFormat.decode(entry);
        Applied applied = machine().apply(at.index(), at.term(), commands, RocksRows.batch(batch));
        for (String alarm : applied.alarms()) {
            LOG.error("route store, entry {}: {}", at.index(), alarm);
            alarms.increment();
        }
        return LogFormat.encodeOutcomes(applied.outcomes());
    }

    @Override
    public void applied(LogPoint at) {
        watcher.applied(machine().appliedIndex(), machine().serving());
    }

    private RouteMachine machine() {
        RouteMachine open = machine;
        if (open == null) {
            throw new IllegalStateException("the route machine is not open yet");
        }
        return open;
    }
}
