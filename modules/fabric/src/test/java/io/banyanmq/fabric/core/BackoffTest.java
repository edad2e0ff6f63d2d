package io.banyanmq.fabric.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void pauses_double_up_to_the_most_and_start_over_after_a_success() {
        Backoff backoff = new Backoff(50, 2_000, new Random(1));
        for (long bound : new long[] {50, 100, 200, 400, 800, 1_600, 2_000, 2_000}) {
            assertThat(backoff.nextMillis()).isBetween(bound / 2, bound);
        }
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(25L, 50L);
    }
}
