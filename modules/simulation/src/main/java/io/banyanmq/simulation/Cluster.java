package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.route.store.core.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A whole cluster under one seed: three store nodes, gateways, clients, and what goes wrong.
final class Cluster {
    private static final int STORES = 3;
    private static final long CHAOS_MILLIS = 16_000;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final World world;
    private final Oracle oracle;
    private final SimLog log;
    private final Profile profile;
    private final Variant variant;
    private final List<SimStore> stores = new ArrayList<>();
    private final List<SimGateway> gateways = new ArrayList<>();
    private final List<SimGateway> impostors = new ArrayList<>();
    private final List<String> alarms = new ArrayList<>();
    private boolean calm;
    private int nextId;
    private long subscribed;
    private long published;

    /// A cluster that was not started; `change` adapts the usual profile.
    Cluster(World world, Variant variant, UnaryOperator<Profile> change) {
        this.world = world;
        this.variant = variant;
        profile = change.apply(Profile.of(world));
        oracle = new Oracle(variant);
        log = new SimLog(world, oracle);
        for (int i = 1; i <= STORES; i++) {
            stores.add(
                    new SimStore(
                            world,
                            this,
                            log,
                            new NodeName("store" + i, "h"),
                            rate(false),
                            variant));
        }
    }

    private int rate(boolean gateway) {
        if (profile.slowGateways()) {
            return gateway ? profile.slowestPermille() : 1_000;
        }
        return profile.slowestPermille() + world.below(1_001 - profile.slowestPermille());
    }

    /// Lets the whole run happen; throws [Violation]. Stops after `stepsMax` events.
    void run(long stepsMax) {
        stores.forEach(SimStore::start);
        log.start(stores);
        setTtl();
        for (int i = 1; i <= profile.gateways(); i++) {
            SimGateway.Disk disk =
                    new SimGateway.Disk(
                            new NodeName("gateway" + i, "h"), new Incarnation(i, i), rate(true));
            gateways.add(start(disk));
        }
        long start = 4_000 * World.MS;
        clients();
        world.after(start, null, "faults begin", this::faults);
        if (!until(start + CHAOS_MILLIS * World.MS, stepsMax)
                || profile.scenario() == Scenario.NONE) {
            return;
        }
        calmDown();
        if (until(world.now() + healMillis() * World.MS, stepsMax)) {
            aftermath(stepsMax);
        }
    }

    private SimGateway start(SimGateway.Disk disk) {
        SimGateway gateway = new SimGateway(world, oracle, this, disk, variant);
        gateway.start(stores);
        return gateway;
    }

    /// False if the steps ran out first.
    private boolean until(long time, long stepsMax) {
        while (world.steps() < stepsMax) {
            if (!world.step(time)) {
                return true;
            }
        }
        return false;
    }

    private long healMillis() {
        return 14_000 + 3L * profile.ttlMillis();
    }

    // ---- what gateways ask of their surroundings

    List<NodeName> storeNames() {
        return stores.stream().map(SimStore::nodeName).toList();
    }

    long holdMillis() {
        return profile.holdMillis();
    }

    int latePercent() {
        return calm ? 0 : profile.latePercent();
    }

    /// The live process whose present epoch this is.
    @Nullable SimGateway ownerOf(Epoch epoch) {
        for (SimGateway gateway : all()) {
            if (gateway.process().alive() && epoch.equals(gateway.agent().epoch())) {
                return gateway;
            }
        }
        return null;
    }

    /// Everybody whose SUBACK was sent before now is owed `publish`.
    void owe(Publish publish) {
        for (SimGateway gateway : all()) {
            for (Subscriber client : gateway.clients()) {
                if (client.live && client.acknowledged && client.topic.equals(publish.topic)) {
                    publish.owed.add(client);
                }
            }
        }
    }

    void subscribed(Subscriber client, long nanos) {
        subscribed++;
    }

    void published(Publish publish) {
        published++;
    }

    void alarm(String who, String text) {
        alarms.add(who + ": " + text);
    }

    long acknowledgements() {
        return subscribed + published;
    }

    List<String> alarms() {
        return List.copyOf(alarms);
    }

    private List<SimGateway> all() {
        List<SimGateway> all = new ArrayList<>(gateways);
        all.addAll(impostors);
        return all;
    }

    // ---- clients

    private void clients() {
        world.after(
                world.millis(20, 160),
                null,
                "client",
                () -> {
                    if (!calm) {
                        act(world.pick(all()));
                    }
                    clients();
                });
    }

