package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.RouteChange;
import io.banyanmq.cluster.wire.RouteDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A machine over memory with a log of one term, and sources that count for themselves.
final class TestStore {
    static final long TERM = 3;

    final MemoryRows rows = new MemoryRows();
    RouteMachine machine = RouteMachine.open(rows.begin(), 8, Set.of());
    private final Map<Epoch, Map<String, Integer>> routes = new HashMap<>();
    private final Map<Epoch, Long> numbers = new HashMap<>();
    private long tickNumber;
    private long index;

    Applied apply(Command... commands) {
        return apply(TERM, List.of(commands));
    }

    Applied apply(long term, List<Command> commands) {
        MemoryRows.MemoryBatch batch = rows.begin();
        Applied applied = machine.apply(++index, term, commands, batch);
        batch.commit();
        return applied;
    }

    Outcome outcome(Command command) {
        return apply(command).outcomes().getFirst();
    }

    /// As after a restart.
    void reopen() {
        machine = RouteMachine.open(rows.begin(), 8, Set.of());
    }

    static Command.RegisterNode register(String name, long incarnation, long number) {
        return new Command.RegisterNode(
                new NodeName(name, "h"),
                new Incarnation(incarnation, 0),
                number,
                new HostPort("h", 1),
                "",
                0);
    }

    /// An epoch that serves.
    Epoch serve(String name, long incarnation, long number) {
        Outcome.Registered registered =
                (Outcome.Registered) outcome(register(name, incarnation, number));
        outcome(new Command.Serve(registered.epoch()));
        return registered.epoch();
    }

    Command.Tick tick(int elapsedMillis, Renewal... renewals) {
        return new Command.Tick(TERM, ++tickNumber, elapsedMillis, List.of(renewals), 0);
    }

    Renewal renewal(Epoch epoch, long serial) {
        return new Renewal(epoch, serial, 6_000, index);
    }

    /// The next changes of `source`, each `+filter` or `-filter`.
    Command.RouteChanges changes(Epoch source, String... signed) {
        Map<String, Integer> now = routes.computeIfAbsent(source, _ -> new HashMap<>());
        long first = numbers.getOrDefault(source, 0L) + 1;
        List<RouteChange> list = new ArrayList<>();
        for (String each : signed) {
            String filter = each.substring(1);
            int weight = each.charAt(0) == '+' ? 1 : 0;
            now.put(filter, weight);
            list.add(new RouteChange(filter, weight));
        }
        numbers.put(source, first + signed.length - 1);
        return new Command.RouteChanges(source, first, list, digest(now));
    }

    static long digest(Map<String, Integer> routes) {
        long digest = 0;
        for (Map.Entry<String, Integer> route : routes.entrySet()) {
            digest += RouteDigest.of(route.getKey(), route.getValue());
        }
        return digest;
    }

    long index() {
        return index;
    }
}
