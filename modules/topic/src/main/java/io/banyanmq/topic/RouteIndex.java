package io.banyanmq.topic;

import static io.banyanmq.topic.DestinationSet.checkDestination;

import io.banyanmq.topic.DestinationSet.Destination;
import io.banyanmq.topic.ShapeNode.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A compact index from topic filters to destinations for tens of millions of routes: which
/// destinations must a message to this topic go to?
///
/// It keeps no filter, only a keyed 64-bit hash of its concrete levels in the table of its *shape*:
/// which levels are `+`, and whether `#` ends it ("tuple space search"). A match asks each shape
/// that can hold the topic once, however many routes it has. So it never misses a destination, and
/// names one too many only when two hashes of 64 bits are equal: the destination matches exactly.
///
/// At most [#SHAPES_OF_LENGTH_MAX] shapes of one number of levels, and as many that end with `#`,
/// have tables; filters of further shapes go to an exact trie, which costs memory and not the
/// matches of others.
///
/// One thread writes, any number match at the same time and never wait. A match finds every route
/// whose [#add] returned before it began and that is not removed before it ends. Whoever keeps a
/// result reads [#version] *before* matching.
///
/// The writer must be exact: a route is added once before it is removed, and removed once. For an
/// add whose hash has the destination already is the collision of another filter, and counted.
///
/// Shared filters (`$share/…`) do not belong here: their receivers are chosen by the publisher's
/// side.
public final class RouteIndex {
    /// Most shapes that have a table: of one length without `#`, and of all with `#`.
    public static final int SHAPES_OF_LENGTH_MAX = 64;

    /// About what the trie takes for a route; counted by [#bytes].
    private static final int OVERFLOW_ROUTE_BYTES = 400;

    private final LevelHash levelHash;
    private final ShapeNode root = new ShapeNode(null);
    private final DestinationLists lists = new DestinationLists();
    private final SubscriptionTable<Destination> overflow;
    private volatile long version;
    private volatile long size;

    // What only the writer reads.
    private final ParsedFilter parsed;
    private final Set<Shape> shapes = new LinkedHashSet<>();
    private final Map<Integer, Integer> shapesByLength = new HashMap<>();
    private final Map<String, Long> overflowShapes = new HashMap<>();
    private final Map<Collision, Integer> collisions = new HashMap<>();
    private final Map<Integer, Destination> destinations = new HashMap<>();

    /// How many more filters of a shape have one hash and one destination.
    private record Collision(Shape shape, long hash, int destination) {}

    /// @param levelHash the keyed hash of levels; the [TopicLevels] to be matched share it
    public RouteIndex(LevelHash levelHash) {
        this.levelHash = levelHash;
        this.parsed = new ParsedFilter(levelHash);
        this.overflow = new SubscriptionTable<>(levelHash);
    }

    /// Adds the route from a filter to a destination, which must not be there.
    ///
    /// @param filter the UTF-8 of a valid filter that is not shared
    /// @param destination 0..65535
    public void add(byte[] filter, int destination) {
        checkDestination(destination);
        if (TopicRules.startsWithShare(filter, 0)) {
            throw new IllegalArgumentException("a shared filter has no place in the route index");
        }
        parsed.set(filter);
        Shape shape = shape();
        if (shape == null && mayHaveTable()) {
            shape = newShape();
        }
        if (shape == null) {
            overflowShapes.merge(parsed.shape(), 1L, Long::sum);
            overflow.add(TopicRules.UNLIMITED.filter(filter), destination(destination));
        } else {
            enterPrefixes();
            addTo(shape, parsed.hash(), destination);
        }
        changed(1);
    }

    /// Removes the route from a filter to a destination; false, and nothing changed, if no filter
    /// of this hash has it.
    public boolean remove(byte[] filter, int destination) {
        checkDestination(destination);
        parsed.set(filter);
        Shape shape = shape();
        boolean removed =
                shape == null
                        ? removeFromOverflow(filter, destination)
                        : removeFrom(shape, parsed.hash(), destination);
        if (removed) {
            changed(-1);
        }
        return removed;
    }

