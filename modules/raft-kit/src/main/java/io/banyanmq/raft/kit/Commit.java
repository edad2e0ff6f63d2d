package io.banyanmq.raft.kit;

import java.util.Optional;

/// What became of a command given to [GroupCommit].
///
/// @param <O> how an applied command ends
public sealed interface Commit<O> {
    /// Committed on a majority and applied here.
    ///
    /// @param index log index of the entry that carried it
    record Done<O>(long index, O outcome) implements Commit<O> {}

    /// Not known to be committed, though it may still come to be. Repeat it later or at the leader,
    /// under the same number of its source.
    ///
    /// @param leader id of the peer that leads, as far as known
    record NotDone<O>(Optional<String> leader, String reason) implements Commit<O> {}
}
