package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.RouteDigest;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.node.admin.RouteRow;
import io.banyanmq.node.admin.RouteView;
import io.banyanmq.topic.TopicFault;
import io.banyanmq.topic.TopicFilter;
import io.banyanmq.topic.TopicRules;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The route table as scans of a store node show it: the same from every node, whatever its roles.
final class ScannedRoutes implements RouteView {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Fabric fabric;
    private final List<Destination> stores;
    private final EventLoop loop;

    ScannedRoutes(Fabric fabric, List<Destination> stores, EventLoop loop) {
        this.fabric = fabric;
        this.stores = List.copyOf(stores);
        this.loop = loop;
    }

    @Override
    public List<RouteRow> list(String prefix) throws RoutesUnavailableException {
        Rows rows = scanned(new Rows(filter -> filter.startsWith(prefix)));
        if (rows.tooMany) {
            throw new IllegalArgumentException(
                    "more than "
                            + LIST_MAX
                            + " filters"
                            + (prefix.isEmpty() ? "" : " begin with '" + prefix + "'")
                            + "; ask for those that begin with a (longer) prefix");
        }
        return rows.rows;
    }

    @Override
    public List<RouteRow> match(String topic) throws RoutesUnavailableException {
        TopicFault fault = TopicRules.UNLIMITED.checkName(topic);
        if (fault != null) {
            throw new IllegalArgumentException("'" + topic + "' is not a topic name: " + fault);
        }
        return scanned(new Rows(filter -> TopicFilter.of(filter).matches(topic))).rows;
    }

    @Override
    public RouteStats stats() throws RoutesUnavailableException {
        return scanned(new Counts()).stats();
    }

    @Override
    public RouteVerdict verify() throws RoutesUnavailableException {
        return scanned(new Counts()).verdict();
    }

    /// The gateways that live, oldest registration first.
    List<EpochState> epochs() throws RoutesUnavailableException {
        List<EpochState> live = new ArrayList<>();
        StoreScan.run(
                fabric,
                stores,
                loop,
                TIMEOUT,
                (_, epochs) -> {
                    live.addAll(epochs);
                    return false;
                });
        return live;
    }

    private <F extends StoreScan.Fold> F scanned(F fold) throws RoutesUnavailableException {
        StoreScan.run(fabric, stores, loop, TIMEOUT, fold);
        return fold;
    }

    /// Puts the destinations of each filter together, which follow each other in key order.
    private static final class Rows implements StoreScan.Fold {
        private final Predicate<String> wanted;
        private final Map<Epoch, String> names = new TreeMap<>();
        private final List<RouteRow> rows = new ArrayList<>();
        private @Nullable String filter;
        private List<String> destinations = new ArrayList<>();
        private boolean tooMany;

        Rows(Predicate<String> wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean begin(long index, List<EpochState> epochs) {
            epochs.forEach(epoch -> names.put(epoch.epoch(), epoch.node().toString()));
            return true;
        }

        @Override
        public void routes(List<Route> routes) {
            for (Route route : routes) {
                boolean same = route.filter().equals(filter);
                if (!same && (tooMany || !wanted.test(route.filter()))) {
                    continue;
                }
                String name = names.get(route.destination());
                if (name == null) {
                    continue; // its epoch has ended, its rows are yet to be swept
                }
                if (same) {
                    destinations.add(name);
                } else {
                    destinations = new ArrayList<>(List.of(name));
                    filter = route.filter();
                    if (rows.size() == LIST_MAX) {
                        tooMany = true;
                        continue;
                    }
                }
                replaceLast(same);
            }
        }

        private void replaceLast(boolean same) {
            RouteRow row =
                    new RouteRow(String.valueOf(filter), destinations.stream().sorted().toList());
            if (same && !rows.isEmpty()) {
                rows.set(rows.size() - 1, row);
            } else {
                rows.add(row);
            }
        }
    }

    /// Counts routes, and adds up digests, by source.
    private static final class Counts implements StoreScan.Fold {
        private static final class Sum {
            private long routes;
            private long digest;
        }

        private final Map<Epoch, Sum> sums = new TreeMap<>();
        private List<EpochState> epochs = List.of();
        private long index;
        private long filters;
        private long routes;
        private long wildcard;
        private long shared;
        private @Nullable String last;

        @Override
        public boolean begin(long atIndex, List<EpochState> live) {
            index = atIndex;
            epochs = List.copyOf(live);
            epochs.forEach(epoch -> sums.put(epoch.epoch(), new Sum()));
            return true;
        }

        @Override
        public void routes(List<Route> chunk) {
            for (Route route : chunk) {
                Sum sum = sums.get(route.destination());
                if (sum == null) {
                    continue; // its epoch has ended, its rows are yet to be swept
                }
                routes++;
                sum.routes++;
                sum.digest += RouteDigest.of(route.filter(), route.weight());
                if (!route.filter().equals(last)) {
                    last = route.filter();
                    filters++;
                    TopicFilter filter = TopicFilter.of(route.filter());
                    wildcard += filter.hasWildcard() ? 1 : 0;
                    shared += filter.isShared() ? 1 : 0;
                }
            }
        }

        RouteStats stats() {
            List<NodeCount> nodes =
                    epochs.stream()
                            .map(epoch -> new NodeCount(epoch.node().toString(), sum(epoch).routes))
                            .sorted((a, b) -> a.name().compareTo(b.name()))
                            .toList();
            return new RouteStats(index, filters, routes, wildcard, shared, nodes);
        }

        RouteVerdict verdict() {
            HexFormat hex = HexFormat.of();
            List<SourceVerdict> sources =
                    epochs.stream()
                            .map(epoch ->
                                    new SourceVerdict(
                                            epoch.node().toString(),
                                            epoch.epoch().toString(),
                                            sum(epoch).routes,
                                            epoch.lastNumber(),
                                            hex.toHexDigits(epoch.digest()),
                                            hex.toHexDigits(sum(epoch).digest),
                                            epoch.digest() == sum(epoch).digest))
                            .toList();
            return new RouteVerdict(index, sources.stream().allMatch(SourceVerdict::ok), sources);
        }

        private Sum sum(EpochState epoch) {
            return sums.getOrDefault(epoch.epoch(), new Sum());
        }
    }
}