    /// Removes all routes to a destination and answers how many there were; until it is known again
    /// by an add. Looks at every route once: some tenths of a second at ten million; matches go on.
    public long removeDestination(int destination) {
        checkDestination(destination);
        long before = size;
        long left = before;
        for (Shape shape : List.copyOf(shapes)) {
            long removed = removeAll(shape, destination);
            left -= removed;
            shape.routes -= removed;
            if (shape.routes == 0) {
                drop(shape);
            }
        }
        for (Map.Entry<Collision, Integer> each : collisions.entrySet()) {
            Collision collision = each.getKey();
            if (collision.destination == destination) {
                left -= each.getValue();
                collision.shape.routes -= each.getValue();
                if (collision.shape.routes == 0) {
                    drop(collision.shape);
                }
            }
        }
        collisions.keySet().removeIf(collision -> collision.destination == destination);
        left -= removeAllFromOverflow(destination);
        if (left != before) {
            changed(left - before);
        }
        return before - left;
    }

    /// Fills `into` with the destinations of all filters that match, in no order; it is cleared
    /// first. Allocates nothing.
    ///
    /// @throws IllegalArgumentException if `topic` was made with another hash
    public void match(TopicLevels topic, DestinationSet into) {
        topic.checkHash(levelHash);
        long generation;
        do {
            into.clear();
            generation = lists.generation();
            walk(topic, into);
        } while (generation != lists.generation());
        if (overflow.filters() > 0) {
            overflow.match(topic, into.overflow);
        }
    }

    /// Differs after every change from what it was before.
    public long version() {
        return version;
    }

    /// How many routes there are.
    public long size() {
        return size;
    }

    /// How many of them are in the exact trie, because there were too many shapes.
    public long overflowSize() {
        return overflow.subscriptions();
    }

    /// How many shapes have a table.
    int shapes() {
        return shapes.size();
    }

    /// About how many bytes of heap the index takes; only the writer may ask.
    public long bytes() {
        long bytes = lists.bytes() + overflowSize() * OVERFLOW_ROUTE_BYTES;
        for (Shape shape : shapes) {
            bytes += shape.table.bytes();
        }
        return bytes;
    }

    private void walk(TopicLevels topic, DestinationSet into) {
        topic.clearStack();
        ShapeNode node = root;
        int depth = 0;
        long prefix = ParsedFilter.SEED;
        while (node != null) {
            boolean wild = topic.wildAt(depth);
            Shape rest = node.rest;
            if (rest != null && wild) {
                probe(rest, prefix, into);
            }
            ShapeNode next = null;
            if (depth == topic.count()) {
                Shape exact = node.exact;
                if (exact != null) {
                    probe(exact, prefix, into);
                }
            } else {
                ShapeNode plus = node.plus;
                if (plus != null && wild) {
                    topic.push(plus, depth + 1, prefix);
                }
                next = node.level;
                if (next != null) {
                    prefix = ParsedFilter.append(prefix, topic.hash(depth));
                    next = next.admits(prefix) ? next : null;
                    depth++;
                }
            }
            if (next == null) {
                next = (ShapeNode) topic.pop();
                depth = topic.poppedDepth();
                prefix = topic.poppedHash();
            }
            node = next;
        }
    }

    private void probe(Shape shape, long prefix, DestinationSet into) {
        int row = shape.table.get(ParsedFilter.mixed(prefix));
        if (row != RouteTable.ABSENT) {
            lists.addTo(row, into);
        }
    }

    private void addTo(Shape shape, long hash, int destination) {
        int row = shape.table.get(hash);
        if (row == RouteTable.ABSENT) {
            shape.table.put(hash, destination);
        } else if (lists.contains(row, destination)) {
            collisions.merge(new Collision(shape, hash, destination), 1, Integer::sum);
        } else {
            shape.table.put(hash, lists.with(row, destination));
            lists.release(row);
        }
        shape.routes++;
    }

    private boolean removeFrom(Shape shape, long hash, int destination) {
        int row = shape.table.get(hash);
        if (row == RouteTable.ABSENT || !lists.contains(row, destination)) {
            return false;
        }
        Collision collision = new Collision(shape, hash, destination);
        Integer others = collisions.isEmpty() ? null : collisions.get(collision);
        if (others != null) {
            collisions.merge(collision, -1, (a, b) -> a + b == 0 ? null : a + b);
        } else {
            setRow(shape.table, hash, lists.without(row, destination));
            lists.release(row);
        }
        leavePrefixes();
        if (--shape.routes == 0) {
            drop(shape);
        }
        return true;
    }

