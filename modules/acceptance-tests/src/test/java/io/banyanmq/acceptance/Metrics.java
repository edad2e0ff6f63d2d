package io.banyanmq.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `/metrics`.
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
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(admin + "/metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
