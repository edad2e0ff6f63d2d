package io.banyanmq.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.ctl.Main;
import io.banyanmq.cluster.wire.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `cluster-ctl` against a real admin port.
class ClusterCtlTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final SampleNode node = new SampleNode();
    private AdminServer server;

    ClusterCtlTest() throws IOException {
        server = AdminServer.start(ANY, Optional.empty(), node, () -> "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void routes_print_as_the_worked_example() {
        assertThat(ctl("routes", "list").out)
                .isEqualTo("t/+/x -> node1, node3\nt/+/y -> node1\nt/# -> node2\nt/a -> node3\n");
        assertThat(ctl("routes", "list", "--prefix", "t/+").out)
                .isEqualTo("t/+/x -> node1, node3\nt/+/y -> node1\n");
        assertThat(ctl("routes", "list", "--tree").out)
                .isEqualTo(
                        "t\n  +\n    x -> node1, node3\n    y -> node1\n  # -> node2\n  a -> node3\n");
        assertThat(ctl("routes", "match", "t/a").out).isEqualTo("t/# -> node2\nt/a -> node3\n");
        assertThat(ctl("routes", "match", "nothing/here")).isEqualTo(new Run(0, "", ""));
    }

    @Test
    void json_and_yaml_have_full_names() {
        assertThat(ctl("routes", "match", "t/a", "-o", "json").out)
                .isEqualTo(
                        "[{\"filter\":\"t/#\",\"destinations\":[\"node2@127.0.0.1\"]},{\"filter\":\"t/a\","
                                + "\"destinations\":[\"node3@127.0.0.1\"]}]\n");
        assertThat(ctl("-o", "yaml", "routes", "match", "t/a").out)
                .isEqualTo(
                        """
                        - filter: t/#
                          destinations:
                          - node2@127.0.0.1
                        - filter: t/a
                          destinations:
                          - node3@127.0.0.1
                        """);
    }

    @Test
    void tables_have_a_heading_and_aligned_columns() {
        assertThat(ctl("nodes").out)
                .isEqualTo(
                        """
                        NAME             ROLES                 STATE    EPOCH  FABRIC
                        node1@127.0.0.1  gateway, route-store  serving  5.0    -
                        node2@127.0.0.1  gateway               joining  6.1    127.0.0.1:7002
                        """);
        assertThat(ctl("subscriptions", "list", "--filter", "t/+/x").out)
                .isEqualTo("CLIENT   FILTER  QOS  NODE\nclient1  t/+/x   1    node1@127.0.0.1\n");
        assertThat(ctl("clients", "list").out)
                .contains(
                        "client1  127.0.0.1:4711  MQTT 5.0  2              1       node1@127.0.0.1");
        assertThat(ctl("clients", "show", "client1").out)
                .contains("listener                          tcp\n");
        assertThat(ctl("status").out)
                .contains(
                        "gateway.epoch                     5.0\n",
                        "gateway.peers[0].forwarded        7\n");
        assertThat(ctl("routes", "stats").out).contains("filters   4\n", "node1@127.0.0.1  2\n");
        assertThat(ctl("config", "effective").out)
                .contains("gateway.limits.packet  1MiB   default\n");
    }

    @Test
    void a_failed_check_and_a_client_that_is_not_there_end_with_1() {
        assertThat(ctl("routes", "verify").code).isZero();
        node.digestsAgree = false;
        Run differs = ctl("routes", "verify");
        assertThat(differs.code).isEqualTo(1);
        assertThat(differs.out).contains("DIFFERS cd");
        assertThat(ctl("clients", "show", "nobody"))
                .isEqualTo(
                        new Run(
                                1,
                                "",
                                "cluster-ctl: client 'nobody' is not connected to node1@127.0.0.1\n"));
    }

    @Test
    void usage_faults_end_with_64() {
        for (String[] line :
                new String[][] {
                    {},
                    {"rotues"},
                    {"routes"},
                    {"routes", "match"},
                    {"status", "--nope"},
                    {"-o", "xml", "status"},
                    {"--timeout", "0", "status"},
                    {"--admin", "nonsense", "status"},
                    {"subscriptions"},
                    {"clients"},
                    {"--token-file", "/nowhere/token", "status"},
                    {"config"}
                }) {
            Run run = ctlAlone(line);
            assertThat(run.code).as(String.join(" ", line)).isEqualTo(64);
            assertThat(run.out).isEmpty();
            assertThat(run.err).startsWith("cluster-ctl: ");
        }
    }

    @Test
    void bad_data_ends_with_65_and_no_quorum_with_75() {
        assertThat(ctl("routes", "match", "a/#"))
                .isEqualTo(new Run(65, "", "cluster-ctl: topic 'a/#' has a wildcard\n"));
        node.storeAnswers = false;
        assertThat(ctl("routes", "list"))
                .isEqualTo(
                        new Run(
                                75,
                                "",
                                "cluster-ctl: no route store answers: tried route1@127.0.0.1\n"));
    }

    @Test
    void nobody_there_ends_with_69_and_silence_with_75() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(ctlAlone("status", "--admin", url, "--timeout", "0.2"))
                    .isEqualTo(
                            new Run(
                                    75,
                                    "",
                                    "cluster-ctl: no answer from " + url + " within 0.2 s\n"));
        }
        String url = "http://" + server.address();
        server.close();
        assertThat(ctlAlone("status", "--admin", url))
                .isEqualTo(new Run(69, "", "cluster-ctl: nothing answers at " + url + "\n"));
    }

    @Test
    void a_missing_or_wrong_token_ends_with_77(@TempDir Path directory) throws IOException {
        server.close();
        server = AdminServer.start(ANY, Optional.of("secret"), node, () -> "");
        Path token = directory.resolve("token");
        Files.writeString(token, "wrong\n");

        assertThat(ctl("status").code).isEqualTo(77);
        assertThat(ctl("status", "--token-file", token.toString()).code).isEqualTo(77);
        Files.writeString(token, "secret\n");
        assertThat(ctl("--token-file", token.toString(), "status").code).isZero();
    }

    @Test
    void a_file_is_checked_without_a_node(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("node.yaml");
        Files.writeString(file, "banyan: {node: {nmae: x}}\n");
        Run faults = ctlAlone("config", "validate", file.toString());
        assertThat(faults.code).isEqualTo(78);
        assertThat(faults.err)
                .contains(file + ":1: node.nmae: unknown key; did you mean 'node.name'?");

        Files.writeString(
                file,
                """
                banyan:
                  node: {name: s@127.0.0.1, roles: [route-store], data: d}
                  cluster: {cookie-file: c}
                  raft: {initial: {route-store: ["s@127.0.0.1:7001"]}}
                  admin: {token-file: t}
                """);
        assertThat(ctlAlone("config", "validate", file.toString()))
                .isEqualTo(new Run(0, file + ": ok\n", ""));
        assertThat(ctlAlone("config", "validate", directory.resolve("none").toString()).code)
                .isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "status",
                "nodes",
                "routes",
                "routes list",
                "routes match",
                "routes stats",
                "routes verify",
                "subscriptions",
                "subscriptions list",
                "clients",
                "clients list",
                "clients show",
                "config",
                "config validate",
                "config effective",
                "version",
                "completion"
            })
    void every_command_has_help(String command) {
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.remove("");
        line.add("--help");
        Run run = ctlAlone(line.toArray(String[]::new));

        assertThat(run.code).isZero();
        assertThat(run.out).startsWith("Usage: cluster-ctl").contains("--admin=URL");
        assertThat(run.err).isEmpty();
    }

    @Test
    void version_and_completion_need_no_node() {
        assertThat(ctlAlone("version").out).startsWith("cluster-ctl ");
        assertThat(ctlAlone("completion").out).contains("complete -F", "cluster-ctl");
    }

    private record Run(int code, String out, String err) {}

    private Run ctl(String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.add("--admin");
        all.add("http://" + server.address());
        return ctlAlone(all.toArray(String[]::new));
    }

    private static Run ctlAlone(String... line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), line);
        return new Run(code, out.toString(), err.toString());
    }
}
