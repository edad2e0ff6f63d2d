package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command line: options that every command takes, before or after it, and the commands.
@Command(
        name = "cluster-ctl",
        description = "Asks and steers a running BanyanMQ cluster through a node's admin port.",
        sortOptions = false,
        subcommands = {
            StatusCommand.class,
            NodesCommand.class,
            RoutesCommand.class,
            SubscriptionsCommand.class,
            ClientsCommand.class,
            ConfigCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 ok, 1 a check failed or nothing found, 64 usage, 65 bad data, 69 unavailable,",
            "75 timeout or no quorum, 77 denied, 78 configuration."
        })
final class ClusterCtl implements Callable<Integer> {
    /// How data is printed.
    enum Format {
        table,
        json,
        yaml
    }

    @Option(
            names = "--admin",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = "http://127.0.0.1:8080",
            description = "A node's admin address (default: ${DEFAULT-VALUE}).")
    URI admin = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with the token of the admin port.")
    @Nullable Path tokenFile;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            scope = ScopeType.INHERIT,
            defaultValue = "10",
            description = "Seconds to wait for an answer (default: ${DEFAULT-VALUE}).")
    double timeoutSeconds = 10;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "table, json or yaml (default: ${DEFAULT-VALUE}).")
    Format format = Format.table;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print the help of the command.")
    boolean help;

    @Spec @Nullable CommandSpec spec;

    /// Runs one command line and answers its exit code.
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new ClusterCtl());
        line.setOut(out).setErr(err);
        line.setParameterExceptionHandler((e, _) -> usage(err, e));
        line.setExecutionExceptionHandler((e, _, _) -> failed(err, e));
        int code = line.execute(arguments);
        out.flush();
        return code;
    }

    @Override
    public Integer call() {
        throw new ParameterException(line(), "a command is missing");
    }

    /// Asks the node that the options name.
    AdminClient client() throws CtlException {
        long millis = Math.round(timeoutSeconds * 1_000);
        if (millis < 1 || millis > 3_600_000) {
            throw new CtlException(
                    ExitCode.USAGE, "--timeout " + timeoutSeconds + ": from 0.001 to 3600 seconds");
        }
        return AdminClient.of(admin, tokenFile, Duration.ofMillis(millis));
    }

    Output output() {
        return new Output(line().getOut(), format);
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
    }

    private static int usage(PrintWriter err, ParameterException e) {
        err.println("cluster-ctl: " + e.getMessage());
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(PrintWriter err, Exception e) throws Exception {
        if (e instanceof CtlException known) {
            err.println("cluster-ctl: " + known.getMessage());
            return known.exitCode();
        }
        throw e;
    }
}
