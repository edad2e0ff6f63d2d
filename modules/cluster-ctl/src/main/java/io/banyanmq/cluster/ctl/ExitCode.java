package io.banyanmq.cluster.ctl;

/// What the program's end says, after sysexits.h.
final class ExitCode {
    static final int OK = 0;

    /// A check failed, or what was asked for is not there.
    static final int CHECK_FAILED = 1;

    /// Unknown command or option, or a bad argument.
    static final int USAGE = 64;

    /// The node's answer, or an argument's content, makes no sense.
    static final int BAD_DATA = 65;

    /// Nothing answers at the admin address.
    static final int UNAVAILABLE = 69;

    /// No answer in time, or no quorum.
    static final int TIMEOUT = 75;

    /// The token is missing or wrong.
    static final int DENIED = 77;

    /// A configuration with faults.
    static final int CONFIG = 78;

    private ExitCode() {}
}
