package io.banyanmq.raft.kit;

import java.util.Optional;

/// What became of a submitted entry.
public sealed interface Reply {
    /// Committed on a majority and applied here.
    ///
    /// @param index the entry's log index
    /// @param answer what [ReplicatedState#apply] returned
    @SuppressWarnings("ArrayRecordComponent") // handed over to the one who submitted
    record Applied(long index, byte[] answer) implements Reply {}

    /// This replica does not lead, or stopped leading while the entry was under way: in that case
    /// the next leader may still commit it. Repeat it there, under the same number of its source.
    ///
    /// @param leader id of the peer that leads, as far as known
    record NotLeader(Optional<String> leader) implements Reply {}

    /// Not taken, because too much is under way, the leader is not ready or the disk is nearly full.
    /// Repeat it later.
    record Busy(String reason) implements Reply {}

    /// Not taken, because the entry is larger than any may be.
    record TooLarge(int bytes, int bytesMax) implements Reply {}

    /// The replica failed or is closed; the entry may still be committed by others.
    record Failed(String reason) implements Reply {}
}
