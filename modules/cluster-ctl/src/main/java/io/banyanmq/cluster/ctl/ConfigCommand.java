package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ConfigException;
import io.banyanmq.node.config.ConfigLayers;
import io.banyanmq.node.config.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `config`: checks a file here, or shows what the asked node runs with.
@Command(
        name = "config",
        description = "Configurations.",
        subcommands = {ConfigCommand.Validate.class, ConfigCommand.Effective.class})
final class ConfigCommand implements Callable<Integer> {
    @ParentCommand @Nullable ClusterCtl options;
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                ParentOptions.of(spec).commandLine(),
                "config: one of validate, effective is missing");
    }

    /// `config validate`.
    @Command(
            name = "validate",
            description =
                    "Checks a node's configuration file here, asking no node; prints every fault; exit 78 if any.")
    static final class Validate implements Callable<Integer> {
        @ParentCommand @Nullable ConfigCommand parent;
        @Spec @Nullable CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The YAML file.")
        Path file = Path.of("");

        @Override
        public Integer call() throws CtlException {
            try {
                new ConfigLayers().file(file.toString(), Files.readString(file)).load();
                ParentOptions.of(spec).commandLine().getOut().println(file + ": ok");
                return ExitCode.OK;
            } catch (ConfigException e) {
                throw new CtlException(
                        ExitCode.CONFIG, "configuration has faults:\n" + e.getMessage());
            } catch (NoSuchFileException _) {
                throw new CtlException(ExitCode.USAGE, file + ": no such file");
            } catch (IOException e) {
                throw new CtlException(
                        ExitCode.USAGE, file + ": cannot be read: " + e.getMessage());
            }
        }
    }

    /// `config effective`.
    @Command(
            name = "effective",
            description = "What the asked node runs with, and where each value comes from.")
    static final class Effective implements Callable<Integer> {
        @ParentCommand @Nullable ConfigCommand parent;

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    ParentOptions.of(ParentOptions.of(parent).options),
                    "/api/v1/config/effective",
                    (answer, out) -> {
                        List<List<String>> rows = new ArrayList<>();
                        for (JsonNode each : answer) {
                            rows.add(
                                    List.of(
                                            Output.text(each, "key"),
                                            Output.text(each, "value"),
                                            Output.text(each, "origin")));
                        }
                        Output.columns(out, List.of("KEY", "VALUE", "FROM"), rows);
                    });
        }
    }
}
