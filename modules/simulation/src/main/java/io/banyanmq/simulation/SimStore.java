package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.FeedFormat;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.route.store.core.Applied;
import io.banyanmq.route.store.core.FeedReader;
import io.banyanmq.route.store.core.MemoryRows;
import io.banyanmq.route.store.core.RouteMachine;
import io.banyanmq.route.store.core.RouteScan;
import io.banyanmq.route.store.core.Rows;
import io.banyanmq.route.store.core.TickPlanner;
import io.banyanmq.route.store.core.Visibility;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store node: a replica of the log, its machine, and the shell around it in the fewest lines.
final class SimStore {
    private static final int FEED_BYTES = 4_000;
    private static final int CHANGES_MAX = 60;

    private final World world;
    private final Cluster cluster;
    private final SimLog log;
    private final NodeName name;
    private final Variant variant;
    private final int rate;
    private SimProcess process;
    private int life;
    private boolean cutOff;
    private long slowApplyUntil;

    private MemoryRows rows = new MemoryRows();
    private MemoryRows disk = new MemoryRows();
    private RouteMachine machine;
    private Visibility visibility;
    private TickPlanner planner;
    private long believedTerm;
    private boolean applying;
    private final List<Conversation> conversations = new ArrayList<>();
    private List<Command> batch = new ArrayList<>();
    private List<Ticket> tickets = new ArrayList<>();

    private record Ticket(Conversation conversation, long request) {}

    SimStore(World world, Cluster cluster, SimLog log, NodeName name, int rate, Variant variant) {
        this.world = world;
        this.cluster = cluster;
        this.log = log;
        this.name = name;
        this.rate = rate;
        this.variant = variant;
        process = newProcess();
        machine = RouteMachine.open(rows.begin(), CHANGES_MAX, variant.store());
        visibility = new Visibility(variant.store());
        planner = new TickPlanner(variant.store());
    }

    void start() {
        tickThread();
    }

    private SimProcess newProcess() {
        return new SimProcess(name.name(), rate, world.millis(0, 1_000_000));
    }

    NodeName nodeName() {
        return name;
    }

    String name() {
        return name.name();
    }

    SimProcess process() {
        return process;
    }

    int life() {
        return life;
    }

    /// Whether the other replicas reach it.
    boolean reachable() {
        return process.alive() && !process.frozen() && !cutOff;
    }

    void later(int ofLife, String what, Runnable action) {
        if (ofLife == life) {
            world.after(world.millis(0, 20), process, what, action);
        }
    }

    // ---- faults

    void cutOff(boolean yes) {
        cutOff = yes;
        wakeApply();
    }

    void applySlowly(long duration) {
        slowApplyUntil = world.now() + duration;
    }

    /// The operating system has written what was there; a crash falls back to it.
    void flush() {
        disk = rows.copy();
    }

    void kill() {
        world.tell(name(), () -> "is killed");
        process.kill();
        life++;
        believedTerm = 0;
        log.died(this);
        List.copyOf(conversations).forEach(Conversation::breakOff);
        conversations.clear();
    }

    void restart() {
        world.tell(name(), () -> "starts again");
        process = newProcess();
        rows = disk.copy();
        machine = RouteMachine.open(rows.begin(), CHANGES_MAX, variant.store());
        visibility = new Visibility(variant.store());
        visibility.applied(machine.appliedIndex(), machine.serving());
        planner = new TickPlanner(variant.store());
        batch = new ArrayList<>();
        tickets = new ArrayList<>();
        applying = false;
        tickThread();
        wakeApply();
    }

    // ---- leading

    void leads(long term) {
        later(life, "leads", () -> believedTerm = Math.max(believedTerm, term));
    }

    void leadsNoMore(long sinceTerm) {
        world.after(
                world.millis(0, 300),
                process,
                "leads no more",
                () -> {
                    if (believedTerm < sinceTerm) {
                        believedTerm = 0;
                    }
                });
    }

