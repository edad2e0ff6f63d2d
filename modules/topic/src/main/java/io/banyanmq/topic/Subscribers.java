package io.banyanmq.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The subscribers of one filter in a [SubscriptionTable].
///
/// Readers on any thread see each subscriber that is there before and after they look exactly once.
/// A list of up to 64, and any list of a shared filter, is kept without gaps; a longer one gets
/// gaps by removal and is copied when half of it is empty, so n changes cost O(n).
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer, under the table's lock
public final class Subscribers<S> extends Slot {
    private static final VarHandle MEMBER = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int DENSE_MAX = 64;
    private static final int SCANNED_MAX = 512;

    private final TopicFilter filter;

    /// In order of arrival; null is a gap, or room at the end.
    private volatile @Nullable Object[] members = {};

    /// Members that are not null.
    private volatile int size;

    /// Where the room at the end begins.
    private volatile int end;

    /// Where each member of a long list is, for removal; the writer's.
    private @Nullable IdentityHashMap<Object, Integer> positions;

    Subscribers(int hash, TopicFilter filter) {
        super(hash);
        this.filter = filter;
    }

    public TopicFilter filter() {
        return filter;
    }

    /// How many there are; for information, as it may change at any time.
    public int size() {
        return size;
    }

    /// Hands each subscriber to `action`, in order of arrival.
    public void forEach(Consumer<? super S> action) {
        @Nullable Object[] array = members;
        for (int i = 0; i < array.length; i++) {
            S member = member(array, i);
            if (member != null) {
                action.accept(member);
            }
        }
    }

    /// The subscriber whose turn it is when a shared group goes round: tickets 0, 1, 2 … visit all
    /// members evenly while they stay the same. Null if there are none left.
    public @Nullable S pick(int ticket) {
        @Nullable Object[] array = members;
        int bound = Math.min(end, array.length);
        for (int tries = 0; tries < bound; tries++) {
            S member = member(array, Math.floorMod(ticket + tries, bound));
            if (member != null) {
                return member;
            }
        }
        return null;
    }

    void add(S subscriber) {
        @Nullable Object[] array = members;
        if (end == array.length) {
            int room = end < DENSE_MAX ? 1 : end / 2;
            array = Arrays.copyOf(array, end + room);
            array[end] = subscriber;
            members = array;
        } else {
            MEMBER.setRelease(array, end, subscriber);
        }
        if (positions != null) {
            positions.put(subscriber, end);
        }
        end++;
        size++;
        if (end == SCANNED_MAX) {
            positions = positions(array);
        }
    }

    boolean remove(S subscriber) {
        @Nullable Object[] array = members;
        int at = indexOf(array, subscriber);
        if (at < 0) {
            return false;
        }
        size--;
        if (filter.isShared() || end <= DENSE_MAX || size < array.length / 2) {
            compact(array, at);
        } else {
            MEMBER.setRelease(array, at, (@Nullable Object) null);
            if (positions != null) {
                positions.remove(subscriber);
            }
        }
        return true;
    }

    boolean replace(S old, S successor) {
        @Nullable Object[] array = members;
        int at = indexOf(array, old);
        if (at >= 0) {
            MEMBER.setRelease(array, at, successor);
            if (positions != null) {
                positions.remove(old);
                positions.put(successor, at);
            }
        }
        return at >= 0;
    }

    private void compact(@Nullable Object[] array, int without) {
        @Nullable Object[] dense = new @Nullable Object[size];
        int to = 0;
        for (int i = 0; i < end; i++) {
            if (array[i] != null && i != without) {
                dense[to++] = array[i];
            }
        }
        members = dense;
        end = to;
        positions = positions(dense);
    }

    /// Null for a short list, and for that of a shared filter, which is copied at every removal
    /// anyway.
    private @Nullable IdentityHashMap<Object, Integer> positions(@Nullable Object[] array) {
        if (end < SCANNED_MAX || filter.isShared()) {
            return null;
        }
        IdentityHashMap<Object, Integer> made = new IdentityHashMap<>(end * 2);
        for (int i = 0; i < end; i++) {
            Object member = array[i];
            if (member != null) {
                made.put(member, i);
            }
        }
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // a subscriber is known by identity
    private int indexOf(@Nullable Object[] array, S subscriber) {
        if (positions != null) {
            return positions.getOrDefault(subscriber, -1);
        }
        for (int i = 0; i < end; i++) {
            if (array[i] == subscriber) {
                return i;
            }
        }
        return -1;
    }

    @SuppressWarnings("unchecked") // only add and replace write members
    private @Nullable S member(@Nullable Object[] array, int i) {
        return (S) MEMBER.getAcquire(array, i);
    }

    /// Among the subscribers of one node the share name is the name; the plain filter's is empty.
    @Override
    boolean isNamed(byte[] utf8, int from, int to) {
        int group = filter.isShared() ? TopicRules.groupStart() : 0;
        int groupEnd = filter.isShared() ? filter.start() - 1 : 0;
        return Arrays.equals(filter.utf8(), group, groupEnd, utf8, from, to);
    }

    @Override
    public String toString() {
        return filter + " x " + size;
    }
}
