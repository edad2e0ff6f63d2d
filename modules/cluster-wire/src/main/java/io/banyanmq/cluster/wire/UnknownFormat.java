package io.banyanmq.cluster.wire;

/// Bytes of the log, the feed or a conversation that this version cannot read: a newer format, an unknown kind of
/// command, or damage. The text names what was met, and what is known.
///
/// A store that meets it in its log must stop: skipping would make replicas differ.
public final class UnknownFormat extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownFormat(String message) {
        super(message);
    }

    UnknownFormat(String message, Throwable cause) {
        super(message, cause);
    }
}