    private static void setRow(RouteTable table, long hash, int row) {
        if (row == RouteTable.ABSENT) {
            table.remove(hash);
        } else {
            table.put(hash, row);
        }
    }

    private long removeAll(Shape shape, int destination) {
        long[] removed = {0};
        List<Integer> released = new ArrayList<>();
        shape.table.replaceAll(row -> {
            if (!lists.contains(row, destination)) {
                return row;
            }
            removed[0]++;
            int left = lists.without(row, destination);
            if (left != RouteTable.ABSENT) {
                released.add(row);
            }
            return left;
        });
        released.forEach(lists::release);
        return removed[0];
    }

    private boolean removeFromOverflow(byte[] filter, int destination) {
        TopicFilter key = TopicRules.UNLIMITED.filter(filter);
        Destination subscriber = destination(destination);
        if (overflow.remove(key, subscriber) == SubscriptionTable.Removal.ABSENT) {
            return false;
        }
        overflowShapes.merge(parsed.shape(), -1L, (a, b) -> a + b == 0 ? null : a + b);
        return true;
    }

    private long removeAllFromOverflow(int destination) {
        List<TopicFilter> filters = new ArrayList<>();
        overflow.forEach(subscribers ->
                subscribers.forEach(each -> {
                    if (each.id() == destination) {
                        filters.add(subscribers.filter());
                    }
                }));
        for (TopicFilter filter : filters) {
            parsed.set(filter.utf8());
            removeFromOverflow(filter.utf8(), destination);
        }
        return filters.size();
    }

    /// The shape of the parsed filter; null if it has no table.
    private @Nullable Shape shape() {
        ShapeNode node = root;
        for (int i = 0; i < parsed.levels() && node != null; i++) {
            node = parsed.isPlus(i) ? node.plus : node.level;
        }
        if (node == null) {
            return null;
        }
        return parsed.rest() ? node.rest : node.exact;
    }

    /// A shape that overflowed stays there until it is gone, so that a filter is in one place only.
    private boolean mayHaveTable() {
        boolean room = shapesByLength.getOrDefault(lengthClass(), 0) < SHAPES_OF_LENGTH_MAX;
        return room && (overflowShapes.isEmpty() || !overflowShapes.containsKey(parsed.shape()));
    }

    private Shape newShape() {
        ShapeNode node = root;
        for (int i = 0; i < parsed.levels(); i++) {
            ShapeNode next = parsed.isPlus(i) ? node.plus : node.level;
            if (next == null) {
                next = new ShapeNode(node);
                if (parsed.isPlus(i)) {
                    node.plus = next;
                } else {
                    node.level = next;
                }
            }
            node = next;
        }
        Shape shape = new Shape(node, parsed.rest(), lengthClass());
        if (parsed.rest()) {
            node.rest = shape;
        } else {
            node.exact = shape;
        }
        shapes.add(shape);
        shapesByLength.merge(lengthClass(), 1, Integer::sum);
        return shape;
    }

    private void drop(Shape shape) {
        if (shape.rest) {
            shape.end.rest = null;
        } else {
            shape.end.exact = null;
        }
        shape.end.prune();
        shapes.remove(shape);
        shapesByLength.merge(shape.levels, -1, (a, b) -> a + b == 0 ? null : a + b);
    }

    /// Filters with `#` match topics of many lengths: they are one class.
    private int lengthClass() {
        return parsed.rest() ? -1 : parsed.levels();
    }

    private void enterPrefixes() {
        ShapeNode node = root;
        for (int i = 0; i < parsed.levels() && node != null; i++) {
            node = parsed.isPlus(i) ? node.plus : node.level;
            if (node != null && !parsed.isPlus(i)) {
                node.enter(parsed.prefix(i));
            }
        }
    }

    private void leavePrefixes() {
        ShapeNode node = root;
        for (int i = 0; i < parsed.levels() && node != null; i++) {
            node = parsed.isPlus(i) ? node.plus : node.level;
            if (node != null && !parsed.isPlus(i)) {
                node.leave(parsed.prefix(i));
            }
        }
    }

    private Destination destination(int id) {
        return destinations.computeIfAbsent(id, Destination::new);
    }

    /// After the change is visible, so that a result kept under the new version has it.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void changed(long routes) {
        size += routes;
        version++;
    }
}
