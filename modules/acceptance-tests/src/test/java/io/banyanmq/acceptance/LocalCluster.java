package io.banyanmq.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// One cluster of separate processes for all tests of a run: three route stores, three gateways.
/// A test that kills a node restarts it.
final class LocalCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static LocalCluster shared;

    private final Path directory;

    /// A node as `nodes.json` lists it.
    record Node(String name, long pid, String mqttHost, int mqttPort, String admin) {}

    private LocalCluster(Path directory) {
        this.directory = directory;
    }

    /// The run's cluster; started at the first call, stopped when the test JVM ends.
    static synchronized LocalCluster get() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    private static LocalCluster start() {
        Path directory = Program.WORK.resolve("cluster-" + ProcessHandle.current().pid());
        LocalCluster cluster = new LocalCluster(directory);
        int ports = freePorts(6);
        Program.banyan(
                        "local",
                        "up",
                        "--dir",
                        directory.toString(),
                        "--port",
                        Integer.toString(ports),
                        "--admin-port",
                        Integer.toString(ports + 3),
                        "--session-stores",
                        "0")
                .ok();
        return cluster;
    }

    /// The first of `count` ports in a row that are free now.
    static int freePorts(int count) {
        for (int base = 21_000; base < 30_000; base += 37) {
            if (allFree(base, count)) {
                return base;
            }
        }
        throw new AssertionError("no " + count + " free ports in a row");
    }

    private static boolean allFree(int base, int count) {
        for (int i = 0; i < count; i++) {
            try (ServerSocket socket = new ServerSocket(base + i)) {
                socket.setReuseAddress(true);
            } catch (IOException _) {
                return false;
            }
        }
        return true;
    }

    Map<String, Node> nodes() {
        try {
            Map<String, Node> nodes = new LinkedHashMap<>();
            for (JsonNode each : JSON.readTree(Files.readString(directory.resolve("nodes.json")))) {
                String mqtt = each.path("mqtt").asString("");
                int colon = mqtt.lastIndexOf(':');
                String name = each.get("name").asString();
                int at = name.indexOf('@');
                String brief = at < 0 ? name : name.substring(0, at);
                nodes.put(
                        brief,
                        new Node(
                                name,
                                each.get("pid").asLong(),
                                colon < 0 ? "" : mqtt.substring(0, colon),
                                colon < 0 ? 0 : Integer.parseInt(mqtt.substring(colon + 1)),
                                each.path("admin").asString("")));
            }
            return nodes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Node node(String name) {
        Node node = nodes().get(name);
        if (node == null) {
            throw new AssertionError("no node " + name + " in " + nodes().keySet());
        }
        return node;
    }

    Path directory() {
        return directory;
    }

    void kill(String node) {
        act("kill", node);
    }

    void pause(String node) {
        act("pause", node);
    }

    void resume(String node) {
        act("resume", node);
    }

    void restart(String node) {
        act("restart", node);
    }

    private void act(String verb, String node) {
        Program.banyan("local", verb, node, "--dir", directory.toString()).ok();
    }

    /// Runs `cluster-ctl` against a node and reads its JSON.
    JsonNode ctl(String node, String... command) {
        List<String> arguments =
                new ArrayList<>(List.of("ctl", "--admin", adminUrl(node), "-o", "json"));
        arguments.addAll(List.of(command));
        return JSON.readTree(Program.banyan(arguments.toArray(String[]::new)).ok());
    }

    String adminUrl(String node) {
        String admin = node(node).admin();
        return admin.startsWith("http") ? admin : "http://" + admin;
    }

    @Override
    public void close() {
        Program.banyan("local", "down", "--dir", directory.toString());
    }
}
