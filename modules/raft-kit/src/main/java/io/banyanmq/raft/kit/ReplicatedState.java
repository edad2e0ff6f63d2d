package io.banyanmq.raft.kit;

import java.util.List;

/// What a Raft group of ours replicates: a deterministic machine over a [Database].
///
/// All calls come one after the other from the replica's apply thread. Whatever a call throws stops
/// the replica for good: throw when the disk fails or an entry cannot be understood, answer with
/// bytes when a command is merely wrong.
public interface ReplicatedState {
    /// All column families it uses; the same at every call.
    List<ColumnFamily> families();

    /// A database holds the state now: at start, and again when a snapshot of another replica was
    /// installed. Everything remembered from an earlier one is void, and that one is closed.
    void opened(Database database);

    /// Applies one entry.
    ///
    /// Reads nothing but `batch`, `at` and `entry`: no clock, no randomness, no settings of this
    /// node. Changes go into `batch`, which is written after the return, together with `at`.
    ///
    /// @param at where the entry stands; indexes rise, but not by one each time
    /// @return the answer for whoever submitted the entry here
    byte[] apply(LogPoint at, byte[] entry, Batch batch);

    /// Everything up to `at` was written and is visible to new views. Also comes for entries of
    /// Raft's own, such as configurations. Does nothing unless overridden.
    default void applied(LogPoint at) {}
}
