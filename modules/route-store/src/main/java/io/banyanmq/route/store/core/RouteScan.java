package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.route.store.core.Rows.Family;
import io.banyanmq.topic.FilterKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A scan of all routes, or of one source's, at the index of one view; in chunks, so that others get their turn between.
/// Owns the view.
public final class RouteScan implements AutoCloseable {
    private final Rows.View view;
    private final Map<Epoch, EpochState> live;
    private final @Nullable Epoch only;
    private final Rows.Cursor routes;
    private final long index;

    private RouteScan(Rows.View view, Map<Epoch, EpochState> live, @Nullable Epoch only) {
        this.view = view;
        this.live = live;
        this.only = only;
        this.index = RouteMachine.appliedIndex(view);
        this.routes = view.cursor(Family.ROUTES, Keys.FIRST, Keys.LAST);
    }

    /// A scan of everything.
    public static RouteScan all(Rows.View view) {
        return new RouteScan(view, RouteQueries.live(view), null);
    }

    /// A scan of the routes of `source`; empty, and the view closed, if that epoch is not live.
    public static Optional<RouteScan> of(Rows.View view, Epoch source) {
        Map<Epoch, EpochState> live = RouteQueries.live(view);
        if (!live.containsKey(source)) {
            view.close();
            return Optional.empty();
        }
        return Optional.of(new RouteScan(view, live, source));
    }

    /// What the scan starts with.
    public StoreReply begin() {
        EpochState source = only == null ? null : live.get(only);
        return source == null
                ? new StoreReply.ScanBegin(index, List.copyOf(live.values()), options())
                : new StoreReply.SourceBegin(index, source);
    }

    /// The next routes, at most `routesMax` of at most as many rows looked at; [#done] says whether there are more.
    public StoreReply.ScanRoutes next(int routesMax) {
        List<Route> chunk = new ArrayList<>();
        Map<Epoch, Epoch> same = new HashMap<>();
        for (int rows = 0; rows < routesMax && routes.valid(); rows++, routes.next()) {
            byte[] key = routes.key();
            Epoch destination = Keys.destination(key);
            if (only == null ? live.containsKey(destination) : only.equals(destination)) {
                chunk.add(
                        new Route(
                                FilterKey.decode(key).text(),
                                same.computeIfAbsent(destination, d -> d),
                                RouteRow.weight(routes.value())));
            }
        }
        return new StoreReply.ScanRoutes(chunk);
    }

    /// Whether all routes were given.
    public boolean done() {
        return !routes.valid();
    }

    /// What the scan ends with.
    public StoreReply.ScanEnd end() {
        return new StoreReply.ScanEnd(index);
    }

    /// The index of the state that is scanned; the feed goes on behind it.
    public long index() {
        return index;
    }

    private List<FeedEvent.OptionSet> options() {
        List<FeedEvent.OptionSet> options = new ArrayList<>();
        for (LogOption option : LogOption.values()) {
            byte[] row = view.get(Family.META, Keys.option(option.key()));
            long value =
                    row == null
                            ? option.initial()
                            : Fields.Reader.row("meta/option", 1, row).number();
            options.add(new FeedEvent.OptionSet(option.key(), Long.toString(value)));
        }
        return options;
    }

    @Override
    public void close() {
        routes.close();
        view.close();
    }
}
