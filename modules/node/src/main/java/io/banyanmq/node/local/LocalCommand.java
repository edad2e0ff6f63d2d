package io.banyanmq.node.local;

import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.process.Options;
import io.banyanmq.node.process.Options.Option;
import io.banyanmq.node.process.SecretFile;
import io.banyanmq.node.process.StartException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `banyan local`: the tiers of a cluster as separate processes on loopback.
public final class LocalCommand {
    private static final long READY_MILLIS_MAX = 90_000;

    private static final Options.Syntax SYNTAX =
            new Options.Syntax(
                    "local",
                    "up|status|down|kill NODE|pause NODE|resume NODE|restart NODE",
                    2,
                    "Runs route stores and gateways as separate processes on loopback. up returns once all are ready and leaves"
                            + " them running; down ends them and keeps their data. kill is SIGKILL, pause and resume are SIGSTOP and"
                            + " SIGCONT. DIR/nodes.json lists name, roles, pid, mqtt and admin of each node.",
                    List.of(
                            new Option(
                                    "--dir",
                                    "DIR",
                                    "",
                                    "where configurations, logs and data are; needed"),
                            new Option("--route-stores", "N", "3", "route stores, an odd number"),
                            new Option(
                                    "--session-stores",
                                    "N",
                                    "0",
                                    "only 0: session stores come later"),
                            new Option("--gateways", "N", "3", "gateways"),
                            new Option(
                                    "--port",
                                    "PORT",
                                    "1883",
                                    "MQTT port of the first gateway; the others follow"),
                            new Option(
                                    "--admin-port",
                                    "PORT",
                                    "8080",
                                    "admin port of the first gateway; the others follow"),
                            new Option(
                                    "--config",
                                    "FILE",
                                    "",
                                    "configuration that all nodes take beside their own"),
                            new Option(
                                    "--set",
                                    "KEY=VALUE",
                                    "",
                                    "a setting for all nodes; may be repeated")));

    private final Options options;
    private final Path directory;
    private final PrintStream out;

    private LocalCommand(Options options, Path directory, PrintStream out) {
        this.options = options;
        this.directory = directory;
        this.out = out;
    }

    /// Runs it.
    ///
    /// @return the exit code
    /// @throws StartException if it cannot do what it was asked
    public static int run(List<String> arguments, PrintStream out)
            throws StartException, InterruptedException {
        Options options = Options.parse(SYNTAX, arguments);
        if (options.help()) {
            out.print(SYNTAX.help());
            return ExitCode.OK;
        }
        if (options.words().isEmpty()) {
            throw options.usage("one of up, status, down, kill, pause, resume, restart is missing");
        }
        String given = options.given("--dir").orElseThrow(() -> options.usage("--dir is missing"));
        Path directory = Path.of(given).toAbsolutePath().normalize();
        return new LocalCommand(options, directory, out).run(options.words().getFirst());
    }

    private int run(String action) throws StartException, InterruptedException {
        Optional<String> name = options.words().stream().skip(1).findFirst();
        boolean wantsNode = List.of("kill", "pause", "resume", "restart").contains(action);
        if (wantsNode != name.isPresent()) {
            throw options.usage(
                    action + (wantsNode ? " needs a node's name" : " takes no node's name"));
        }
        return switch (action) {
            case "up" -> up();
            case "status" -> status();
            case "down" -> down();
            case "kill", "pause", "resume", "restart" -> steer(action, name.orElseThrow());
            default -> throw options.usage("unknown action " + action);
        };
    }

    private int up() throws StartException, InterruptedException {
        long began = System.nanoTime();
        if (options.number("--session-stores", 0, 99) != 0) {
            throw options.usage(
                    "--session-stores: only 0 for now, session stores come with persistent sessions");
        }
        LocalPlan plan =
                new LocalPlan(
                        options.number("--route-stores", 1, 9),
                        options.number("--gateways", 1, 99),
                        options.number("--port", 0, 65_000),
                        options.number("--admin-port", 0, 65_000));
        LocalCluster cluster = layOut(plan);
        List<String> more = moreArguments();
        List<LocalNode> all = cluster.nodes();
        try {
            for (LocalNode node : all) {
                cluster.start(node, more);
            }
            cluster.awaitReady(all.stream().map(LocalNode::name).toList(), READY_MILLIS_MAX);
        } catch (StartException e) {
            cluster.stop(cluster.nodes());
            throw e;
        }
        out.println(readyLine(cluster.nodes(), System.nanoTime() - began));
        return ExitCode.OK;
    }

