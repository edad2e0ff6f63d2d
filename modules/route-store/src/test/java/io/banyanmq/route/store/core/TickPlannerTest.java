package io.banyanmq.route.store.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.Renewal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TickPlannerTest {
    private static final long MS = 1_000_000;
    private final TickPlanner planner = new TickPlanner();

    @Test
    void the_first_tick_of_a_term_is_due_at_once_and_lets_no_time_pass() {
        assertThat(planner.due(4, 77 * MS)).isTrue();
        assertThat(plan(4, 77)).isEqualTo(new Command.Tick(4, 1, 0, List.of(), 9));
    }

    @Test
    void time_is_counted_since_the_last_tick_that_was_proposed() {
        settle(plan(4, 0), false);
        assertThat(plan(4, 600).elapsedMillis()).isEqualTo(600);
    }

    @Test
    void a_tick_counts_a_second_at_most_and_the_rest_is_forgotten() {
        settle(plan(4, 0), true);
        Command.Tick capped = plan(4, 60_000);
        assertThat(capped.elapsedMillis()).isEqualTo(1_000);
        settle(capped, true);
        assertThat(plan(4, 60_500).elapsedMillis()).isEqualTo(500);
    }

    @Test
    void parts_of_a_millisecond_are_not_lost() {
        settle(plan(4, 0), true);
        long counted = 0;
        for (int i = 1; i <= 1_000; i++) {
            Command.Tick tick =
                    Objects.requireNonNull(planner.plan(4, List.of(), i * (MS + MS / 2), 9));
            counted += tick.elapsedMillis();
            settle(tick, true);
        }
        assertThat(counted).isEqualTo(1_500);
    }

    @Test
    void one_tick_is_in_flight_and_its_successor_keeps_the_renewals() {
        Command.Tick first = plan(4, 0);
        Renewal renewal = new Renewal(new Epoch(3, 0), 1, 6_000, 2);
        planner.renew(renewal);
        assertThat(planner.due(4, 10_000 * MS)).isFalse();
        assertThat(planner.plan(4, planner.takeRenewals(), 10_000 * MS, 9)).isNull();
        settle(first, true);
        assertThat(planner.due(4, 10_000 * MS)).isTrue();
        assertThat(planner.takeRenewals()).containsExactly(renewal);
    }

    @Test
    void the_answer_of_an_older_tick_frees_nothing() {
        Command.Tick first = plan(4, 0);
        settle(first, false);
        assertThat(plan(4, 500)).isNotNull();
        settle(first, true);
        assertThat(planner.plan(4, List.of(), 1_000 * MS, 9)).isNull();
    }

    @Test
    void a_new_term_does_not_wait_for_the_ticks_of_the_old_one() {
        assertThat(plan(4, 0).number()).isEqualTo(1);
        Command.Tick next = plan(5, 100);
        assertThat(next.number()).isEqualTo(1);
        assertThat(next.elapsedMillis()).isZero();
    }

    @Test
    void of_each_epoch_the_latest_renewal_waits() {
        planner.renew(new Renewal(new Epoch(3, 0), 2, 6_000, 9));
        planner.renew(new Renewal(new Epoch(3, 0), 1, 6_000, 8));
        planner.renew(new Renewal(new Epoch(2, 0), 7, 6_000, 9));
        assertThat(planner.takeRenewals()).extracting(Renewal::serial).containsExactly(7L, 2L);
        assertThat(planner.takeRenewals()).isEmpty();
    }

    private Command.Tick plan(long term, long atMillis) {
        return Objects.requireNonNull(planner.plan(term, List.of(), atMillis * MS, 9));
    }

    private void settle(Command.Tick tick, boolean committed) {
        planner.settled(tick, committed);
    }
}
