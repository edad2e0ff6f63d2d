package io.banyanmq.raft.kit;

import java.util.Optional;

/// Who leads a group, as seen by one replica.
public sealed interface Leadership {
    /// This replica leads and has applied everything that earlier leaders committed: it may submit.
    record Leading() implements Leadership {}

    /// Another replica leads, or none is known to.
    ///
    /// @param leader id of the leading peer, see [Peer#id]
    record Following(Optional<String> leader) implements Leadership {}
}
