package io.banyanmq.cluster.ctl;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// The program `cluster-ctl`. Data goes to standard output, messages to standard error.
///
/// Exit codes: see [io.banyanmq.node.config.ExitCode].
public final class Main {
    private Main() {}

    /// Runs one command and ends the process.
    ///
    /// @param arguments options and a command with its own
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    /// Runs one command within this process.
    ///
    /// @param out gets the data, flushed
    /// @param err gets the messages
    /// @param arguments options and a command with its own
    /// @return the exit code
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return ClusterCtl.run(out, err, arguments);
    }
}
