package io.banyanmq.route.store.shell;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.route.store.core.FeedReader;
import io.banyanmq.route.store.core.RouteScan;
import io.banyanmq.route.store.core.Rows;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One gateway's place in the feed: entries in order, a full scan first if it is too far behind, a scan of one source in between
/// if it asks. Of the store's thread.
///
/// At most one message of feed or scan is on its way to the conversation's loop, so a gateway that reads slowly
/// holds up nobody and piles up nothing: what it misses waits in the rows.
final class Follower {
    private static final int FEED_BYTES_MAX = 256 << 10;
    private static final int SCAN_ROUTES_MAX = 2_000;
    private static final int SOURCES_MAX = 64;

    private final Outlet outlet;
    private final ArrayDeque<Epoch> sources = new ArrayDeque<>();
    private boolean following;
    private long position;
    private boolean scanned;
    private boolean underWay;
    private @Nullable RouteScan scan;
    private long awaited = -1;
    private long reported;

    /// Where a gateway's messages go.
    interface Outlet {
        /// Sends a message in order.
        void send(byte[] message);

        /// Sends a message in order; [Follower#sent] is called once there is room for another.
        void sendThenAsk(byte[] message);
    }

    Follower(Outlet outlet) {
        this.outlet = outlet;
    }

    /// The feed starts over behind `afterIndex`; 0 asks for a scan.
    void follow(long afterIndex) {
        closeScan();
        following = true;
        position = afterIndex;
        scanned = afterIndex > 0;
    }

    /// All routes of one source shall be said again.
    void scanSource(Epoch source) {
        if (sources.size() < SOURCES_MAX && !sources.contains(source)) {
            sources.add(source);
        }
    }

    /// Reports what is visible, whenever that has grown, until `index` is.
    void awaitVisible(long index) {
        awaited = index;
        reported = 0;
    }

    /// Reports what is visible now, if that is awaited.
    void visible(long visibleUpTo) {
        if (awaited >= 0 && visibleUpTo > reported) {
            reported = visibleUpTo;
            if (visibleUpTo >= awaited) {
                awaited = -1;
            }
            outlet.send(StoreFormat.encode(new StoreReply.Visible(visibleUpTo)));
        }
    }

    /// There is room for another message of the feed.
    void sent() {
        underWay = false;
    }

    /// Whether [#advance] might have something to say when `appliedIndex` is reached.
    boolean wants(long appliedIndex) {
        return following
                && !underWay
                && (scan != null || !sources.isEmpty() || position < appliedIndex || !scanned);
    }

    /// Says the next piece, at most one message; only while [#wants].
    void advance(Feed feed) {
        if (scan != null) {
            advanceScan(scan);
            return;
        }
        switch (feed.behind(position)) {
            case Feed.Piece.None none -> beginSourceScan(feed);
            case Feed.Piece.Message message -> {
                position = message.upTo();
                say(message.encoded());
            }
            case Feed.Piece.Behind behind -> begin(RouteScan.all(feed.newView()));
        }
    }

    /// A source is scanned at the index that the feed has just reached.
    private void beginSourceScan(Feed feed) {
        Epoch source = sources.poll();
        if (source != null) {
            Rows.View view = feed.newView();
            if (FeedReader.read(view, position, FEED_BYTES_MAX)
                            instanceof FeedReader.Chunk.Entries entries
                    && entries.encoded().isEmpty()) {
                RouteScan.of(view, source).ifPresent(this::begin);
            } else {
                view.close();
                sources.addFirst(source); // more was applied meanwhile: that first
            }
        }
    }

    private void begin(RouteScan begun) {
        scan = begun;
        say(StoreFormat.encode(begun.begin()));
    }

    private void advanceScan(RouteScan open) {
        if (open.done()) {
            position = open.index();
            scanned = true;
            say(StoreFormat.encode(open.end()));
            closeScan();
        } else {
            say(StoreFormat.encode(open.next(SCAN_ROUTES_MAX)));
        }
    }

    private void say(byte[] message) {
        underWay = true;
        outlet.sendThenAsk(message);
    }

    private void closeScan() {
        RouteScan open = scan;
        scan = null;
        if (open != null) {
            open.close();
        }
    }

    /// The scan cannot go on, because what it read was replaced: it begins anew.
    void restart() {
        if (scan != null) {
            closeScan();
            scanned = false;
            position = 0;
        }
    }

    void close() {
        following = false;
        closeScan();
    }

    /// The feed at one state of the store; followers at the same place share what was read and encoded.
    static final class Feed implements AutoCloseable {
        private final Rows rows;
        private final Rows.View view;
        private final Map<Long, Piece> pieces = new HashMap<>();

        /// What comes next at a place.
        sealed interface Piece {
            /// Nothing yet.
            record None() implements Piece {}

            /// An encoded message, after which the follower has everything up to `upTo`.
            @SuppressWarnings("ArrayRecordComponent") // shared by all, written by none
            record Message(byte[] encoded, long upTo) implements Piece {}

            /// Only a scan helps.
            record Behind() implements Piece {}
        }

        Feed(Rows rows) {
            this.rows = rows;
            view = rows.view();
        }

        Piece behind(long position) {
            return pieces.computeIfAbsent(position, this::read);
        }

        private Piece read(long position) {
            return switch (FeedReader.read(view, position, FEED_BYTES_MAX)) {
                case FeedReader.Chunk.Behind behind -> new Piece.Behind();
                case FeedReader.Chunk.Entries entries ->
                        entries.upTo() > position
                                ? new Piece.Message(
                                        StoreFormat.encodeFeed(
                                                position, entries.encoded(), entries.upTo()),
                                        entries.upTo())
                                : new Piece.None();
            };
        }

        /// A view of its own for a scan, which closes it.
        Rows.View newView() {
            return rows.view();
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
