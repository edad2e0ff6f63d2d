package io.banyanmq.node.admin;

import io.banyanmq.node.admin.RouteView.RoutesUnavailableException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// What the admin port answers to which path.
record AdminRoutes(NodeView node, Supplier<String> metrics, Optional<byte[]> token) {
    private static final String JSON_TYPE = "application/json";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    void addTo(HttpRouting.Builder routing) {
        routing.get("/health", (_, response) -> health(response, _ -> true))
                .get("/health/started", (_, response) -> health(response, _ -> false))
                .get(
                        "/health/live",
                        (_, response) -> health(response, kind -> kind == Health.Kind.LIVE))
                .get("/health/ready", (_, response) -> health(response, _ -> true));
        get(
                routing,
                "/metrics",
                (_, response) -> {
                    response.header(HeaderNames.CONTENT_TYPE, METRICS_TYPE);
                    response.send(metrics.get().getBytes(StandardCharsets.UTF_8));
                });
        get(routing, "/api/v1/status", (_, response) -> send(response, node.status()));
        get(routing, "/api/v1/nodes", (_, response) -> send(response, node.nodes()));
        get(routing, "/api/v1/clients", (_, response) -> send(response, node.clients()));
        get(routing, "/api/v1/clients/{client}", this::client);
        get(routing, "/api/v1/subscriptions", this::subscriptions);
        get(
                routing,
                "/api/v1/routes",
                (request, response) ->
                        send(
                                response,
                                node.routes().list(request.query().first("prefix").orElse(""))));
        get(routing, "/api/v1/routes/match", this::match);
        get(
                routing,
                "/api/v1/routes/stats",
                (_, response) -> send(response, node.routes().stats()));
        get(
                routing,
                "/api/v1/routes/verify",
                (_, response) -> send(response, node.routes().verify()));
        get(routing, "/api/v1/config/effective", (_, response) -> send(response, node.settings()));
        routing.any(
                "/api/*",
                (_, response) -> refuse(response, Status.NOT_FOUND_404, "no such resource"));
    }

    private interface Answer {
        void to(ServerRequest request, ServerResponse response) throws Exception;
    }

    private void get(HttpRouting.Builder routing, String path, Answer answer) {
        routing.get(
                path,
                (request, response) -> {
                    if (!admits(request)) {
                        response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
                        refuse(
                                response,
                                Status.UNAUTHORIZED_401,
                                "the admin port asks for a token (--token-file)");
                        return;
                    }
                    try {
                        answer.to(request, response);
                    } catch (RoutesUnavailableException e) {
                        refuse(
                                response,
                                Status.SERVICE_UNAVAILABLE_503,
                                String.valueOf(e.getMessage()));
                    } catch (IllegalArgumentException e) {
                        refuse(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
                    }
                });
    }

    private boolean admits(ServerRequest request) {
        if (token.isEmpty()) {
            return true;
        }
        String given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        return given.startsWith("Bearer ")
                && MessageDigest.isEqual(
                        token.get(),
                        given.substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8));
    }

    private void client(ServerRequest request, ServerResponse response) {
        String id = request.path().pathParameters().get("client");
        node.clients().stream()
                .filter(row -> row.client().equals(id))
                .findFirst()
                .ifPresentOrElse(
                        row -> send(response, row),
                        () ->
                                refuse(
                                        response,
                                        Status.NOT_FOUND_404,
                                        "client '"
                                                + id
                                                + "' is not connected to "
                                                + node.status().node()));
    }

    private void subscriptions(ServerRequest request, ServerResponse response) {
        send(
                response,
                node.subscriptions(
                        request.query().first("client").asOptional(),
                        request.query().first("filter").asOptional()));
    }

    private void match(ServerRequest request, ServerResponse response)
            throws RoutesUnavailableException {
        String topic =
                request.query()
                        .first("topic")
                        .asOptional()
                        .orElseThrow(
                                () -> new IllegalArgumentException("query 'topic' is missing"));
        send(response, node.routes().match(topic));
    }

    private void health(ServerResponse response, Predicate<Health.Kind> counts) {
        List<Health.Check> checks =
                node.health().checks().stream().filter(check -> counts.test(check.kind())).toList();
        boolean up = checks.stream().allMatch(Health.Check::up);
        response.status(up ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        send(
                response,
                new HealthAnswer(
                        up(up),
                        checks.stream()
                                .map(check ->
                                        new CheckAnswer(
                                                check.name(), up(check.up()), check.detail()))
                                .toList()));
    }

    private static String up(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private record HealthAnswer(String status, List<CheckAnswer> checks) {}

    private record CheckAnswer(String name, String status, String detail) {}

    private static void refuse(ServerResponse response, Status status, String why) {
        response.status(status);
        send(response, Map.of("error", why));
    }

    private static void send(ServerResponse response, Object answer) {
        response.header(HeaderNames.CONTENT_TYPE, JSON_TYPE);
        response.send(Json.MAPPER.writeValueAsBytes(answer));
    }

    /// Loaded with the first answer that needs it.
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }
}
