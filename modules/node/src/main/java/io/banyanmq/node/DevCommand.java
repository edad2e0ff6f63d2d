package io.banyanmq.node;

import io.banyanmq.node.config.ConfigException;
import io.banyanmq.node.config.ConfigLayers;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.config.Origin;
import io.banyanmq.node.process.Logs;
import io.banyanmq.node.process.Options;
import io.banyanmq.node.process.Options.Option;
import io.banyanmq.node.process.SecretFile;
import io.banyanmq.node.process.StartException;
import io.banyanmq.node.roles.Ground;
import io.banyanmq.node.roles.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// `banyan dev`: all tiers in one process. Every gateway is a node of its own; the first has all roles. They
/// share nothing but the event loops and Netty's local transport.
final class DevCommand {
    private static final Options.Syntax SYNTAX =
            new Options.Syntax(
                    "dev",
                    "",
                    0,
                    "Runs all tiers in one process on loopback, for development: anonymous clients may do everything, the admin"
                            + " port needs no token. Logs go to standard error; standard output gets one line once it is ready.",
                    List.of(
                            new Option(
                                    "--port",
                                    "PORT",
                                    "1883",
                                    "MQTT port of the first gateway; the others follow"),
                            new Option(
                                    "--ws-port",
                                    "PORT",
                                    "8083",
                                    "WebSocket port of the first gateway, likewise"),
                            new Option(
                                    "--admin-port",
                                    "PORT",
                                    "8080",
                                    "admin port of the first gateway, likewise"),
                            new Option("--gateways", "N", "1", "how many gateways"),
                            new Option("--data", "DIR", "./data", "where data is kept"),
                            new Option(
                                    "--bind",
                                    "ADDR",
                                    "127.0.0.1 and ::1",
                                    "address for MQTT and WebSocket"),
                            new Option(
                                    "--config",
                                    "FILE",
                                    "",
                                    "configuration; of several files the last wins"),
                            new Option("--set", "KEY=VALUE", "", "a setting; may be repeated")));

    private static final Origin DEV = new Origin("dev");

    private final Options options;
    private final Path data;

    private DevCommand(Options options) {
        this.options = options;
        this.data = Path.of(options.text("--data")).toAbsolutePath().normalize();
    }

    static int run(List<String> arguments, Running.Outside outside)
            throws StartException, ConfigException, InterruptedException {
        Options options = Options.parse(SYNTAX, arguments);
        if (options.help()) {
            outside.out().print(SYNTAX.help());
            return ExitCode.OK;
        }
        return new DevCommand(options).run(outside);
    }

    private int run(Running.Outside outside)
            throws StartException, ConfigException, InterruptedException {
        int gateways = options.number("--gateways", 1, 32);
        SecretFile.drawIfMissing(data.resolve("cookie"), new SecureRandom());
        int raftPort = freePort();
        List<Running.Planned> plan = new ArrayList<>();
        Reach reach = Reach.withinProcess();
        for (int i = 0; i < gateways; i++) {
            ConfigLayers layers = layers(i, raftPort);
            plan.add(new Running.Planned(layers.load(), layers.effective(), reach));
        }
        NodeConfig.Logs logs = plan.getFirst().config().logs();
        Logs.configure(logs);
        try (Ground ground = Ground.open()) {
            return new Running(outside).run(plan, ground);
        }
    }

    private ConfigLayers layers(int i, int raftPort) throws StartException {
        ConfigLayers layers = NodeCommand.layers(options);
        String name = "node" + (i + 1);
        layers.option("node.name", name + "@127.0.0.1", DEV)
                .option("node.roles", i == 0 ? "gateway, route-store" : "gateway", DEV)
                .option("node.data", data.resolve(name).toString(), DEV)
                .option("cluster.discovery.seeds", "node1@127.0.0.1:0", DEV)
                .option("raft.bind", "127.0.0.1:" + raftPort, DEV)
                .option("raft.initial.route-store", "node1@127.0.0.1:" + raftPort, DEV)
                .fallback("cluster.cookie-file", data.resolve("cookie").toString(), DEV)
                .fallback("auth.anonymous", "on", DEV)
                .fallback("admin.anonymous", "on", DEV);
        boolean portsGiven =
                i > 0
                        || options.given("--port").isPresent()
                        || options.given("--ws-port").isPresent()
                        || options.given("--bind").isPresent();
        if (portsGiven) {
            layers.option(
                    "gateway.listeners", listeners(i), Origin.option("--port, --ws-port, --bind"));
        } else {
            layers.fallback("gateway.listeners", listeners(i), DEV);
        }
        String admin = "127.0.0.1:" + port("--admin-port", i);
        if (i > 0 || options.given("--admin-port").isPresent()) {
            layers.option("admin.bind", admin, Origin.option("--admin-port"));
        } else {
            layers.fallback("admin.bind", admin, DEV);
        }
        return layers;
    }

    private String listeners(int i) throws StartException {
        int port = port("--port", i);
        int wsPort = port("--ws-port", i);
        List<String> all = new ArrayList<>();
        if (options.given("--bind").isPresent()) {
            String bind = options.text("--bind");
            listeners(all, "", bind.indexOf(':') < 0 ? bind : "[" + bind + "]", port, wsPort);
        } else {
            listeners(all, "", "127.0.0.1", port, wsPort);
            if (port != 0 && wsPort != 0 && hasIpv6()) {
                listeners(all, "-v6", "[::1]", port, wsPort);
            }
        }
        return "[" + String.join(", ", all) + "]";
    }

    private static void listeners(
            List<String> into, String suffix, String host, int port, int wsPort) {
        into.add("{name: tcp" + suffix + ", bind: \"" + host + ":" + port + "\"}");
        into.add("{name: ws" + suffix + ", bind: \"" + host + ":" + wsPort + "\", path: /mqtt}");
    }

    private int port(String option, int i) throws StartException {
        int port = options.number(option, 0, 65_535);
        if (port + i > 65_535) {
            throw options.usage(
                    option
                            + " "
                            + port
                            + " leaves no room for "
                            + options.text("--gateways")
                            + " gateways");
        }
        return port == 0 ? 0 : port + i;
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws StartException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, "no free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }
}