    /// One thread in three steps, at each of which it may be stopped.
    private void tickThread() {
        int on = life;
        world.timer(
                process,
                world.millis(40, 60),
                "tick timer",
                () -> {
                    if (on != life) {
                        return;
                    }
                    long term = believedTerm;
                    if (term == 0 || !planner.due(term, process.clock(world))) {
                        tickThread();
                    } else if (variant.lane().contains(LaneRule.RENEWALS_BEFORE_CLOCK)) {
                        long clock = process.clock(world);
                        then(
                                "tick takes renewals",
                                () -> propose(term, planner.takeRenewals(), clock));
                    } else {
                        List<Renewal> renewals = planner.takeRenewals();
                        then(
                                "tick reads clock",
                                () -> propose(term, renewals, process.clock(world)));
                    }
                });
    }

    private void then(String what, Runnable step) {
        long pause = world.chance(10) ? world.millis(0, 900) : 1_000;
        world.after(pause, process, what, step);
    }

    private void propose(long term, List<Renewal> renewals, long clock) {
        Command.Tick tick = planner.plan(term, renewals, clock, world.now() / World.MS);
        then(
                "tick is proposed",
                () -> {
                    if (tick != null) {
                        propose(tick, 0);
                    }
                    tickThread();
                });
    }

    private void propose(Command.Tick tick, int repeat) {
        boolean accepted =
                log.append(
                        this,
                        List.of(tick),
                        new SimLog.Proposer() {
                            @Override
                            public void applied(Applied applied) {
                                planner.settled(tick, true);
                            }

                            @Override
                            public void lost() {
                                planner.settled(tick, false);
                            }
                        });
        if (!accepted) {
            planner.settled(tick, false);
        } else if (repeat == 0 && world.chance(3)) {
            world.after(world.millis(0, 40), process, "tick again", () -> propose(tick, 1));
        }
    }

    // ---- applying

    void wakeApply() {
        if (applying || !process.alive() || cutOff || machine.appliedIndex() >= log.commit()) {
            return;
        }
        applying = true;
        int on = life;
        long delay =
                world.now() < slowApplyUntil
                        ? Math.min(slowApplyUntil - world.now(), world.millis(100, 400))
                        : world.millis(0, 3);
        world.after(
                delay,
                process,
                "apply",
                () -> {
                    if (on == life) {
                        applying = false;
                        applyNext();
                        wakeApply();
                    }
                });
    }

    private void applyNext() {
        long until = world.now() < slowApplyUntil ? machine.appliedIndex() + 1 : log.commit();
        while (machine.appliedIndex() < Math.min(until, log.commit())) {
            long index = machine.appliedIndex() + 1;
            SimLog.Entry entry = log.entry(index);
            MemoryRows.MemoryBatch writes = rows.begin();
            Applied applied = machine.apply(index, entry.term(), entry.commands(), writes);
            writes.commit();
            log.appliedAt(this, index, applied);
        }
        visibility.applied(machine.appliedIndex(), machine.serving());
        for (Conversation conversation : conversations) {
            feed(conversation);
            tellVisible(conversation);
        }
    }

    // ---- conversations

    void opened(Conversation conversation) {
        conversations.add(conversation);
    }

    void closed(Conversation conversation) {
        conversations.remove(conversation);
    }

    void request(Conversation conversation, StoreRequest request) {
        switch (request) {
            case StoreRequest.Follow r -> {
                conversation.sentUpTo = r.afterIndex();
                feed(conversation);
            }
            case StoreRequest.Applied r -> {
                visibility.acknowledged(r.epoch(), r.index());
                conversations.forEach(this::tellVisible);
            }
            case StoreRequest.Renew r -> planner.renew(r.renewal());
            case StoreRequest.AwaitVisible r -> {
                conversation.awaited = r.index();
                conversation.toldVisible = 0;
                tellVisible(conversation);
            }
            case StoreRequest.ScanSource r ->
                    RouteScan.of(rows.view(), r.source())
                            .ifPresent(scan -> say(conversation, scan));
            case StoreRequest.Propose r -> take(conversation, r);
        }
    }

