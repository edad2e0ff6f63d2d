package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.Renewal;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes the ticks of a store node that leads. For one thread.
///
/// A tick is made in three steps whose order carries the lease: [#takeRenewals] first; *then* the shell reads its monotonic
/// clock; then [#plan], and the result is proposed in process under the same term. A node that is stopped
/// between them only makes time run slower. The next tick waits until [#settled].
public final class TickPlanner {
    /// How often a leader ticks.
    public static final int INTERVAL_MILLIS = 500;

    /// The most time that one tick lets pass.
    public static final int ELAPSED_MILLIS_MAX = 1_000;

    private static final int EPOCHS_MAX = 10_000;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Set<StoreRule> off;
    private final TreeMap<Epoch, Renewal> renewals = new TreeMap<>();
    private long term;
    private long number;
    private boolean inFlight;
    private long lastNanos;
    private long lastCommittedNanos;

    /// Knows no term and no renewals.
    public TickPlanner() {
        this(Set.of());
    }

    /// For simulation alone: without the rules in `off`.
    public TickPlanner(Set<StoreRule> off) {
        this.off = Set.copyOf(off);
    }

    /// A gateway wants to go on. The latest of each epoch is kept, leading or not, and waits for a tick.
    public void renew(Renewal renewal) {
        renewals.merge(renewal.epoch(), renewal, (a, b) -> a.serial() >= b.serial() ? a : b);
        if (renewals.size() > EPOCHS_MAX) {
            renewals.pollFirstEntry(); // the oldest epoch: if it lives, it will renew again
        }
    }

    /// Whether it is time for a tick of `leadTerm`: at once in a new term, then every [#INTERVAL_MILLIS], never while one is
    /// in flight.
    public boolean due(long leadTerm, long nanos) {
        if (leadTerm != term) {
            return true;
        }
        return mayPropose() && nanos - lastNanos >= INTERVAL_MILLIS * NANOS_A_MILLI;
    }

    /// The renewals that came since the last tick, oldest epoch first; they are now the caller's.
    public List<Renewal> takeRenewals() {
        List<Renewal> taken = List.copyOf(renewals.values());
        renewals.clear();
        return taken;
    }

    /// The tick to propose, or null while one is in flight.
    ///
    /// @param leadTerm the term under which this node leads
    /// @param taken what [#takeRenewals] gave, before the clock was read
    /// @param nanos this node's monotonic clock, read after that
    public Command.@Nullable Tick plan(
            long leadTerm, List<Renewal> taken, long nanos, long wallClockMillis) {
        long elapsedMillis = 0;
        if (leadTerm == term) {
            if (!mayPropose()) {
                taken.forEach(this::renew);
                return null;
            }
            long since = off.contains(StoreRule.SINCE_PROPOSED) ? lastCommittedNanos : lastNanos;
            elapsedMillis = Math.max(0, (nanos - since) / NANOS_A_MILLI);
            // the rest of a millisecond counts next time
            lastNanos = nanos - Math.floorMod(nanos - lastNanos, NANOS_A_MILLI);
            if (!off.contains(StoreRule.ELAPSED_IS_CAPPED)) {
                elapsedMillis = Math.min(elapsedMillis, ELAPSED_MILLIS_MAX);
            }
        } else {
            term = leadTerm;
            number = 0;
            lastNanos = nanos;
            lastCommittedNanos = nanos;
        }
        inFlight = true;
        return new Command.Tick(term, ++number, (int) elapsedMillis, taken, wallClockMillis);
    }

    /// `tick` was committed, or cannot be any more under this leader. A time-out is no answer: while nothing commits, ticks would
    /// pile up, and then end healthy epochs all at once. An older tick changes nothing.
    public void settled(Command.Tick tick, boolean committed) {
        if (tick.term() == term && tick.number() == number) {
            inFlight = false;
            if (committed) {
                lastCommittedNanos = lastNanos;
            }
        }
    }

    private boolean mayPropose() {
        return !inFlight || off.contains(StoreRule.ONE_TICK_IN_FLIGHT);
    }
}
