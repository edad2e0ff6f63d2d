package io.banyanmq.node.config;

/// What the end of a BanyanMQ program says, after sysexits.h.
public final class ExitCode {
    /// As asked.
    public static final int OK = 0;

    /// A check failed, what was asked for is not there, or the program failed.
    public static final int FAILED = 1;

    /// Unknown command or option, or a bad argument.
    public static final int USAGE = 64;

    /// An answer, a file or an argument's content makes no sense.
    public static final int BAD_DATA = 65;

    /// Nothing answers at an address, or what is needed (a port, a directory) is in use.
    public static final int UNAVAILABLE = 69;

    /// No answer in time, or no quorum.
    public static final int TIMEOUT = 75;

    /// The token is missing or wrong, or a file or directory may not be used.
    public static final int DENIED = 77;

    /// A configuration with faults.
    public static final int CONFIG = 78;

    private ExitCode() {}
}
