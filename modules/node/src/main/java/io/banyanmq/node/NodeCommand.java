package io.banyanmq.node;

import io.banyanmq.node.config.ConfigException;
import io.banyanmq.node.config.ConfigLayers;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.config.Origin;
import io.banyanmq.node.process.Logs;
import io.banyanmq.node.process.Options;
import io.banyanmq.node.process.Options.Option;
import io.banyanmq.node.process.StartException;
import io.banyanmq.node.roles.Ground;
import io.banyanmq.node.roles.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// `banyan node`: one node of any roles.
final class NodeCommand {
    private static final Options.Syntax SYNTAX =
            new Options.Syntax(
                    "node",
                    "",
                    0,
                    "Runs one node. Logs go to standard error; standard output gets one line once the node is ready.",
                    List.of(
                            new Option(
                                    "--config",
                                    "FILE",
                                    "",
                                    "its configuration; of several files the last wins"),
                            new Option("--set", "KEY=VALUE", "", "a setting; may be repeated"),
                            new Option(
                                    "--cookie-file",
                                    "FILE",
                                    "",
                                    "the same as --set cluster.cookie-file=FILE")));

    private NodeCommand() {}

    static int run(List<String> arguments, Running.Outside outside)
            throws StartException, ConfigException, InterruptedException {
        Options options = Options.parse(SYNTAX, arguments);
        if (options.help()) {
            outside.out().print(SYNTAX.help());
            return ExitCode.OK;
        }
        ConfigLayers layers = layers(options);
        options.given("--cookie-file")
                .ifPresent(file ->
                        layers.option("cluster.cookie-file", file, Origin.option("--cookie-file")));
        NodeConfig config = layers.load();
        Logs.configure(config.logs());
        try (Ground ground = Ground.open()) {
            return new Running(outside)
                    .run(
                            List.of(new Running.Planned(config, layers.effective(), Reach.TCP)),
                            ground);
        }
    }

    /// Environment, `--config` and `--set`.
    static ConfigLayers layers(Options options) throws StartException {
        ConfigLayers layers = new ConfigLayers().environment(System.getenv());
        for (String file : options.all("--config")) {
            try {
                layers.file(file, Files.readString(Path.of(file)));
            } catch (NoSuchFileException e) {
                throw new StartException(
                        ExitCode.CONFIG, "--config " + file + " does not exist", e);
            } catch (IOException e) {
                throw new StartException(
                        ExitCode.CONFIG, "--config " + file + " cannot be read: " + e, e);
            }
        }
        options.all("--set").forEach(layers::set);
        return layers;
    }
}
