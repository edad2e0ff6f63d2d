package io.banyanmq.node.process;

/// A program that cannot start, or cannot do what it was asked: one line for people, and an exit code of
/// [io.banyanmq.node.config.ExitCode].
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// `message`: what, where, and what to do about it.
    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /// The same with what led to it.
    public StartException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /// What the process ends with.
    public int exitCode() {
        return exitCode;
    }
}
