package io.banyanmq.topic;

import java.util.Arrays;
import java.util.function.Consumer;

/// The destinations a topic goes to, each once: what [RouteIndex#match] fills. Reusable, of one
/// thread; adding, asking and clearing cost nothing but what is in it.
public final class DestinationSet {
    /// The greatest destination.
    public static final int DESTINATION_MAX = 65_535;

    final Consumer<Subscribers<Destination>> overflow;

    private char[] members = new char[16];
    private int size;
    private long[] bits = new long[1];

    public DestinationSet() {
        Consumer<Destination> each = destination -> add(destination.id());
        overflow = destinations -> destinations.forEach(each);
    }

    /// A destination as the overflow's subscriber.
    record Destination(int id) {}

    /// Adds a destination, 0..65535; false if it is there.
    public boolean add(int destination) {
        checkDestination(destination);
        int word = destination >>> 6;
        if (word >= bits.length) {
            bits = Arrays.copyOf(bits, Math.max(word + 1, bits.length * 2));
        }
        long bit = 1L << destination;
        if ((bits[word] & bit) != 0) {
            return false;
        }
        bits[word] |= bit;
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        members[size++] = (char) destination;
        return true;
    }

    public boolean contains(int destination) {
        int word = destination >>> 6;
        return word < bits.length && (bits[word] & 1L << destination) != 0;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// The destination at `index`, 0..size, in the order they were added.
    public int get(int index) {
        return members[index];
    }

    public void clear() {
        for (int i = 0; i < size; i++) {
            bits[members[i] >>> 6] = 0;
        }
        size = 0;
    }

    /// A copy, in the order they were added.
    public int[] toArray() {
        int[] copy = new int[size];
        for (int i = 0; i < size; i++) {
            copy[i] = members[i];
        }
        return copy;
    }

    static void checkDestination(int destination) {
        if (destination < 0 || destination > DESTINATION_MAX) {
            throw new IllegalArgumentException("destination " + destination + ", must be 0..65535");
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
