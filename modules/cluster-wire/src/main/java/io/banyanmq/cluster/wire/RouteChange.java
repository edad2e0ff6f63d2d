package io.banyanmq.cluster.wire;

/// What a source says of one of its routes: from now on `filter` has `weight`.
///
/// `filter` is the subscription's filter as the client wrote it, `$share/group/` included, and valid.
/// `weight` 0 takes the route away; 1 is a plain route; a shared one has its number of members on
/// the gateway, rounded down to a power of two. Changes keep their order: they are a list, never a set.
public record RouteChange(String filter, int weight) {
    public RouteChange {
        if (filter.isEmpty() || weight < 0) {
            throw new IllegalArgumentException("route change '" + filter + "' weight " + weight);
        }
    }

    public static RouteChange add(String filter) {
        return new RouteChange(filter, 1);
    }

    public static RouteChange remove(String filter) {
        return new RouteChange(filter, 0);
    }
}
