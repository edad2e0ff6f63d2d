package io.banyanmq.topic;

import static io.banyanmq.topic.DestinationSet.DESTINATION_MAX;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a row of a [RouteTable] holds: one destination, or the number of a list of two or more.
/// Equal lists are one list, counted by the rows that hold it.
///
/// A number is used again only in a new [#generation]. A reader that resolves a row asks for the
/// generation before it reads the row and after: if it has changed, the number may mean another
/// list, and the reader begins again.
final class DestinationLists {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Shared[].class);
    private static final int FIRST_LIST = DESTINATION_MAX + 1;
    private static final int RETIRED_MIN = 64;
    private static final int ENTRY_BYTES = 120; // list, array header, map entry, boxed key: about

    private final Map<Shared, Shared> byContent = new HashMap<>();
    private volatile @Nullable Shared[] byNumber = new @Nullable Shared[16];
    private volatile long generation;
    private int numbers;
    private int[] free = new int[16];
    private int freeSize;
    private int[] retired = new int[16];
    private int retiredSize;
    private long memberCount;

    /// A list of destinations; immutable but for the writer's count.
    private static final class Shared {
        private final char[] members; // ascending
        private final int hash;
        private int number;
        private int rows;

        Shared(char[] members) {
            this.members = members;
            this.hash = Arrays.hashCode(members);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Shared that && Arrays.equals(members, that.members);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    long generation() {
        return generation;
    }

    /// Adds what a row holds to `into`; by any thread.
    void addTo(int row, DestinationSet into) {
        if (row < FIRST_LIST) {
            into.add(row);
            return;
        }
        Shared list = (Shared) ELEMENT.getAcquire(byNumber, row - FIRST_LIST);
        if (list != null) { // else the generation has changed
            for (char member : list.members) {
                into.add(member);
            }
        }
    }

    boolean contains(int row, int destination) {
        return row < FIRST_LIST
                ? row == destination
                : Arrays.binarySearch(list(row).members, (char) destination) >= 0;
    }

    /// What a row is to hold that held `row` and gets one more destination, which it lacks. The old
    /// one is to be [#release]d when the row has changed.
    int with(int row, int destination) {
        char[] old = members(row);
        int at = -Arrays.binarySearch(old, (char) destination) - 1;
        char[] more = Arrays.copyOf(old, old.length + 1);
        System.arraycopy(old, at, more, at + 1, old.length - at);
        more[at] = (char) destination;
        return retain(more);
    }

    /// The same for one destination less; [RouteTable#ABSENT] if none is left.
    int without(int row, int destination) {
        if (row < FIRST_LIST) {
            return RouteTable.ABSENT;
        }
        char[] old = list(row).members;
        int at = Arrays.binarySearch(old, (char) destination);
        char[] fewer = Arrays.copyOf(old, old.length - 1);
        System.arraycopy(old, at + 1, fewer, at, fewer.length - at);
        return fewer.length == 1 ? fewer[0] : retain(fewer);
    }

    /// A row no longer holds `row`.
    void release(int row) {
        if (row < FIRST_LIST) {
            return;
        }
        Shared list = list(row);
        if (--list.rows == 0) {
            byContent.remove(list);
            memberCount -= list.members.length;
            retired = push(retired, retiredSize++, list.number);
        }
    }

    long bytes() {
        return byContent.size() * (long) ENTRY_BYTES
                + memberCount * Character.BYTES
                + Integer.BYTES * ((long) byNumber.length + free.length + retired.length);
    }

    private int retain(char[] members) {
        Shared wanted = new Shared(members);
        Shared list = byContent.putIfAbsent(wanted, wanted);
        if (list == null) {
            list = wanted;
            list.number = number();
            memberCount += members.length;
            ELEMENT.setRelease(byNumber, list.number, list);
        }
        list.rows++;
        return FIRST_LIST + list.number;
    }

    private int number() {
        if (freeSize == 0 && retiredSize > Math.max(RETIRED_MIN, byContent.size())) {
            reuseRetired();
        }
        if (freeSize > 0) {
            return free[--freeSize];
        }
        if (numbers == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, numbers * 2);
        }
        return numbers++;
    }

    /// No row holds a retired number now. A reader may have read it from a row before: it finds
    /// the generation changed.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void reuseRetired() {
        generation++;
        for (int i = 0; i < retiredSize; i++) {
            ELEMENT.setRelease(byNumber, retired[i], (@Nullable Shared) null);
        }
        int[] emptied = free;
        free = retired;
        freeSize = retiredSize;
        retired = emptied;
        retiredSize = 0;
    }

    private char[] members(int row) {
        return row < FIRST_LIST ? new char[] {(char) row} : list(row).members;
    }

    private Shared list(int row) {
        Shared list = byNumber[row - FIRST_LIST];
        if (list == null) {
            throw new IllegalStateException("destination list " + row + " is gone");
        }
        return list;
    }

    private static int[] push(int[] stack, int size, int value) {
        int[] room = size == stack.length ? Arrays.copyOf(stack, size * 2) : stack;
        room[size] = value;
        return room;
    }
}
