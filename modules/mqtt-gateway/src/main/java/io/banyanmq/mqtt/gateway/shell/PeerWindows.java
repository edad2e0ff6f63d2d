package io.banyanmq.mqtt.gateway.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What peers have to take yet: for each, the numbers of the frames that somebody waits for, in order. Bounded by the links'
/// windows and the publishers' receive maximums.
final class PeerWindows {
    private final List<@Nullable Window> windows = new ArrayList<>();

    /// Notes a frame that was given to a peer.
    ///
    /// @param publisher whose acknowledgement waits; null if none does
    /// @param entry of the publisher's [PendingAcks]
    /// @param held the message, if it is for shared subscriptions; taken over
    void add(
            int peer,
            long number,
            @Nullable Connection publisher,
            int entry,
            @Nullable HeldMessage held) {
        while (windows.size() <= peer) {
            windows.add(null);
        }
        Window window = windows.get(peer);
        if (window == null) {
            window = new Window();
            windows.set(peer, window);
        }
        window.add(number, publisher, entry, held);
    }

    /// A peer took everything up to a number.
    void took(int peer, long taken) {
        Window window = peer < windows.size() ? windows.get(peer) : null;
        if (window != null) {
            window.took(taken);
            if (taken == Long.MAX_VALUE) {
                windows.set(peer, null);
            }
        }
    }

    /// What was given to a peer under a number; null if nobody waits for that.
    @Nullable Pending find(int peer, long number) {
        Window window = peer < windows.size() ? windows.get(peer) : null;
        return window == null ? null : window.find(number);
    }

    /// Forgets everything: the epoch has ended.
    void clear() {
        for (Window window : windows) {
            if (window != null) {
                window.clear();
            }
        }
        windows.clear();
    }

    /// A frame that was given to a peer.
    ///
    /// @param publisher as given to [#add]
    /// @param entry as given to [#add]
    /// @param held stays the window's
    record Pending(@Nullable Connection publisher, int entry, @Nullable HeldMessage held) {}

    /// A ring, ordered by number.
    private static final class Window {
        private long[] numbers = new long[16];
        private @Nullable Connection[] publishers = new @Nullable Connection[16];
        private int[] entries = new int[16];
        private @Nullable HeldMessage[] held = new @Nullable HeldMessage[16];
        private int head;
        private int tail;

        void add(
                long number,
                @Nullable Connection publisher,
                int entry,
                @Nullable HeldMessage message) {
            if (tail - head == numbers.length) {
                grow();
            }
            int slot = tail++ & (numbers.length - 1);
            numbers[slot] = number;
            publishers[slot] = publisher;
            entries[slot] = entry;
            held[slot] = message;
        }

        private void grow() {
            int old = numbers.length;
            int from = head & (old - 1);
            numbers = Arrays.copyOf(numbers, 2 * old);
            publishers = Arrays.copyOf(publishers, 2 * old);
            entries = Arrays.copyOf(entries, 2 * old);
            held = Arrays.copyOf(held, 2 * old);
            // Full, so the ring is [from, old) and [0, from); the latter goes behind, and all to
            // the front.
            rotate(numbers, old, from);
            rotate(publishers, old, from);
            rotate(entries, old, from);
            rotate(held, old, from);
            tail = tail - head;
            head = 0;
        }

        @SuppressWarnings("SuspiciousSystemArraycopy") // of one type each
        private static void rotate(Object ring, int old, int from) {
            System.arraycopy(ring, 0, ring, old, from);
            System.arraycopy(ring, from, ring, 0, old);
        }

        void took(long taken) {
            while (head != tail) {
                int slot = head & (numbers.length - 1);
                if (numbers[slot] > taken) {
                    return;
                }
                head++;
                Connection publisher = publishers[slot];
                int entry = entries[slot];
                HeldMessage message = held[slot];
                publishers[slot] = null;
                held[slot] = null;
                if (message != null) {
                    message.release();
                }
                if (publisher != null) {
                    publisher.peerTook(entry);
                }
            }
        }

        @Nullable Pending find(long number) {
            int low = head;
            int high = tail;
            while (low != high) {
                int middle = low + (high - low) / 2;
                if (numbers[middle & (numbers.length - 1)] < number) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            int slot = low & (numbers.length - 1);
            return low != tail && numbers[slot] == number
                    ? new Pending(publishers[slot], entries[slot], held[slot])
                    : null;
        }

        void clear() {
            for (; head != tail; head++) {
                HeldMessage message = held[head & (numbers.length - 1)];
                if (message != null) {
                    message.release();
                }
            }
        }
    }
}
