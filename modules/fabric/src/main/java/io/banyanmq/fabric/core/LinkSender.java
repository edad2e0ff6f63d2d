package io.banyanmq.fabric.core;

import java.util.Locale;

/// The sending half of a link, without its bytes: numbers frames 1, 2, 3 …, knows which of them the
/// receiver took, where to go on after a broken connection, and how much credit is left.
///
/// Frames are kept in *segments* (the shell's chunks of memory): one is given back as soon as its last frame
/// was taken. Credit is counted in bytes of segments that are still held, so it is what the link costs in memory.
///
/// Not thread-safe: it belongs to one event loop.
public final class LinkSender {
    private final long windowBytes;
    private final long resumeBytes;

    /// Number of the frame appended last; 0 before the first.
    private long last;

    /// Everything up to here was taken by the receiver; `taken <= last`.
    private long taken;

    /// Bytes in held segments. Segments are a ring: `count` of them from `head`.
    private long heldBytes;

    private long[] lastNumbers = new long[16];
    private int[] bytes = new int[16];
    private int head;
    private int count;
    private boolean writable = true;

    /// @param windowBytes from here on the link is not writable; it is again at half of it
    public LinkSender(long windowBytes) {
        if (windowBytes < 1) {
            throw new IllegalArgumentException("window of " + windowBytes + " bytes, at least 1");
        }
        this.windowBytes = windowBytes;
        this.resumeBytes = windowBytes / 2;
    }

    /// Appends a frame of `frameBytes` and returns its number. `newSegment` if it does not share the segment of the frame before.
    public long append(int frameBytes, boolean newSegment) {
        if (newSegment || count == 0) {
            if (count == lastNumbers.length) {
                grow();
            }
            int slot = (head + count) & (lastNumbers.length - 1);
            bytes[slot] = 0;
            count++;
        }
        int tail = (head + count - 1) & (lastNumbers.length - 1);
        last++;
        lastNumbers[tail] = last;
        bytes[tail] += frameBytes;
        heldBytes += frameBytes;
        if (heldBytes >= windowBytes) {
            writable = false;
        }
        return last;
    }

    /// The receiver took everything up to `number`. Returns how many segments, from the oldest, are free now. A number that
    /// is already known changes nothing.
    ///
    /// @throws LinkFaultException if the number was never given out
    public int taken(long number) {
        if (number > last) {
            throw new LinkFaultException(
                    "receiver took frame " + number + ", but the last one sent is " + last);
        }
        if (number <= taken) {
            return 0;
        }
        taken = number;
        int free = 0;
        while (count > 0 && lastNumbers[head] <= number) {
            heldBytes -= bytes[head];
            head = (head + 1) & (lastNumbers.length - 1);
            count--;
            free++;
        }
        if (heldBytes <= resumeBytes) {
            writable = true;
        }
        return free;
    }

    /// A new connection says that the receiver took everything up to `number`: go on with `number + 1`. Returns
    /// how many segments are free now, as [#taken(long)].
    ///
    /// @throws LinkFaultException if the receiver forgot what it took, or took what was never sent: one of
    ///     both ends is not the one that it claims to be
    public int resume(long number) {
        if (number < taken) {
            throw new LinkFaultException(
                    "receiver wants frame "
                            + (number + 1)
                            + ", but took up to "
                            + taken
                            + " before");
        }
        return taken(number);
    }

    /// Whether there is credit: falls at the window, rises again at half of it.
    public boolean writable() {
        return writable;
    }

    public long last() {
        return last;
    }

    public long taken() {
        return taken;
    }

    public long heldBytes() {
        return heldBytes;
    }

    private void grow() {
        int capacity = lastNumbers.length;
        long[] numbers = new long[capacity * 2];
        int[] sizes = new int[capacity * 2];
        for (int i = 0; i < count; i++) {
            numbers[i] = lastNumbers[(head + i) & (capacity - 1)];
            sizes[i] = bytes[(head + i) & (capacity - 1)];
        }
        lastNumbers = numbers;
        bytes = sizes;
        head = 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "LinkSender[last=%d, taken=%d, held=%d bytes in %d segments]",
                last,
                taken,
                heldBytes,
                count);
    }
}
