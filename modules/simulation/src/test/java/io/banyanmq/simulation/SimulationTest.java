package io.banyanmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 400;

    @Test
    void every_promise_is_kept_under_every_seed() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.Result result = Simulation.run(seed);
            if (result.violation() != null) {
                fail(
                        "seed " + seed + " (./banyan sim --seed " + seed + " --trace)",
                        result.violation());
            }
            assertThat(result.alarms())
                    .as("alarms of seed %d", seed)
                    .noneMatch(alarm -> alarm.contains("digest") || alarm.contains("change"));
        }
    }

    @Test
    void the_same_seed_twice_is_the_same_history() {
        for (long seed = 1; seed <= 5; seed++) {
            Simulation.Result once =
                    Simulation.run(seed, Simulation.ALL, Variant.NONE, p -> p, true);
            Simulation.Result again =
                    Simulation.run(seed, Simulation.ALL, Variant.NONE, p -> p, true);
            assertThat(again.trace()).isEqualTo(once.trace());
            assertThat(again.hash()).isEqualTo(once.hash());
        }
    }

    @Test
    void another_seed_is_another_history() {
        assertThat(Simulation.run(1).hash()).isNotEqualTo(Simulation.run(2).hash());
    }

    @Test
    void a_run_of_so_many_steps_is_the_beginning_of_the_whole() {
        Simulation.Result part = Simulation.run(3, 1_000, Variant.NONE, p -> p, true);
        Simulation.Result whole = Simulation.run(3, Simulation.ALL, Variant.NONE, p -> p, true);
        assertThat(part.steps()).isEqualTo(1_000);
        assertThat(whole.trace()).startsWith(part.trace().toArray(String[]::new));
    }

    @Test
    void clients_are_served_in_spite_of_it_all() {
        long acknowledgements = 0;
        for (long seed = 1; seed <= 20; seed++) {
            acknowledgements += Simulation.run(seed).acknowledgements();
        }
        assertThat(acknowledgements).isGreaterThan(20 * 40);
    }
}
