package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Epoch;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What every serving gateway has applied, as one store node knows it: `visible(i)` holds iff this node has applied i and every
/// epoch that serves in its applied state acknowledged i. For one thread.
///
/// An epoch without an acknowledgement has acknowledged nothing: a node that has just started or begun to lead knows
/// nothing yet. An epoch that serves later has applied i before it does. So what was visible stays so.
public final class Visibility {
    private final Set<StoreRule> off;
    private final Map<Epoch, Long> acknowledged = new HashMap<>();
    private Set<Epoch> serving = Set.of();
    private long appliedIndex;

    /// Nothing applied, nothing acknowledged.
    public Visibility() {
        this(Set.of());
    }

    /// For simulation alone: without the rules in `off`.
    public Visibility(Set<StoreRule> off) {
        this.off = Set.copyOf(off);
    }

    /// This node has applied everything up to `index`; `serving` is the set at that index ([RouteMachine#serving]).
    public void applied(long index, Set<Epoch> servingThen) {
        appliedIndex = index;
        if (!serving.equals(servingThen)) {
            serving = servingThen;
            if (acknowledged.size() > 2 * serving.size() + 1_000) {
                acknowledged.keySet().retainAll(serving); // what others sent, they send again
            }
        }
    }

    /// `epoch`'s gateway has applied everything up to `index`.
    public void acknowledged(Epoch epoch, long index) {
        acknowledged.merge(epoch, index, Math::max);
    }

    /// `visible(index)`.
    public boolean visible(long index) {
        return index <= visibleUpTo();
    }

    /// The highest index that is visible.
    public long visibleUpTo() {
        long upTo = off.contains(StoreRule.VISIBLE_NEEDS_APPLIED) ? Long.MAX_VALUE : appliedIndex;
        for (Epoch epoch : serving) {
            Long index = acknowledged.get(epoch);
            if (index != null) {
                upTo = Math.min(upTo, index);
            } else if (!off.contains(StoreRule.MISSING_IS_ZERO)) {
                return 0;
            }
        }
        return upTo;
    }
}