    private void act(SimGateway gateway) {
        if (!gateway.process().alive()) {
            return;
        }
        String topic = "t/" + world.below(profile.topics());
        List<Subscriber> clients = gateway.clients();
        int id = ++nextId;
        Runnable action;
        int dice = world.below(10);
        if (dice < 3 && clients.size() < profile.clientsMax()) {
            action = () -> gateway.subscribe(id, topic);
        } else if (dice < 4 && !clients.isEmpty()) {
            int client = world.pick(clients).id;
            action = () -> gateway.unsubscribe(client);
        } else if (dice < 5 && !clients.isEmpty()) {
            int client = world.pick(clients).id;
            action = () -> gateway.swap(client, id);
        } else {
            action = () -> gateway.publish(new Publish(id, topic));
        }
        world.after(world.millis(0, 2), gateway.process(), "packet", action);
    }

    // ---- faults

    private void faults() {
        if (calm || profile.faults().isEmpty()) {
            return;
        }
        inflict(world.pick(profile.faults()));
        world.after(
                world.millis(0, 2L * profile.faultEveryMillis()) + 1, null, "fault", this::faults);
    }

    private long duration() {
        return world.millis(
                0, world.pick(List.of(300, 2_000, 2L * profile.ttlMillis())).longValue() + 1);
    }

    private void inflict(Fault fault) {
        SimGateway gateway = world.pick(gateways);
        SimStore store = world.pick(stores);
        Conversation conversation = world.pick(gateway.conversations());
        world.tell("fault", fault::toString);
        switch (fault) {
            case GATEWAY_STOPS -> world.freeze(gateway.process(), duration());
            case GATEWAY_KILLED -> killGateway(gateway);
            case GATEWAY_CUT -> {
                long duration = duration();
                boolean whole = world.chance(60);
                for (Conversation each : gateway.conversations()) {
                    if (whole || each.equals(conversation)) {
                        each.cut(duration);
                        if (world.chance(30)) {
                            each.breakOff();
                        }
                    }
                }
            }
            case SLOW_FEED -> {
                long duration = duration();
                boolean whole = world.chance(60);
                for (Conversation each : gateway.conversations()) {
                    if (whole || each.equals(conversation)) {
                        each.slow(duration);
                    }
                }
            }
            case CONVERSATION_BREAKS -> conversation.breakOff();
            case LINK_CUT -> {
                long duration = duration();
                gateway.links().forEach(link -> link.cut(duration));
            }
            case LINK_BREAKS -> gateway.links().forEach(link -> link.breakOff(true));
            case STORE_STOPS -> world.freeze(store.process(), duration());
            case STORE_KILLED -> killStore(store);
            case STORE_CUT -> {
                store.cutOff(true);
                world.after(duration(), null, "store is back", () -> store.cutOff(false));
            }
            case STORE_SLOW -> store.applySlowly(duration());
            case LEADER_CHANGES -> log.change();
            case LEADER_RETURNS -> log.changeAndBack();
            case IMPOSTOR -> impostor(gateway.disk());
            case CONDEMNED -> {
                List<Epoch> serving = oracle.serving().stream().sorted().toList();
                if (!serving.isEmpty()) {
                    operator(new Command.Condemn(world.pick(serving)));
                }
            }
            case TTL_CHANGES ->
                    operator(
                            new Command.SetOption(
                                    LogOption.TTL_MILLIS.key(),
                                    world.pick(List.of("600", "1500", "3000", "6000"))));
        }
        stores.forEach(each -> flushPerhaps(each));
    }

    private void flushPerhaps(SimStore store) {
        if (world.chance(20)) {
            store.flush();
        }
    }

    private void killGateway(SimGateway gateway) {
        int place = gateways.indexOf(gateway);
        if (place >= 0 && gateway.process().alive()) {
            gateway.kill();
            world.after(
                    duration(),
                    null,
                    "gateway starts again",
                    () -> gateways.set(place, start(gateway.disk())));
        }
    }

    private void killStore(SimStore store) {
        if (store.process().alive()) {
            store.kill();
            world.after(duration(), null, "store starts again", store::restart);
        }
    }

    /// Another data directory under the same name.
    private void impostor(SimGateway.Disk like) {
        if (impostors.size() < 2) {
            int id = ++nextId;
            impostors.add(
                    start(
                            new SimGateway.Disk(
                                    like.name, new Incarnation(1_000 + id, id), rate(true))));
        }
    }

    /// What an operator tells the leader.
    private void operator(Command command) {
        SimStore leader = log.leader();
        if (leader != null) {
            log.append(
                    leader,
                    List.of(command),
                    new SimLog.Proposer() {
                        @Override
                        public void applied(Applied applied) {}

                        @Override
                        public void lost() {}
                    });
        }
    }

    // ---- afterwards

    private void calmDown() {
        calm = true;
        world.tell("cluster", () -> "calms down");
        for (SimGateway gateway : all()) {
            gateway.conversations().forEach(Conversation::heal);
            gateway.links().forEach(SimLink::heal);
        }
        for (SimStore store : stores) {
            store.cutOff(false);
            store.applySlowly(0);
        }
        impostors.forEach(SimGateway::kill);
        impostors.clear();
        for (int i = 1; i <= 3; i++) { // there may be no leader at first
            world.after(5_000L * i * World.MS, null, "ttl is set", this::setTtl);
        }
    }

