package io.banyanmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each rule is needed: without it there is a seed that breaks a promise.
class BugTest {
    private static final int SEEDS_MAX = 600;

    @ParameterizedTest
    @EnumSource
    void a_planted_bug_is_convicted(Bug bug) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            Simulation.Result result =
                    Simulation.run(seed, Simulation.ALL, bug.variant(), bug::profile, false);
            Violation violation = result.violation();
            if (violation != null) {
                assertThat(violation.promise()).isEqualTo(bug.promise());
                return;
            }
        }
        fail(bug.title() + " was not convicted by " + SEEDS_MAX + " seeds");
    }
}
