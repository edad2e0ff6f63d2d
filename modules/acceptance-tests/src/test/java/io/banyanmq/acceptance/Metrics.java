package io.banyanmq.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the admin port.
final class Metrics {
    private Metrics() {}

    /// The values of `metric`, summed by the value of `label`.
    static Map<String, Long> read(String admin, String metric, String label) {
        Pattern line =
                Pattern.compile(
                        "^"
                                + Pattern.quote(metric)
                                + "\\{(?:[^}]*,)?"
                                + Pattern.quote(label)
                                + "=\"([^\"]*)\"[^}]*\\} ([0-9.E+-]+)");
        Map<String, Long> values = new TreeMap<>();
        for (String each : page(admin).lines().toList()) {
            Matcher matcher = line.matcher(each);
            if (matcher.find()) {
                values.merge(
                        matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
            }
        }
        return values;
    }

    static String page(String admin) {
        try {
            return get(admin + "/metrics").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether `url` answers 200.
    static boolean answers(String url) {
        try {
            return get(url).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static HttpResponse<String> get(String url) throws IOException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