    private void setTtl() {
        operator(
                new Command.SetOption(
                        LogOption.TTL_MILLIS.key(), Integer.toString(profile.ttlMillis())));
    }

    private void aftermath(long stepsMax) {
        for (SimGateway gateway : gateways) {
            if (!gateway.agent().serving()) {
                throw new Violation(
                        Oracle.IN_TIME,
                        gateway.name()
                                + " is "
                                + gateway.agent().phase()
                                + " long after all healed");
            }
        }
        SimGateway victim = world.pick(gateways);
        long ttl = profile.ttlMillis();
        switch (profile.scenario()) {
            case NONE -> {}
            case HEALS -> probe(gateways, 3_000, stepsMax);
            case STUCK_FEED -> {
                victim.conversations().forEach(c -> c.slow(NEVER));
                probe(others(victim), (ttl + ttl / 3) * 4 / 3 + 3_000, stepsMax);
            }
            case STORE_UNREACHED -> {
                SimGateway asking = others(victim).getFirst();
                for (Conversation conversation : victim.conversations()) {
                    if (conversation.store().nodeName().equals(asking.agent().followed())) {
                        conversation.cut(NEVER);
                    }
                }
                probe(List.of(asking), 5_000, stepsMax);
            }
            case OUTAGE -> noEpochEnds(() -> log.block(true), () -> log.block(false), stepsMax);
            case STORES_STOP ->
                    noEpochEnds(
                            () ->
                                    stores.forEach(s ->
                                            world.freeze(s.process(), outageMillis() * World.MS)),
                            () -> {},
                            stepsMax);
            case LONG_SCAN -> longScan(victim, stepsMax);
        }
    }

    private List<SimGateway> others(SimGateway than) {
        return gateways.stream().filter(g -> !g.equals(than)).toList();
    }

    /// New clients subscribe and publish on `some`; all must be acknowledged in time.
    private void probe(List<SimGateway> some, long withinMillis, long stepsMax) {
        List<Integer> ids = new ArrayList<>();
        for (SimGateway gateway : some) {
            int id = ++nextId;
            ids.add(id);
            world.after(0, gateway.process(), "probe", () -> gateway.subscribe(id, "probe/" + id));
        }
        if (!until(world.now() + withinMillis * World.MS, stepsMax)) {
            return;
        }
        for (int i = 0; i < some.size(); i++) {
            int id = ids.get(i);
            SimGateway gateway = some.get(i);
            boolean got = gateway.clients().stream().anyMatch(c -> c.id == id && c.acknowledged);
            if (!got) {
                throw new Violation(
                        Oracle.IN_TIME,
                        gateway.name() + " sent no SUBACK within " + withinMillis + " ms");
            }
        }
        long before = published;
        some.forEach(g ->
                world.after(
                        0,
                        g.process(),
                        "probe",
                        () -> g.publish(new Publish(++nextId, "probe/" + ids.getFirst()))));
        if (until(world.now() + withinMillis * World.MS, stepsMax)
                && published < before + some.size()) {
            throw new Violation(
                    Oracle.IN_TIME, "a PUBACK is missing after " + withinMillis + " ms");
        }
    }

    private long outageMillis() {
        return 2L * profile.ttlMillis();
    }

    private void noEpochEnds(Runnable begin, Runnable end, long stepsMax) {
        int before = oracle.endings();
        begin.run();
        if (!until(world.now() + outageMillis() * World.MS, stepsMax)) {
            return;
        }
        end.run();
        if (until(world.now() + (profile.ttlMillis() + 6_000) * World.MS, stepsMax)
                && oracle.endings() > before) {
            throw new Violation(
                    Oracle.IN_TIME,
                    "an outage of the stores has ended an epoch of a healthy gateway");
        }
    }

    private void longScan(SimGateway victim, long stepsMax) {
        int place = gateways.indexOf(victim);
        victim.kill();
        if (!until(world.now() + (2L * profile.ttlMillis() + 3_000) * World.MS, stepsMax)) {
            return;
        }
        SimGateway again = start(victim.disk());
        gateways.set(place, again);
        while (again.agent().epoch() == null) {
            if (world.steps() >= stepsMax || !world.step(world.now() + 5_000 * World.MS)) {
                return;
            }
        }
        Epoch epoch = again.agent().epoch();
        again.conversations().forEach(c -> c.slow(outageMillis() * World.MS));
        if (epoch != null
                && until(world.now() + outageMillis() * World.MS, stepsMax)
                && oracle.ended(epoch)) {
            throw new Violation(
                    Oracle.IN_TIME, "the epoch of a gateway that was still scanning has ended");
        }
    }
}
