package io.banyanmq.node.roles;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.ctl.Main;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.node.config.ConfigLayers;
import io.banyanmq.node.config.Origin;
import io.banyanmq.node.process.SecretFile;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ancestor's worked example on three whole nodes in one process: real sockets, Raft, RocksDB, admin ports.
class WorkedExampleTest {
    private static final Origin TEST = new Origin("test");
    private static final long READY_SECONDS_MAX = 60;

    private final Ground ground = Ground.open();
    private final Deque<Node> nodes = new ArrayDeque<>();

    @TempDir Path data;

    @AfterEach
    void stop() {
        while (!nodes.isEmpty()) {
            nodes.removeLast().close();
        }
        ground.close();
    }

    @Test
    void three_gateways_share_one_topic_tree_and_a_publish_crosses_to_each_once() throws Exception {
        start();
        List<Node> three = List.copyOf(nodes);
        try (RawClient client1 = client(three.get(0), "client1");
                RawClient client2 = client(three.get(1), "client2");
                RawClient client3 = client(three.get(2), "client3");
                RawClient publisher = client(three.get(0), "publisher")) {
            client1.subscribe(1, "t/+/x", Qos.AT_LEAST_ONCE);
            client1.subscribe(2, "t/+/y", Qos.AT_LEAST_ONCE);
            client2.subscribe(1, "t/#", Qos.AT_MOST_ONCE);
            client3.subscribe(1, "t/+/x", Qos.AT_MOST_ONCE);
            client3.subscribe(2, "t/a", Qos.AT_MOST_ONCE);

            for (Node node : three) {
                assertThat(ctl(node, "routes", "list"))
                        .isEqualTo(
                                "t/+/x -> node1, node3\nt/+/y -> node1\nt/# -> node2\nt/a -> node3\n");
                assertThat(ctl(node, "routes", "verify"))
                        .doesNotContain("DIFFERS")
                        .contains(" ok\n");
            }
            assertThat(ctl(three.get(2), "routes", "match", "t/a"))
                    .isEqualTo("t/# -> node2\nt/a -> node3\n");

            publisher.publish(1, "t/a", Qos.AT_LEAST_ONCE, "hello");
            publisher.expect(Packet.Puback.class);
            assertThat(client2.expect(Packet.Publish.class).topic()).isEqualTo("t/a");
            assertThat(client3.expect(Packet.Publish.class).topic()).isEqualTo("t/a");
            assertThat(ctl(three.get(0), "status"))
                    .containsPattern("peers\\[0].node +node2@127.0.0.1\n")
                    .containsPattern("peers\\[0].forwarded +1\n")
                    .containsPattern("peers\\[1].node +node3@127.0.0.1\n")
                    .containsPattern("peers\\[1].forwarded +1\n");
            assertThat(undocumented(metrics(three.get(0)))).isEmpty();
            assertThat(ctl(three.get(2), "clients", "list"))
                    .contains("client3")
                    .doesNotContain("client1");
        }
        stopNodes();

        start(); // with what is on disk: the old routes ended with their epochs
        assertThat(ctl(nodes.getFirst(), "routes", "list")).isEmpty();
        assertThat(ctl(nodes.getFirst(), "nodes"))
                .contains("node1@127.0.0.1", "node2@127.0.0.1", "node3@127.0.0.1");
    }

    private void start() throws Exception {
        SecretFile.drawIfMissing(data.resolve("cookie"), ground.random());
        Reach reach = Reach.withinProcess();
        int raftPort = freePort();
        List<String> failures = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            ConfigLayers layers =
                    new ConfigLayers()
                            .option("node.name", "node" + i + "@127.0.0.1", TEST)
                            .option("node.roles", i == 1 ? "gateway, route-store" : "gateway", TEST)
                            .option("node.data", data.resolve("node" + i).toString(), TEST)
                            .option("cluster.cookie-file", data.resolve("cookie").toString(), TEST)
                            .option("cluster.discovery.seeds", "node1@127.0.0.1:0", TEST)
                            .option("raft.bind", "127.0.0.1:" + raftPort, TEST)
                            .option("raft.initial.route-store", "node1@127.0.0.1:" + raftPort, TEST)
                            .option("gateway.listeners", "[{name: tcp, bind: '127.0.0.1:0'}]", TEST)
                            .option("auth.anonymous", "on", TEST)
                            .option("admin.anonymous", "on", TEST)
                            .option("admin.bind", "127.0.0.1:0", TEST);
            nodes.addLast(
                    Node.start(
                            layers.load(),
                            layers.effective(),
                            reach,
                            ground,
                            "test",
                            failures::add));
        }
        for (Node node : nodes) {
            node.ready().get(READY_SECONDS_MAX, TimeUnit.SECONDS);
        }
        assertThat(failures).isEmpty();
    }

    private void stopNodes() {
        while (!nodes.isEmpty()) {
            nodes.removeLast().close();
        }
    }

    private static String metrics(Node node) throws IOException {
        URI uri = URI.create("http://" + node.adminAddress() + "/metrics");
        try (InputStream page = uri.toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Our meters that the page of operations does not name.
    private static Set<String> undocumented(String metrics) throws IOException {
        String page = Files.readString(Path.of("../../docs/operations.md"));
        Set<String> names = new TreeSet<>();
        for (String line : metrics.split("\n", -1)) {
            if (line.startsWith("banyan_")) {
                names.add(line.split("[{ ]", 2)[0]);
            }
        }
        assertThat(names).hasSizeGreaterThan(40);
        names.removeIf(name -> page.contains("`" + name + "`") || page.contains("`" + name + "{"));
        return names;
    }

    private static RawClient client(Node node, String id) throws IOException {
        return RawClient.connect(node.listeners().get("tcp"), MqttVersion.V5, id);
    }

    private static String ctl(Node node, String... line) {
        List<String> arguments =
                new ArrayList<>(List.of("--admin", "http://" + node.adminAddress()));
        arguments.addAll(List.of(line));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        arguments.toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        return out.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
