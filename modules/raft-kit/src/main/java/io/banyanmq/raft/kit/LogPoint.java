package io.banyanmq.raft.kit;

/// A place in a Raft log: the term and the index of one entry.
///
/// @param term term under which the entry was appended, from 0
/// @param index index of the entry, from 0; -1 only in [#NONE]
public record LogPoint(long term, long index) {
    /// Before the first entry.
    public static final LogPoint NONE = new LogPoint(0, -1);

    public LogPoint {
        if (term < 0 || index < -1) {
            throw new IllegalArgumentException("no log point: term " + term + ", index " + index);
        }
    }

    @Override
    public String toString() {
        return term + ":" + index;
    }
}
