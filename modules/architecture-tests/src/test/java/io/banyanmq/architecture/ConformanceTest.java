package io.banyanmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// `docs/conformance.md` says which test proves which statement of the MQTT standards; the tests cite what they prove. Neither may
/// promise what the other does not hold.
final class ConformanceTest {
    private static final String V5 = "MQTT 5.0";
    private static final String V3_1_1 = "MQTT 3.1.1";
    private static final String ETSI = "ETSI TS 103 597-1";

    /// A statement in brackets, of MQTT 5 unless it says otherwise, alone or as the first of a range.
    private static final Pattern CITATION =
            Pattern.compile(
                    "\\[(MQTT-[\\d.]+-(\\d+)|TP_MQTT_BROKER_\\w+)( of 3\\.1\\.1)?]"
                            + "(?: to \\[MQTT-[\\d.]+-(\\d+)])?");

    /// Where tests cite: in a comment before their method, behind their annotation, or at the start of a row of parameters.
    private static final Pattern CITING_LINE = Pattern.compile("^\\s*(//|@\\w+ //|\\[)");

    private static final Pattern METHOD = Pattern.compile("^\\s*(?:\\w+ )*void (\\w+)\\(");
    private static final Pattern ROW = Pattern.compile("^\\| (MQTT-\\S+|TP_\\S+) \\| (.+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+\\.\\w+)`");

    private final CodeBase code = CodeBase.here();

    /// A statement, and by which standard.
    private record Statement(String standard, String id) {}

    @Test
    void every_test_that_the_page_names_proves_its_statement() throws IOException {
        Map<Statement, String> page = page();
        Map<Statement, Set<String>> cited = citations(page.keySet());
        List<String> unproven = new ArrayList<>();
        page.forEach((statement, proof) -> {
            Matcher test = TEST.matcher(proof);
            if (test.matches()
                    && !cited.getOrDefault(statement, Set.of()).contains(test.group(1))) {
                unproven.add(
                        statement
                                + ": no test "
                                + test.group(1)
                                + " cites it, but these do: "
                                + cited.getOrDefault(statement, Set.of()));
            }
        });
        assertThat(unproven).isEmpty();
    }

    @Test
    void every_citation_is_of_a_statement_that_exists() throws IOException {
        Set<Statement> known = page().keySet();
        assertThat(citations(known).keySet()).isSubsetOf(known);
    }

    @Test
    void every_statement_has_a_known_state() throws IOException {
        page().forEach((statement, proof) ->
                assertThat(state(proof)).as(statement + ": " + proof).isPositive());
    }

    /// The table of sums: statements, proven, the client's, not for this broker, later, open.
    @Test
    void the_sums_are_right() throws IOException {
        Map<String, int[]> sums = new HashMap<>();
        page().forEach((statement, proof) -> {
            int[] sum = sums.computeIfAbsent(statement.standard(), any -> new int[6]);
            sum[0]++;
            sum[state(proof)]++;
        });
        assertThat(sums.get(V5)).startsWith(251);
        assertThat(sums.get(V3_1_1)).startsWith(141);
        assertThat(sums.get(ETSI)).startsWith(124);
        List<String> expected = new ArrayList<>();
        for (String standard : List.of(V5, V3_1_1, ETSI)) {
            expected.add(
                    "| "
                            + standard
                            + " | "
                            + IntStream.of(sums.get(standard))
                                    .mapToObj(Integer::toString)
                                    .collect(Collectors.joining(" | "))
                            + " |");
        }
        assertThat(lines()).containsAll(expected);
    }

    /// Its column in the table of sums; 0 if it is none.
    private static int state(String proof) {
        if (TEST.matcher(proof).matches()) {
            return 1;
        }
        return switch (proof.replaceFirst(":.*", "")) {
            case "client" -> 2;
            case "not applicable" -> 3;
            case "later" -> 4;
            case "open" -> 5;
            default -> 0;
        };
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(code.file("docs/conformance.md"));
    }

    private Map<Statement, String> page() throws IOException {
        Map<Statement, String> rows = new LinkedHashMap<>();
        String standard = "";
        for (String line : lines()) {
            if (line.startsWith("## ")) {
                standard = line.substring(3);
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(new Statement(standard, row.group(1)), row.group(2)))
                        .as(line)
                        .isNull();
            }
        }
        return rows;
    }

    private Map<Statement, Set<String>> citations(Set<Statement> known) throws IOException {
        Map<Statement, Set<String>> tests = new HashMap<>();
        for (Path source : code.sources()) {
            if (!code.name(source).contains("src/test/java")) {
                continue;
            }
            String type = source.getFileName().toString().replace(".java", "");
            List<Statement> pending = new ArrayList<>();
            for (String line : Files.readAllLines(source)) {
                if (CITING_LINE.matcher(line).find()) {
                    CITATION.matcher(line)
                            .results()
                            .forEach(found -> pending.addAll(statements(found, known)));
                }
                Matcher method = METHOD.matcher(line);
                if (method.find()) {
                    for (Statement statement : pending) {
                        tests.computeIfAbsent(statement, any -> new HashSet<>())
                                .add(type + "." + method.group(1));
                    }
                    pending.clear();
                }
            }
        }
        return tests;
    }

    private static List<Statement> statements(MatchResult found, Set<Statement> known) {
        String id = found.group(1);
        if (id.startsWith("TP_")) {
            return List.of(new Statement(ETSI, id));
        }
        int from = Integer.parseInt(found.group(2));
        int to = found.group(4) == null ? from : Integer.parseInt(found.group(4));
        String section = id.substring(0, id.lastIndexOf('-') + 1);
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> {
                    Statement newer = new Statement(V5, section + number);
                    Statement older = new Statement(V3_1_1, section + number);
                    boolean isOld =
                            found.group(3) != null
                                    || (!known.contains(newer) && known.contains(older));
                    return isOld ? older : newer;
                })
                .toList();
    }
}
