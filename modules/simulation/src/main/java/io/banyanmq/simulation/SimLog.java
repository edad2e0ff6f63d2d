package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.route.store.core.Applied;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One replicated log, as simple as can be: what is committed stays, what is not may be lost or committed later with each change
/// of leader.
final class SimLog {
    private static final long WATCH = 100 * World.MS;

    private final World world;
    private final Oracle oracle;
    private final List<SimStore> stores = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long commit;
    private long term;
    private @Nullable SimStore leader;
    private long leaderlessSince = -1;
    private boolean blocked;

    record Entry(long term, List<Command> commands) {
        Entry {
            commands = List.copyOf(commands);
        }
    }

    /// Who proposed an entry, and wants to know what became of it.
    interface Proposer {
        void applied(Applied applied);

        void lost();
    }

    private record Waiting(SimStore store, int life, Proposer proposer) {}

    SimLog(World world, Oracle oracle) {
        this.world = world;
        this.oracle = oracle;
    }

    void start(List<SimStore> all) {
        stores.addAll(all);
        elect(stores.getFirst());
        watch();
    }

    long commit() {
        return commit;
    }

    long term() {
        return term;
    }

    @Nullable SimStore leader() {
        return leader;
    }

    Entry entry(long index) {
        return entries.get((int) index - 1);
    }

    /// `store` is killed; if it led, nobody does until there is another.
    void died(SimStore store) {
        if (store.equals(leader)) {
            leader = null;
        }
    }

    /// No entry commits while blocked, though the leader leads.
    void block(boolean yes) {
        blocked = yes;
        if (!yes) {
            replicate();
        }
    }

    /// Appends under the *present* term if `store` leads. False if it does not.
    boolean append(SimStore store, List<Command> commands, Proposer proposer) {
        if (!store.equals(leader)) {
            return false;
        }
        entries.add(new Entry(term, commands));
        long index = entries.size();
        waiting.put(index, new Waiting(store, store.life(), proposer));
        world.tell(store.name(), () -> "proposes " + index + " in term " + term + ": " + commands);
        replicate();
        return true;
    }

    private void replicate() {
        long upTo = entries.size();
        long inTerm = term;
        world.after(
                world.millis(1, 6),
                null,
                "replicate",
                () -> {
                    if (inTerm == term && upTo > commit) {
                        if (healthy() && !blocked) {
                            commit(upTo);
                        } else {
                            world.after(20 * World.MS, null, "replicate again", this::replicate);
                        }
                    }
                });
    }

    private boolean healthy() {
        return leader != null && leader.reachable() && majority();
    }

    private boolean majority() {
        return stores.stream().filter(SimStore::reachable).count() * 2 > stores.size();
    }

    private void commit(long upTo) {
        while (commit < upTo) {
            commit++;
            oracle.committed(commit, entry(commit));
        }
        stores.forEach(SimStore::wakeApply);
    }

    /// `store` has applied the entry at `index`: whoever proposed it there hears of it.
    void appliedAt(SimStore store, long index, Applied applied) {
        Waiting proposed = waiting.get(index);
        if (proposed != null && proposed.store().equals(store)) {
            waiting.remove(index);
            if (proposed.life() == store.life()) {
                proposed.proposer().applied(applied);
            }
        }
    }

    private void watch() {
        world.after(
                WATCH,
                null,
                "watch the leader",
                () -> {
                    SimStore present = leader;
                    if (present != null && present.reachable()) {
                        leaderlessSince = -1;
                    } else if (leaderlessSince < 0) {
                        leaderlessSince = world.now();
                    } else if (world.now() - leaderlessSince > 1_000 * World.MS) {
                        change();
                    }
                    watch();
                });
    }

    /// Another leader, if there can be one.
    void change() {
        List<SimStore> able = stores.stream().filter(SimStore::reachable).toList();
        if (able.size() * 2 > stores.size()) {
            elect(world.pick(able));
        }
    }

    /// Another leader for a moment, then the one of before.
    void changeAndBack() {
        SimStore before = leader;
        change();
        world.after(
                world.millis(60, 300),
                null,
                "leader returns",
                () -> {
                    if (before != null && before.reachable() && majority()) {
                        elect(before);
                    }
                });
    }

    private void elect(SimStore next) {
        SimStore before = leader;
        term++;
        leader = next;
        leaderlessSince = -1;
        int uncommitted = (int) (entries.size() - commit);
        int lost = uncommitted == 0 ? 0 : world.below(uncommitted + 1);
        world.tell(
                next.name(),
                () -> "leads term " + term + ", loses " + lost + " of " + uncommitted + " entries");
        for (int i = 0; i < lost; i++) {
            long index = entries.size();
            entries.removeLast();
            Waiting proposed = waiting.remove(index);
            if (proposed != null && world.chance(50)) {
                proposed.store().later(proposed.life(), "proposal lost", proposed.proposer()::lost);
            }
        }
        if (before != null && !before.equals(next)) {
            before.leadsNoMore(term);
        }
        next.leads(term);
        replicate();
    }
}
