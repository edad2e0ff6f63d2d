package io.banyanmq.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.cluster.wire.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final SampleNode node = new SampleNode();
    private final NodeMetrics metrics =
            new NodeMetrics()
                    .withJvm()
                    .counter(
                            "banyan.messages.received",
                            "PUBLISH packets that came in.",
                            () -> 3,
                            "qos",
                            "1");
    private AdminServer server;

    AdminServerTest() throws IOException {
        server = AdminServer.start(ANY, Optional.empty(), node, metrics::scrape);
    }

    @AfterEach
    void stop() {
        server.close();
        server.close();
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    nodes                              | [{"name":"node1@127.0.0.1","roles":["gateway","route-store"],"state":"serving","epoch":"5.0"},{"name":"node2@127.0.0.1","roles":["gateway"],"state":"joining","epoch":"6.1","fabric":"127.0.0.1:7002"}]
                    routes                             | [{"filter":"t/+/x","destinations":["node1@127.0.0.1","node3@127.0.0.1"]},{"filter":"t/+/y","destinations":["node1@127.0.0.1"]},{"filter":"t/#","destinations":["node2@127.0.0.1"]},{"filter":"t/a","destinations":["node3@127.0.0.1"]}]
                    routes/match?topic=t%2Fa           | [{"filter":"t/#","destinations":["node2@127.0.0.1"]},{"filter":"t/a","destinations":["node3@127.0.0.1"]}]
                    routes/stats                       | {"index":42,"filters":4,"routes":5,"wildcard":3,"shared":0,"nodes":[{"name":"node1@127.0.0.1","routes":2}]}
                    routes/verify                      | {"index":42,"ok":true,"sources":[{"node":"node1@127.0.0.1","epoch":"5.0","routes":2,"number":2,"digest":"ab","stored":"ab","ok":true}]}
                    subscriptions?filter=t%2F%2B%2Fy   | [{"client":"client1","filter":"t/+/y","qos":0,"node":"node1@127.0.0.1"}]
                    subscriptions?client=nobody        | []
                    clients/client1                    | {"client":"client1","node":"node1@127.0.0.1","address":"127.0.0.1:4711","listener":"tcp","protocol":"MQTT 5.0","keepAliveSeconds":60,"connectedSeconds":9,"subscriptions":2,"inflight":0,"queued":1}
                    config/effective                   | [{"key":"gateway.limits.packet","value":"1MiB","origin":"default"}]
                    """)
    void the_api_answers_in_these_shapes(String path, String answer) throws Exception {
        Answer response = get("/api/v1/" + path);

        assertThat(response.body()).isEqualTo(answer);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.type()).isEqualTo("application/json");
    }

    @Test
    void the_status_has_a_part_for_each_role() throws Exception {
        assertThat(get("/api/v1/status").body())
                .isEqualTo(
                        "{\"node\":\"node1@127.0.0.1\",\"cluster\":\"banyan\",\"version\":\"0.1.0\",\"roles\":[\"gateway\","
                                + "\"route-store\"],\"uptimeSeconds\":12,\"ready\":true,\"gateway\":{\"state\":\"serving\","
                                + "\"epoch\":\"5.0\",\"leaseMillis\":3500,\"feed\":\"node1@127.0.0.1\",\"feedIndex\":42,\"routes\":4,"
                                + "\"pendingChanges\":0,\"clients\":1,\"subscriptions\":2,\"alarms\":0,\"peers\":[{\"node\":"
                                + "\"node2@127.0.0.1\",\"connected\":true,\"forwarded\":7,\"taken\":7,\"received\":3}]},"
                                + "\"routeStore\":{\"role\":\"leader\",\"leader\":\"node1@127.0.0.1\",\"term\":2,"
                                + "\"appliedIndex\":42,\"visibleIndex\":41,\"voters\":[\"node1@127.0.0.1\"],\"followers\":3,"
                                + "\"alarms\":0}}");
    }

    @Test
    void health_follows_the_checks() throws Exception {
        assertThat(get("/health/started").status()).isEqualTo(200);
        assertThat(get("/health/ready").body()).contains("\"UP\"").doesNotContain("\"DOWN\"");
        node.ready = false;

        assertThat(get("/health/ready").status()).isEqualTo(503);
        assertThat(get("/health/ready").body()).contains("serving epoch 5.0", "\"DOWN\"");
        assertThat(get("/health/live").status()).isEqualTo(200);
        assertThat(get("/health/live").body()).contains("leads term 2").doesNotContain("gateway");
    }

    @Test
    void metrics_have_help_and_the_jvm() throws Exception {
        assertThat(get("/metrics").body())
                .contains("# HELP banyan_messages_received_total PUBLISH packets that came in.")
                .contains("banyan_messages_received_total{qos=\"1\"} 3.0")
                .contains("jvm_memory_used_bytes", "process_uptime_seconds");
    }

    @Test
    void what_is_missing_wrong_or_unavailable_is_told_in_words() throws Exception {
        assertAnswer("/api/v1/nothing", 404, "no such resource");
        assertAnswer(
                "/api/v1/clients/x%20y", 404, "client 'x y' is not connected to node1@127.0.0.1");
        assertAnswer("/api/v1/routes/match", 400, "query 'topic' is missing");
        assertAnswer("/api/v1/routes/match?topic=%23", 400, "topic '#' has a wildcard");
        node.storeAnswers = false;
        assertAnswer("/api/v1/routes", 503, "no route store answers: tried route1@127.0.0.1");
    }

    @Test
    void with_a_token_only_health_is_open() throws Exception {
        server.close();
        server = AdminServer.start(ANY, Optional.of("secret"), node, metrics::scrape);

        assertThat(get("/health/live").status()).isEqualTo(200);
        assertThat(get("/metrics").status()).isEqualTo(401);
        assertAnswer("/api/v1/status", 401, "the admin port asks for a token (--token-file)");
        assertThat(get("/api/v1/status", "Bearer secre").status()).isEqualTo(401);
        assertThat(get("/api/v1/status", "Bearer secret").status()).isEqualTo(200);
    }

    @Test
    void a_taken_port_is_refused() {
        assertThatThrownBy(() ->
                        AdminServer.start(
                                server.address(), Optional.empty(), node, metrics::scrape))
                .isInstanceOf(java.net.BindException.class);
    }

    private void assertAnswer(String path, int status, String error) throws IOException {
        Answer response = get(path);
        assertThat(response.body()).isEqualTo("{\"error\":\"" + error + "\"}");
        assertThat(response.status()).isEqualTo(status);
    }

    private record Answer(int status, String type, String body) {}

    private Answer get(String path) throws IOException {
        return get(path, null);
    }

    private Answer get(String path, @Nullable String authorization) throws IOException {
        HttpURLConnection request =
                (HttpURLConnection)
                        URI.create("http://" + server.address() + path).toURL().openConnection();
        request.setReadTimeout(20_000);
        if (authorization != null) {
            request.setRequestProperty("Authorization", authorization);
        }
        int status = request.getResponseCode();
        try (InputStream body =
                status < 400 ? request.getInputStream() : request.getErrorStream()) {
            return new Answer(
                    status,
                    String.valueOf(request.getContentType()),
                    new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