    private void feed(Conversation conversation) {
        while (conversation.sentUpTo >= 0 && conversation.sentUpTo < machine.appliedIndex()) {
            Rows.View view = rows.view();
            switch (FeedReader.read(view, conversation.sentUpTo, FEED_BYTES)) {
                case FeedReader.Chunk.Behind _ -> {
                    conversation.sentUpTo = machine.appliedIndex();
                    say(conversation, RouteScan.all(view));
                }
                case FeedReader.Chunk.Entries entries -> {
                    view.close();
                    conversation.send(
                            new StoreReply.Feed(
                                    conversation.sentUpTo,
                                    entries.encoded().stream().map(FeedFormat::decode).toList(),
                                    entries.upTo()));
                    conversation.sentUpTo = entries.upTo();
                }
            }
        }
    }

    private static void say(Conversation conversation, RouteScan scan) {
        try (scan) {
            conversation.send(scan.begin());
            while (!scan.done()) {
                conversation.send(scan.next(3));
            }
            conversation.send(scan.end());
        }
    }

    private void tellVisible(Conversation conversation) {
        if (conversation.toldVisible < conversation.awaited) {
            long upTo = visibility.visibleUpTo();
            if (upTo > conversation.toldVisible) {
                conversation.toldVisible = upTo;
                conversation.send(new StoreReply.Visible(upTo));
            }
        }
    }

    private void take(Conversation conversation, StoreRequest.Propose propose) {
        int on = life;
        if (believedTerm == 0) {
            SimStore leader = log.leader();
            conversation.send(
                    new StoreReply.NotProposed(
                            propose.request(),
                            leader == null || world.chance(30) ? null : leader.nodeName(),
                            "does not lead"));
            return;
        }
        boolean late = world.chance(cluster.latePercent());
        if (late || world.chance(cluster.latePercent())) { // it comes much later, too, or only then
            world.after(
                    world.millis(100, 6_000),
                    process,
                    "late proposal",
                    () -> {
                        if (on == life) {
                            log.append(this, List.of(propose.command()), new Ignoring());
                        }
                    });
        }
        if (late) {
            return;
        }
        if (batch.isEmpty()) {
            world.after(world.millis(0, 3), process, "group commit", () -> commitGroup(on));
        }
        batch.add(propose.command());
        tickets.add(new Ticket(conversation, propose.request()));
    }

    private void commitGroup(int on) {
        if (on != life) {
            return;
        }
        List<Ticket> answered = tickets;
        boolean accepted =
                log.append(
                        this,
                        batch,
                        new SimLog.Proposer() {
                            @Override
                            public void applied(Applied applied) {
                                for (int i = 0; i < answered.size(); i++) {
                                    answered.get(i)
                                            .conversation()
                                            .send(
                                                    new StoreReply.Proposed(
                                                            answered.get(i).request(),
                                                            applied.outcomes().get(i)));
                                }
                            }

                            @Override
                            public void lost() {
                                refuse(answered);
                            }
                        });
        if (!accepted) {
            refuse(answered);
        }
        batch = new ArrayList<>();
        tickets = new ArrayList<>();
    }

    private void refuse(List<Ticket> refused) {
        for (Ticket ticket : refused) {
            ticket.conversation()
                    .send(new StoreReply.NotProposed(ticket.request(), leaderName(), "lost"));
        }
    }

    private @Nullable NodeName leaderName() {
        SimStore leader = log.leader();
        return leader == null || leader.equals(this) ? null : leader.nodeName();
    }

    private static final class Ignoring implements SimLog.Proposer {
        @Override
        public void applied(Applied applied) {}

        @Override
        public void lost() {}
    }
}
