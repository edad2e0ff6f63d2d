package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TimerWheelTest {
    private final TimerWheel wheel = new TimerWheel();
    private final List<String> fired = new ArrayList<>();

    private final class Note extends TimerWheel.Timer {
        private final String name;

        Note(String name) {
            this.name = name;
        }

        @Override
        void expire() {
            fired.add(name + "@" + wheel.now());
        }
    }

    @Test
    void timers_run_in_the_tick_they_are_due_in_even_turns_later() {
        wheel.arm(new Note("near"), 3);
        wheel.arm(new Note("far"), 3 + 5 * 1_024);
        wheel.arm(new Note("past"), 0);
        wheel.advanceTo(10_000);
        assertThat(fired).containsExactly("past@1", "near@3", "far@5123");
    }

    @Test
    void a_disarmed_timer_does_not_run_and_can_be_armed_again() {
        Note note = new Note("n");
        wheel.arm(note, 5);
        wheel.disarm(note);
        wheel.disarm(note);
        wheel.advanceTo(6);
        assertThat(fired).isEmpty();
        wheel.arm(note, 8);
        wheel.arm(note, 9);
        wheel.advanceTo(20);
        assertThat(fired).containsExactly("n@9");
    }

    @Test
    void a_timer_may_arm_itself_and_disarm_others_of_its_tick() {
        Note other = new Note("other");
        wheel.arm(
                new TimerWheel.Timer() {
                    @Override
                    void expire() {
                        fired.add("self@" + wheel.now());
                        wheel.disarm(other);
                        if (wheel.now() < 4) {
                            wheel.arm(this, wheel.now() + 2);
                        }
                    }
                },
                2);
        wheel.arm(other, 2);
        wheel.advanceTo(10);
        assertThat(fired).containsExactly("self@2", "self@4");
    }

    @Test
    void many_timers_run_once_each_never_early() {
        SplittableRandom random = new SplittableRandom(7);
        int[] runs = new int[1_000];
        for (int i = 0; i < runs.length; i++) {
            int index = i;
            long due = 1L + random.nextInt(5_000);
            wheel.arm(
                    new TimerWheel.Timer() {
                        @Override
                        void expire() {
                            assertThat(wheel.now()).isEqualTo(due);
                            runs[index]++;
                        }
                    },
                    due);
        }
        wheel.advanceTo(6_000);
        assertThat(runs).containsOnly(1);
    }
}
