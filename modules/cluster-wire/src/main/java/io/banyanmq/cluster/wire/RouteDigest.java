package io.banyanmq.cluster.wire;

/// The additive 64-bit digest of a source's routes: the sum of [#of] over the routes that it has now.
///
/// Store and gateways compute it alone from the changes and compare at the same index. It finds faults, not attacks.
public final class RouteDigest {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private RouteDigest() {}

    /// The share of one route; 0 for weight 0, so that a change is `- of(filter, before) + of(filter, after)`.
    public static long of(String filter, int weight) {
        if (weight == 0) {
            return 0;
        }
        long hash = OFFSET;
        for (int i = 0; i < filter.length(); i++) {
            hash = (hash ^ filter.charAt(i)) * PRIME;
        }
        return mix((hash ^ weight) * PRIME);
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
