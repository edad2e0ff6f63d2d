package io.banyanmq.raft.kit;

import java.util.List;

/// How commands become one entry, and an entry's answer the outcomes of its commands.
///
/// @param <C> commands
/// @param <O> outcomes
public interface EntryFormat<C, O> {
    /// One entry of all commands, in order.
    byte[] encode(List<C> commands);

    /// The outcomes in an answer, one a command, in the order of the commands.
    List<O> decode(byte[] answer);
}
