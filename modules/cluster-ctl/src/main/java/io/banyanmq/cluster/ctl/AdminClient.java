package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node's admin port, as seen from outside. Errors become [CtlException]s with their exit codes.
final class AdminClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI base;
    private final @Nullable String token;
    private final Duration timeout;
    private final HttpClient http;

    private AdminClient(URI base, @Nullable String token, Duration timeout) {
        this.base = base;
        this.token = token;
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        .build();
    }

    static AdminClient of(URI base, @Nullable Path tokenFile, Duration timeout)
            throws CtlException {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null) {
            throw new CtlException(
                    ExitCode.USAGE, "--admin " + base + ": not of the form http://host:port");
        }
        if (tokenFile == null) {
            return new AdminClient(base, null, timeout);
        }
        try {
            String token = Files.readString(tokenFile).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
                throw new CtlException(
                        ExitCode.BAD_DATA, "--token-file " + tokenFile + ": holds no token");
            }
            return new AdminClient(base, token, timeout);
        } catch (IOException e) {
            throw new CtlException(
                    ExitCode.USAGE, "--token-file " + tokenFile + ": cannot be read: " + reason(e));
        }
    }

    /// The answer to `path` (`/api/v1/...`, query included).
    JsonNode get(String path) throws CtlException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(timeout).GET();
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<InputStream> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return read(response.statusCode(), body);
            }
        } catch (HttpTimeoutException _) {
            throw new CtlException(
                    ExitCode.TIMEOUT,
                    "no answer from " + base + " within " + timeout.toMillis() / 1_000.0 + " s");
        } catch (ConnectException _) {
            throw new CtlException(ExitCode.UNAVAILABLE, "nothing answers at " + base);
        } catch (IOException e) {
            throw new CtlException(
                    ExitCode.UNAVAILABLE, "no answer from " + base + ": " + reason(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CtlException(ExitCode.TIMEOUT, "interrupted");
        }
    }

    private JsonNode read(int status, InputStream body) throws CtlException {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException _) {
            throw new CtlException(
                    ExitCode.BAD_DATA,
                    base + " answered " + status + " without JSON: is it an admin port?");
        }
        if (status == 200) {
            return answer;
        }
        String error = answer.path("error").asString("");
        String message = error.isEmpty() ? base + " answered " + status : error;
        throw new CtlException(
                switch (status) {
                    case 400 -> ExitCode.BAD_DATA;
                    case 401, 403 -> ExitCode.DENIED;
                    case 404 -> ExitCode.FAILED;
                    case 503, 504 -> ExitCode.TIMEOUT;
                    default -> ExitCode.BAD_DATA;
                },
                message);
    }

    /// A query, `?name=value`, with the value escaped.
    static String query(String name, String value) {
        return "?" + name + "=" + escaped(value);
    }

    static String escaped(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
