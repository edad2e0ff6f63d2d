package io.banyanmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A rule that nothing can break proves nothing: each is shown code that breaks it.
final class PlantedViolationsTest {
    private static final JavaClasses PLANTED =
            new ClassFileImporter()
                    .importPackages(
                            "io.banyanmq.architecture.planted",
                            "io.banyanmq.topic.planted",
                            "io.banyanmq.cluster.wire.planted");

    @Test
    void a_topic_that_knows_more_is_seen() {
        assertThat(faults(Rules.TOPIC_STANDS_ALONE)).isNotEmpty();
    }

    @Test
    void a_wire_that_knows_more_is_seen() {
        assertThat(faults(Rules.WIRE_KNOWS_TOPIC_ONLY)).isNotEmpty();
    }

    @Test
    void a_core_that_knows_its_shell_is_seen() {
        assertThat(faults(Rules.CORE_KNOWS_NO_SHELL)).isNotEmpty();
    }

    @Test
    void a_core_with_futures_is_seen() {
        assertThat(faults(Rules.CORE_IS_PURE))
                .anyMatch(fault -> fault.contains("CompletableFuture"));
    }

    @Test
    void each_ambient_source_of_time_and_chance_is_seen() {
        List<String> faults = faults(Rules.CORE_IS_TOLD_TIME_AND_CHANCE);
        assertThat(faults).anyMatch(fault -> fault.contains("System.nanoTime"));
        assertThat(faults).anyMatch(fault -> fault.contains("Instant.now"));
        assertThat(faults).anyMatch(fault -> fault.contains("UUID.randomUUID"));
        assertThat(faults).anyMatch(fault -> fault.contains("java.util.Random.<init>()"));
    }

    @Test
    void static_state_is_seen() {
        List<String> faults = faults(Rules.NO_CHANGING_STATICS);
        assertThat(faults).anyMatch(fault -> fault.contains("ImpureCore.changes"));
        assertThat(faults).anyMatch(fault -> fault.contains("FrameHelper.COUNT"));
    }

    @Test
    void a_name_without_a_role_is_seen() {
        assertThat(faults(Rules.NAMES_SAY_A_ROLE)).anyMatch(fault -> fault.contains("FrameHelper"));
    }

    @Test
    void a_circle_of_packages_is_seen() {
        assertThat(faults(Rules.NO_PACKAGE_CYCLES)).isNotEmpty();
    }

    private static List<String> faults(ArchRule rule) {
        return rule.evaluate(PLANTED).getFailureReport().getDetails();
    }
}
