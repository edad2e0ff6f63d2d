package io.banyanmq.raft.kit;

import org.jspecify.annotations.Nullable;

/// A Raft node or replica that cannot start. The message names what is in the way and says what to
/// do about it.
public final class RaftStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /// What is wrong, as far as it decides what to do.
    public enum Fault {
        /// The port is taken or the address is not local.
        PORT,
        /// The Raft port would be open to others without mutual TLS.
        INSECURE,
        /// The directory belongs to another process, cannot be written, or the disk fails.
        DIRECTORY,
        /// What is on disk belongs to another node or group.
        FOREIGN,
        /// Formed before, but its data is gone: return as a new peer.
        DATA_MISSING,
        /// The Raft log or the database is damaged: return as a new peer.
        CORRUPT,
        /// Asked to form or join where a replica was formed before.
        FORMED,
        /// Asked to recover where none was formed.
        NOT_FORMED,
        /// Anything else.
        OTHER
    }

    private final Fault fault;

    RaftStartException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    RaftStartException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /// What is wrong.
    public Fault fault() {
        return fault;
    }
}
