package io.banyanmq.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A hash set of named slots with one writer at a time and readers that take no lock.
///
/// A holder keeps null for no slot, the slot itself for one, and a set for more: most holders
/// have one. Within an array a slot never moves, and a larger array is complete before it is
/// published, so a reader finds whatever is there before and after its search.
final class SlotSet extends Slot {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Slot[].class);
    private static final int CAPACITY_INITIAL = 4;
    private static final Slot REMOVED = new SlotSet();

    private volatile @Nullable Slot[] slots = new @Nullable Slot[CAPACITY_INITIAL];

    /// Slots in the set.
    private int live;

    /// Elements of the array that are not null: those and the removed ones.
    private int used;

    private SlotSet() {
        super(0);
    }

    /// The slot of this name and hash in a holder; null if there is none.
    static @Nullable Slot find(@Nullable Slot holder, int hash, byte[] utf8, int from, int to) {
        if (holder instanceof SlotSet set) {
            return set.find(hash, utf8, from, to);
        }
        return holder != null && holder.hash == hash && holder.isNamed(utf8, from, to)
                ? holder
                : null;
    }

    /// What the holder is to keep after `added`, whose name it does not have yet.
    static Slot with(@Nullable Slot holder, Slot added) {
        if (holder == null) {
            return added;
        }
        if (holder instanceof SlotSet set) {
            set.add(added);
            return set;
        }
        SlotSet set = new SlotSet();
        set.add(holder);
        set.add(added);
        return set;
    }

    /// What the holder is to keep after `removed`, which it has.
    static @Nullable Slot without(@Nullable Slot holder, Slot removed) {
        if (holder instanceof SlotSet set) {
            set.remove(removed);
            return set.live > 0 ? set : null;
        }
        return null;
    }

    /// Hands the slots of a holder to `action`; all are of the type it wants.
    @SuppressWarnings("unchecked")
    static <T extends Slot> void forEach(@Nullable Slot holder, Consumer<? super T> action) {
        if (holder instanceof SlotSet set) {
            @Nullable Slot[] array = set.slots;
            for (int i = 0; i < array.length; i++) {
                Slot slot = element(array, i);
                if (slot != null && slot != REMOVED) {
                    action.accept((T) slot);
                }
            }
        } else if (holder != null) {
            action.accept((T) holder);
        }
    }

    private @Nullable Slot find(int wanted, byte[] utf8, int from, int to) {
        @Nullable Slot[] array = slots;
        int mask = array.length - 1;
        for (int i = wanted & mask; ; i = (i + 1) & mask) {
            Slot slot = element(array, i);
            if (slot == null) {
                return null;
            }
            if (slot.hash == wanted && slot.isNamed(utf8, from, to)) {
                return slot;
            }
        }
    }

    private void add(Slot added) {
        if (used >= slots.length - slots.length / 4) {
            rebuild();
        }
        place(slots, added);
        live++;
        used++;
    }

    private void remove(Slot removed) {
        @Nullable Slot[] array = slots;
        int mask = array.length - 1;
        int i = removed.hash & mask;
        while (array[i] != removed) {
            i = (i + 1) & mask;
        }
        ELEMENT.setRelease(array, i, REMOVED);
        live--;
        if (live < array.length / 8) {
            rebuild();
        }
    }

    /// Makes room for one more, without the removed ones.
    private void rebuild() {
        int capacity = CAPACITY_INITIAL;
        while (capacity / 2 <= live) {
            capacity *= 2;
        }
        @Nullable Slot[] fresh = new @Nullable Slot[capacity];
        for (Slot slot : slots) {
            if (slot != null && slot != REMOVED) {
                place(fresh, slot);
            }
        }
        used = live;
        slots = fresh;
    }

    private static void place(@Nullable Slot[] array, Slot slot) {
        int mask = array.length - 1;
        int i = slot.hash & mask;
        while (array[i] != null) {
            i = (i + 1) & mask;
        }
        ELEMENT.setRelease(array, i, slot);
    }

    private static @Nullable Slot element(@Nullable Slot[] array, int i) {
        return (Slot) ELEMENT.getAcquire(array, i);
    }

    @Override
    boolean isNamed(byte[] utf8, int from, int to) {
        return false;
    }

    @Override
    public String toString() {
        return Arrays.toString(slots);
    }
}
