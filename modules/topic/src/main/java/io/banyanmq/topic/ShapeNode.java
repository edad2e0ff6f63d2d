package io.banyanmq.topic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A prefix of shapes: which of the first levels are `+` and which are concrete. Many readers, one
/// writer.
///
/// While few concrete prefixes lead through a node it knows them by their hash, and the walk of a
/// topic with another prefix leaves out all shapes below.
final class ShapeNode {
    private static final int PREFIXES_MAX = 16;

    final @Nullable ShapeNode parent;

    /// The shapes whose next level is `+`.
    volatile @Nullable ShapeNode plus;

    /// The shapes whose next level is concrete.
    volatile @Nullable ShapeNode level;

    /// The filters that end here.
    volatile @Nullable Shape exact;

    /// The filters that go on with `#`.
    volatile @Nullable Shape rest;

    /// The hashes of the prefixes; null if there are too many to know.
    private volatile long @Nullable [] prefixes = {};

    /// How many routes have each prefix, or more: a destination's routes are removed without their
    /// filters.
    private int[] prefixRoutes = {};

    ShapeNode(@Nullable ShapeNode parent) {
        this.parent = parent;
    }

    /// All filters of one shape.
    static final class Shape {
        final ShapeNode end;
        final boolean rest;
        final int levels;
        final RouteTable table = new RouteTable();
        long routes;

        Shape(ShapeNode end, boolean rest, int levels) {
            this.end = end;
            this.rest = rest;
            this.levels = levels;
        }
    }

    /// Whether a filter with this prefix may be below.
    boolean admits(long prefix) {
        long[] known = prefixes;
        return known == null || indexOf(known, prefix) >= 0;
    }

    /// Another route below has this prefix.
    void enter(long prefix) {
        long[] known = prefixes;
        if (known == null) {
            return;
        }
        int at = indexOf(known, prefix);
        if (at >= 0) {
            prefixRoutes[at]++;
        } else if (known.length == PREFIXES_MAX) {
            prefixes = null;
        } else {
            prefixRoutes = Arrays.copyOf(prefixRoutes, known.length + 1);
            prefixRoutes[known.length] = 1;
            long[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = prefix;
            prefixes = more;
        }
    }

    /// One route fewer has this prefix.
    void leave(long prefix) {
        long[] known = prefixes;
        int at = known == null ? -1 : indexOf(known, prefix);
        if (known == null || at < 0 || --prefixRoutes[at] > 0) {
            return;
        }
        int last = known.length - 1;
        long[] fewer = Arrays.copyOf(known, last);
        if (at < last) {
            fewer[at] = known[last];
            prefixRoutes[at] = prefixRoutes[last];
        }
        prefixes = fewer;
    }

    /// Takes this node and its ancestors away as far as nothing needs them.
    void prune() {
        ShapeNode node = this;
        while (node.parent != null && node.isEmpty()) {
            ShapeNode above = node.parent;
            if (node.equals(above.plus)) {
                above.plus = null;
            } else {
                above.level = null;
            }
            node = above;
        }
    }

    private boolean isEmpty() {
        return plus == null && level == null && exact == null && rest == null;
    }

    private static int indexOf(long[] known, long prefix) {
        for (int i = 0; i < known.length; i++) {
            if (known[i] == prefix) {
                return i;
            }
        }
        return -1;
    }
}
