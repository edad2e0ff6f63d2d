package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.RouteDigest;
import io.banyanmq.route.store.core.Rows.Family;
import io.banyanmq.topic.FilterKey;
import io.banyanmq.topic.TrieWalk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What people ask of one state of the route table: lists, matches, counts, a check. Gateways ask nothing here.
public final class RouteQueries {
    private RouteQueries() {}

    /// A filter and the gateways that want it, by name.
    public record Listed(String filter, List<Member> members) {
        public Listed {
            members = List.copyOf(members);
        }
    }

    /// A destination of a filter.
    public record Member(NodeName node, Epoch epoch, int weight) {}

    /// A list of filters in key order, and whether the limit cut it short.
    public record Listing(long index, List<Listed> routes, boolean more) {
        public Listing {
            routes = List.copyOf(routes);
        }
    }

    /// What one source has.
    public record SourceStats(
            NodeName node,
            Epoch epoch,
            boolean serving,
            long routes,
            long lastNumber,
            long digest) {}

    /// Counts at `index`; `changesBehind` is the horizon.
    public record Stats(long index, long horizon, List<SourceStats> sources) {
        public Stats {
            sources = List.copyOf(sources);
        }
    }

    /// The recomputed digest of one source beside the one that is kept.
    public record Verified(
            NodeName node,
            Epoch epoch,
            long routes,
            long digest,
            long keptRoutes,
            long keptDigest) {
        /// Whether the rows agree with what is kept.
        public boolean agrees() {
            return routes == keptRoutes && digest == keptDigest;
        }
    }

    /// The filters whose text starts with `prefix`, at most `limit` of them, in key order. A prefix is looked for row by row.
    public static Listing list(Rows.View view, String prefix, int limit) {
        Grouping grouping = new Grouping(live(view), limit);
        try (Rows.Cursor rows = view.cursor(Family.ROUTES, Keys.FIRST, Keys.LAST)) {
            for (; rows.valid() && !grouping.full; rows.next()) {
                grouping.add(rows.key(), rows.value(), prefix);
            }
        }
        return grouping.listing(RouteMachine.appliedIndex(view));
    }

    /// The filters that match `topic`, at most `limit`, in key order.
    public static Listing match(Rows.View view, String topic, int limit) {
        Grouping grouping = new Grouping(live(view), limit);
        try (Rows.Cursor rows = view.cursor(Family.ROUTES, Keys.FIRST, Keys.LAST)) {
            TrieWalk.match(
                    new CursorKeys(rows),
                    topic.getBytes(StandardCharsets.UTF_8),
                    key -> grouping.add(key, rows.value(), ""));
        }
        return grouping.listing(RouteMachine.appliedIndex(view));
    }

    /// Counts.
    public static Stats stats(Rows.View view) {
        List<SourceStats> sources = new ArrayList<>();
        for (EpochState state : live(view).values()) {
            Source source = source(view, state.epoch());
            sources.add(
                    new SourceStats(
                            state.node(),
                            state.epoch(),
                            state.serving(),
                            source.routes,
                            source.lastNumber,
                            source.digest));
        }
        return new Stats(RouteMachine.appliedIndex(view), Changes.horizon(view), sources);
    }

    /// Reads every route and compares each live source's digest and count with what is kept.
    public static List<Verified> verify(Rows.View view) {
        Map<Epoch, EpochState> live = live(view);
        Map<Epoch, long[]> found = new HashMap<>();
        try (Rows.Cursor rows = view.cursor(Family.ROUTES, Keys.FIRST, Keys.LAST)) {
            for (; rows.valid(); rows.next()) {
                Epoch destination = Keys.destination(rows.key());
                if (live.containsKey(destination)) {
                    long[] sums = found.computeIfAbsent(destination, _ -> new long[2]);
                    sums[0]++;
                    sums[1] +=
                            RouteDigest.of(
                                    FilterKey.decode(rows.key()).text(),
                                    RouteRow.weight(rows.value()));
                }
            }
        }
        List<Verified> verified = new ArrayList<>();
        for (EpochState state : live.values()) {
            Source source = source(view, state.epoch());
            long[] sums = found.getOrDefault(state.epoch(), new long[2]);
            verified.add(
                    new Verified(
                            state.node(),
                            state.epoch(),
                            sums[0],
                            sums[1],
                            source.routes,
                            source.digest));
        }
        return verified;
    }

    /// The live epochs, oldest first.
    public static List<EpochState> epochs(Rows.View view) {
        return List.copyOf(live(view).values());
    }

    static Map<Epoch, EpochState> live(Rows.View view) {
        Map<Epoch, EpochState> live = new TreeMap<>();
        try (Rows.Cursor nodes = view.cursor(Family.NODES, Keys.FIRST, Keys.LAST)) {
            for (; nodes.valid(); nodes.next()) {
                Registration r = Registration.of(nodes.value());
                if (r.live()) {
                    Source source = source(view, r.epoch);
                    live.put(
                            r.epoch,
                            new EpochState(
                                    r.epoch,
                                    r.node,
                                    r.incarnation,
                                    r.fabric,
                                    r.advertised,
                                    r.serving(),
                                    source.lastNumber,
                                    source.digest));
                }
            }
        }
        return live;
    }

    private static Source source(Rows.View view, Epoch epoch) {
        byte[] row = view.get(Family.SOURCES, Keys.epoch(epoch));
        return row == null ? new Source() : Source.of(row);
    }

    /// Rows of the same filter follow each other; this puts them together.
    private static final class Grouping {
        private final Map<Epoch, EpochState> live;
        private final int limit;
        private final List<Listed> listed = new ArrayList<>();
        private final List<Member> members = new ArrayList<>();
        private byte[] filterKey = new byte[0];
        private boolean full;

        Grouping(Map<Epoch, EpochState> live, int limit) {
            this.live = live;
            this.limit = limit;
        }

        void add(byte[] key, byte[] value, String prefix) {
            EpochState state = live.get(Keys.destination(key));
            if (full || state == null) {
                return;
            }
            int length = FilterKey.suffixStart(key);
            if (!Arrays.equals(key, 0, length, filterKey, 0, filterKey.length)) {
                if (!prefix.isEmpty() && !FilterKey.decode(key).text().startsWith(prefix)) {
                    return;
                }
                finishFilter();
                if (listed.size() == limit) {
                    full = true;
                    return;
                }
                filterKey = Arrays.copyOf(key, length);
            }
            members.add(new Member(state.node(), state.epoch(), RouteRow.weight(value)));
        }

        private void finishFilter() {
            if (!members.isEmpty()) {
                members.sort((a, b) -> a.node().compareTo(b.node()));
                listed.add(new Listed(FilterKey.decode(filterKey).text(), members));
                members.clear();
            }
        }

        Listing listing(long index) {
            finishFilter();
            return new Listing(index, listed, full);
        }
    }

    /// A cursor as the walk wants it.
    private record CursorKeys(Rows.Cursor rows) implements TrieWalk.OrderedKeys {
        @Override
        public byte @Nullable [] ceiling(byte[] key) {
            rows.seek(key);
            return rows.valid() ? rows.key() : null;
        }

        @Override
        public byte @Nullable [] higher(byte[] key) {
            rows.next();
            return rows.valid() ? rows.key() : null;
        }
    }
}
