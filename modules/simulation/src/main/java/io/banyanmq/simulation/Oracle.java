package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.route.store.core.Applied;
import io.banyanmq.route.store.core.MemoryRows;
import io.banyanmq.route.store.core.RouteMachine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The truth: what the committed log says at this very moment, which no process can know; and the promises, checked against it.
final class Oracle {
    static final String P4 = "P4";
    static final String P10 = "P10";
    static final String NEVER_REVIVES = "never revives";
    static final String ONE_OWNER = "one owner an epoch";
    static final String IN_TIME = "in time";

    private final MemoryRows rows = new MemoryRows();
    private final RouteMachine machine;
    private final Map<Epoch, Long> endedAt = new HashMap<>();
    private final Set<Epoch> joined = new HashSet<>();

    Oracle(Variant variant) {
        machine = RouteMachine.open(rows.begin(), 1_000, variant.store());
    }

    /// An entry is committed.
    Applied committed(long index, SimLog.Entry entry) {
        MemoryRows.MemoryBatch batch = rows.begin();
        Applied applied = machine.apply(index, entry.term(), entry.commands(), batch);
        batch.commit();
        if (applied.feed() != null) {
            for (FeedEvent event : applied.feed().events()) {
                judge(event, index);
            }
        }
        for (Epoch epoch : machine.serving()) {
            if (endedAt.containsKey(epoch)) {
                throw new Violation(NEVER_REVIVES, "epoch " + epoch + " lives again at " + index);
            }
        }
        return applied;
    }

    private void judge(FeedEvent event, long index) {
        switch (event) {
            case FeedEvent.Joined e -> {
                if (!joined.add(e.epoch())) {
                    throw new Violation(ONE_OWNER, "epoch " + e.epoch() + " began twice");
                }
            }
            case FeedEvent.Ended e -> endedAt.put(e.epoch(), index);
            case FeedEvent.Serving _,
                    FeedEvent.Renewed _,
                    FeedEvent.Routed _,
                    FeedEvent.OptionSet _ -> {}
        }
    }

    boolean ended(Epoch epoch) {
        return endedAt.containsKey(epoch);
    }

    int endings() {
        return endedAt.size();
    }

    Set<Epoch> serving() {
        return machine.serving();
    }

    /// An acknowledgement is decided under `epoch`, now.
    void acknowledges(String what, String who, Epoch epoch) {
        if (ended(epoch)) {
            throw new Violation(
                    P10,
                    who
                            + " decides "
                            + what
                            + " under epoch "
                            + epoch
                            + ", which ended at "
                            + endedAt.get(epoch));
        }
    }
}
