package io.banyanmq.node;

import io.banyanmq.node.config.ConfigException;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.local.LocalCommand;
import io.banyanmq.node.process.StartException;
import java.util.List;

/// The program of a node: `dev`, `node`, `local`, `version`, `help`.
///
/// Exit codes: [ExitCode].
public final class Main {
    private static final String USAGE =
            """
            usage: banyan VERB [option…]

              dev       all tiers in one process, for development
              node      one node of any roles, from a configuration file
              local     the same tiers as separate processes on loopback
              version   the version
              help      this text; banyan VERB --help tells the options of a verb
            """;

    private Main() {}

    /// Runs the verb that is the first argument and ends the process with its exit code.
    ///
    /// @param arguments a verb and its options
    public static void main(String[] arguments) {
        int code;
        try {
            code =
                    run(
                            List.of(arguments),
                            new Running.Outside(System.out, Runtime.getRuntime()::halt));
        } catch (StartException e) {
            System.err.println("banyan: " + e.getMessage());
            code = e.exitCode();
        } catch (ConfigException e) {
            System.err.println("banyan: the configuration has faults:\n" + e.getMessage());
            code = ExitCode.CONFIG;
        } catch (InterruptedException _) {
            code = ExitCode.FAILED;
        }
        System.out.flush();
        System.exit(code);
    }

    /// Runs a verb.
    static int run(List<String> arguments, Running.Outside outside)
            throws StartException, ConfigException, InterruptedException {
        if (arguments.isEmpty()) {
            throw new StartException(
                    ExitCode.USAGE, "a verb is missing: dev, node, local, version or help");
        }
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (arguments.getFirst()) {
            case "dev" -> DevCommand.run(rest, outside);
            case "node" -> NodeCommand.run(rest, outside);
            case "local" -> LocalCommand.run(rest, outside.out());
            case "version", "--version" -> {
                outside.out().println("BanyanMQ " + Version.text());
                yield ExitCode.OK;
            }
            case "help", "--help", "-h" -> {
                outside.out().print(USAGE);
                yield ExitCode.OK;
            }
            default ->
                    throw new StartException(
                            ExitCode.USAGE,
                            "no such verb: " + arguments.getFirst() + "; see banyan help");
        };
    }
}
