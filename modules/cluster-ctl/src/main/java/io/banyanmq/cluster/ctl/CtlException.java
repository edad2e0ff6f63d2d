package io.banyanmq.cluster.ctl;

/// Ends a command with one line on standard error and an exit code.
final class CtlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CtlException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
