package io.banyanmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final CodeBase CODE = CodeBase.here();
    private static final JavaClasses CLASSES = CODE.mainClasses();
    private static final Set<String> PROGRAMS =
            Set.of(
                    "io.banyanmq.node",
                    "io.banyanmq.cluster.ctl",
                    "io.banyanmq.simulation",
                    "io.banyanmq.bench");

    @Test
    void there_is_code_to_judge() {
        assertThat(CLASSES.contain("io.banyanmq.node.Main")).isTrue();
        assertThat(CODE.descriptors()).hasSizeGreaterThan(15);
    }

    @Test
    void topic_stands_alone() {
        check(Rules.TOPIC_STANDS_ALONE);
    }

    @Test
    void wire_knows_topic_only() {
        check(Rules.WIRE_KNOWS_TOPIC_ONLY);
    }

    @Test
    void core_knows_no_shell() {
        check(Rules.CORE_KNOWS_NO_SHELL);
    }

    @Test
    void core_is_pure() {
        check(Rules.CORE_IS_PURE);
    }

    @Test
    void core_is_told_time_and_chance() {
        check(Rules.CORE_IS_TOLD_TIME_AND_CHANCE);
    }

    @Test
    void no_static_changes() {
        check(Rules.NO_CHANGING_STATICS);
    }

    @Test
    void names_say_a_role() {
        check(Rules.NAMES_SAY_A_ROLE);
    }

    @Test
    void packages_do_not_need_each_other_in_a_circle() {
        check(Rules.NO_PACKAGE_CYCLES);
    }

    @Test
    void a_module_exports_one_package_at_most_and_a_program_none() {
        for (ModuleDescriptor module : CODE.descriptors()) {
            if (module.name().startsWith("io.banyanmq.bundle.")) {
                continue;
            }
            List<String> exported =
                    module.exports().stream()
                            .filter(export -> !export.isQualified())
                            .map(ModuleDescriptor.Exports::source)
                            .toList();
            assertThat(exported)
                    .as("exports of %s", module.name())
                    .hasSizeLessThanOrEqualTo(PROGRAMS.contains(module.name()) ? 0 : 1);
            assertThat(module.isOpen()).as("%s is open", module.name()).isFalse();
            assertThat(
                            module.opens().stream()
                                    .filter(opens -> !opens.isQualified())
                                    .map(ModuleDescriptor.Opens::source)
                                    .collect(Collectors.toSet()))
                    .as("opens of %s", module.name())
                    .isEmpty();
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
