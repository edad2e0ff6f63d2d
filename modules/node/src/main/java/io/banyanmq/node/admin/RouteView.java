package io.banyanmq.node.admin;

import java.util.List;

/// The replicated route table, read at one index of the log.
public interface RouteView {
    /// Most rows of one answer; who wants more asks by prefix.
    int LIST_MAX = 200_000;

    /// The filters that begin with `prefix`, in key order.
    ///
    /// @throws RoutesUnavailableException if no store node answers in time
    /// @throws IllegalArgumentException if there are more than [#LIST_MAX]
    List<RouteRow> list(String prefix) throws RoutesUnavailableException;

    /// The routes that a message to `topic` takes, in key order.
    ///
    /// @throws RoutesUnavailableException if no store node answers in time
    /// @throws IllegalArgumentException if `topic` is not a topic name
    List<RouteRow> match(String topic) throws RoutesUnavailableException;

    /// How many there are.
    ///
    /// @throws RoutesUnavailableException if no store node answers in time
    RouteStats stats() throws RoutesUnavailableException;

    /// Whether what is stored is what its sources said.
    ///
    /// @throws RoutesUnavailableException if no store node answers in time
    RouteVerdict verify() throws RoutesUnavailableException;

    /// No store node could be read.
    final class RoutesUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        /// `message`: which, and why.
        public RoutesUnavailableException(String message) {
            super(message);
        }
    }

    /// Counts at log index `index`.
    ///
    /// @param filters different topic filters
    /// @param routes pairs of filter and destination
    /// @param wildcard filters with `+` or `#`
    /// @param shared filters of shared subscriptions
    record RouteStats(
            long index,
            long filters,
            long routes,
            long wildcard,
            long shared,
            List<NodeCount> nodes) {
        public RouteStats {
            nodes = List.copyOf(nodes);
        }
    }

    /// Routes that lead to a node.
    record NodeCount(String name, long routes) {}

    /// The comparison at log index `index`; `ok` if it holds for every source.
    record RouteVerdict(long index, boolean ok, List<SourceVerdict> sources) {
        public RouteVerdict {
            sources = List.copyOf(sources);
        }
    }

    /// One source: the digest that it gave with its change `number`, and that of the routes that are stored.
    record SourceVerdict(
            String node,
            String epoch,
            long routes,
            long number,
            String digest,
            String stored,
            boolean ok) {}
}
