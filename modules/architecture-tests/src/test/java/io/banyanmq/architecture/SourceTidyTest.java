package io.banyanmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SourceTidyTest {
    private static final int LINES_AIM = 500;
    private static final int LINES_MAX = 800;

    /// Put together, so that this file does not hold the words that it looks for.
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

    private static final Pattern HOLDS_CODE_OF_OTHERS = Pattern.compile("(-bundle|cluster-proto)/");

    private final CodeBase code = CodeBase.here();

    @Test
    void a_file_stays_readable() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : code.sources()) {
            int lines = Files.readAllLines(source).size();
            if (lines > LINES_AIM) {
                System.out.println(code.name(source) + ": " + lines + " lines, aim " + LINES_AIM);
            }
            if (lines > LINES_MAX) {
                tooLong.add(code.name(source) + ": " + lines + " lines, at most " + LINES_MAX);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void nothing_is_left_unfinished() throws IOException {
        assertThat(linesThat(UNFINISHED.asPredicate())).isEmpty();
    }

    @Test
    void every_module_is_null_marked() throws IOException {
        for (Path source : code.sources()) {
            if (source.endsWith("src/main/java/module-info.java")
                    && !HOLDS_CODE_OF_OTHERS.matcher(code.name(source)).find()) {
                assertThat(Files.readString(source)).as(code.name(source)).contains("@NullMarked");
            }
        }
    }

    @Test
    void the_words_are_found_where_they_are() {
        assertThat("// TO" + "DO later").matches(UNFINISHED.asPredicate());
    }

    private List<String> linesThat(Predicate<String> offend) throws IOException {
        List<String> offenders = new ArrayList<>();
        for (Path source : code.sources()) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (offend.test(lines.get(i)) && !source.endsWith("SourceTidyTest.java")) {
                    offenders.add(code.name(source) + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return offenders;
    }
}