    private LocalCluster layOut(LocalPlan plan) throws StartException {
        try {
            Files.createDirectories(directory.resolve("data"));
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.DENIED, directory + " cannot be written: " + e.getMessage(), e);
        }
        SecretFile.drawIfMissing(directory.resolve("cookie"), new SecureRandom());
        if (!LocalCluster.exists(directory)) {
            return LocalCluster.create(directory, plan);
        }
        LocalCluster before = LocalCluster.read(directory);
        for (LocalNode node : before.nodes()) {
            if (node.process().isPresent()) {
                throw new StartException(
                        ExitCode.UNAVAILABLE,
                        directory
                                + " is up already: "
                                + node.briefName()
                                + " is process "
                                + node.pid());
            }
        }
        long stores =
                before.nodes().stream()
                        .filter(node -> node.roles().contains("route-store"))
                        .count();
        if (stores != plan.routeStores() || before.nodes().size() - stores != plan.gateways()) {
            throw options.usage(
                    directory
                            + " holds a cluster of "
                            + stores
                            + " route stores and "
                            + (before.nodes().size() - stores)
                            + " gateways; take those numbers, or another directory");
        }
        if (options.given("--port").isPresent()
                && plan.port() != 0
                && before.nodes().stream()
                        .noneMatch(node -> ("127.0.0.1:" + plan.port()).equals(node.mqtt()))) {
            throw options.usage(
                    directory
                            + " holds a cluster on other ports; leave --port out, or take another directory");
        }
        return before;
    }

    private List<String> moreArguments() {
        List<String> more = new ArrayList<>();
        options.given("--config")
                .ifPresent(file -> {
                    more.add("--config");
                    more.add(Path.of(file).toAbsolutePath().toString());
                });
        for (String setting : options.all("--set")) {
            more.add("--set");
            more.add(setting);
        }
        return more;
    }

    private static String readyLine(List<LocalNode> nodes, long nanos) {
        StringBuilder line =
                new StringBuilder(
                        String.format(Locale.ROOT, "BanyanMQ ready in %.1f s", nanos / 1e9));
        for (LocalNode node : nodes) {
            if (node.mqtt() != null) {
                line.append("  mqtt ").append(node.mqtt()).append("  ws ").append(node.ws());
                line.append("  admin ").append(node.admin());
            }
        }
        return line.toString();
    }

    private int status() throws StartException {
        LocalCluster cluster = LocalCluster.read(directory);
        boolean allReady = true;
        for (LocalNode node : cluster.nodes()) {
            boolean running = node.process().isPresent();
            boolean ready = running && LocalCluster.isReady(node);
            allReady &= ready;
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%-10s %-11s %-9s %8s  %-21s %s",
                            node.briefName(),
                            String.join(",", node.roles()),
                            ready ? "ready" : running ? "not-ready" : "down",
                            running ? node.pid() : "-",
                            node.mqtt() == null ? "-" : node.mqtt(),
                            node.admin()));
        }
        return allReady ? ExitCode.OK : ExitCode.FAILED;
    }

    private int down() throws StartException, InterruptedException {
        LocalCluster cluster = LocalCluster.read(directory);
        // Gateways first: they say goodbye to the stores.
        cluster.stop(
                cluster.nodes().stream().filter(node -> node.roles().contains("gateway")).toList());
        cluster.stop(
                cluster.nodes().stream()
                        .filter(node -> !node.roles().contains("gateway"))
                        .toList());
        return ExitCode.OK;
    }

    private int steer(String action, String name) throws StartException, InterruptedException {
        LocalCluster cluster = LocalCluster.read(directory);
        LocalNode node = cluster.node(name);
        switch (action) {
            case "kill" -> cluster.kill(node);
            case "pause" -> cluster.signal(node, "STOP");
            case "resume" -> cluster.signal(node, "CONT");
            default -> {
                cluster.stop(List.of(node));
                List<String> more = moreArguments();
                cluster.start(node, more.isEmpty() ? node.arguments() : more);
                cluster.awaitReady(List.of(node.name()), READY_MILLIS_MAX);
            }
        }
        return ExitCode.OK;
    }
}
