package io.banyanmq.fabric.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.fabric.core.LinkReceiver.Answer;
import io.banyanmq.fabric.core.LinkReceiver.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LinkTest {
    @Test
    void frames_are_numbered_from_one() {
        LinkSender sender = new LinkSender(1_000);
        assertThat(sender.append(10, true)).isEqualTo(1);
        assertThat(sender.append(10, false)).isEqualTo(2);
        assertThat(sender.last()).isEqualTo(2);
        assertThat(sender.taken()).isZero();
    }

    @Test
    void a_segment_is_free_once_its_last_frame_was_taken() {
        LinkSender sender = new LinkSender(1_000);
        sender.append(10, true);
        sender.append(10, false);
        sender.append(30, true);
        assertThat(sender.taken(1)).isZero();
        assertThat(sender.heldBytes()).isEqualTo(50);
        assertThat(sender.taken(2)).isEqualTo(1);
        assertThat(sender.heldBytes()).isEqualTo(30);
        assertThat(sender.taken(2)).as("a repeat").isZero();
        assertThat(sender.taken(3)).isEqualTo(1);
        assertThat(sender.heldBytes()).isZero();
    }

    @Test
    void writable_falls_at_the_window_and_rises_at_half_of_it() {
        LinkSender sender = new LinkSender(100);
        for (int i = 0; i < 9; i++) {
            sender.append(10, true);
        }
        assertThat(sender.writable()).isTrue();
        sender.append(10, true);
        assertThat(sender.writable()).isFalse();
        sender.taken(4);
        assertThat(sender.writable()).as("60 of 100 bytes held").isFalse();
        sender.taken(5);
        assertThat(sender.writable()).as("50 of 100 bytes held").isTrue();
    }

    @Test
    void a_receiver_that_took_what_was_never_sent_or_forgot_what_it_took_is_a_fault() {
        LinkSender sender = new LinkSender(100);
        sender.append(10, true);
        sender.append(10, true);
        sender.taken(2);
        assertThatThrownBy(() -> sender.taken(3))
                .isInstanceOf(LinkFaultException.class)
                .hasMessageContaining("3");
        assertThatThrownBy(() -> sender.resume(1))
                .isInstanceOf(LinkFaultException.class)
                .hasMessageContaining("wants frame 2");
        LinkReceiver receiver = new LinkReceiver();
        assertThatThrownBy(() -> receiver.resume(1)).isInstanceOf(LinkFaultException.class);
    }

    @Test
    void the_receiver_takes_the_next_answers_a_repeat_and_refuses_a_gap() {
        LinkReceiver receiver = new LinkReceiver();
        assertThat(receiver.offered(1)).isEqualTo(Verdict.TAKE);
        receiver.took(null);
        assertThat(receiver.offered(1)).isEqualTo(Verdict.REPEAT);
        assertThat(receiver.offered(3)).isEqualTo(Verdict.GAP);
        assertThat(receiver.acknowledgementDue()).isTrue();
        assertThat(receiver.acknowledge()).isEqualTo(1);
        assertThat(receiver.acknowledgementDue()).isFalse();
    }

    @Test
    void answers_are_kept_until_the_sender_has_had_them() {
        LinkReceiver receiver = new LinkReceiver();
        receiver.took(new byte[] {1});
        receiver.took(null);
        receiver.took(new byte[] {3});
        assertThat(receiver.resume(0)).extracting(Answer::number).containsExactly(1L, 3L);
        assertThat(receiver.resume(1)).extracting(Answer::number).containsExactly(3L);
        receiver.settled(3);
        assertThat(receiver.resume(1)).isEmpty();
    }

    /// A sender and a receiver over connections that break at any moment, losing whatever is under way in
    /// both directions.
    @Test
    void every_frame_is_taken_exactly_once_in_order_over_any_number_of_broken_connections() {
        long repeats = 0;
        long broken = 0;
        for (long seed = 1; seed <= 2_000; seed++) {
            LossyLink link = new LossyLink(new Random(seed));
            link.run(60);
            assertThat(link.delivered)
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, link.sender.last()).boxed().toList());
            assertThat(link.answered)
                    .as("answers, seed %d", seed)
                    .containsExactlyElementsOf(
                            link.delivered.stream().filter(LossyLink::hasAnswer).toList());
            assertThat(link.sender.heldBytes()).as("seed %d", seed).isZero();
            repeats += link.repeats;
            broken += link.broken;
        }
        assertThat(broken).isGreaterThan(1_000);
        assertThat(repeats).as("a resumed link repeats nothing").isZero();
    }

    private static final class LossyLink {
        private final Random random;
        final LinkSender sender = new LinkSender(500);
        private final LinkReceiver receiver = new LinkReceiver();
        private final ArrayDeque<Long> toReceiver = new ArrayDeque<>();
        private final ArrayDeque<Runnable> toSender = new ArrayDeque<>();
        private boolean connected;
        private long written;
        private long answeredTo;
        final List<Long> delivered = new ArrayList<>();
        final List<Long> answered = new ArrayList<>();
        long repeats;
        long broken;

        LossyLink(Random random) {
            this.random = random;
        }

        static boolean hasAnswer(long number) {
            return number % 7 == 0;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(6));
            }
            while (sender.taken() < sender.last()) {
                step(1 + random.nextInt(4));
            }
            while (!toSender.isEmpty()) {
                step(4);
            }
        }

        private void step(int what) {
            switch (what) {
                case 0 -> {
                    if (sender.writable()) {
                        sender.append(1 + random.nextInt(50), random.nextInt(3) == 0);
                    }
                }
                case 1 -> connect();
                case 2 -> {
                    if (connected && written < sender.last()) {
                        toReceiver.add(++written);
                    }
                }
                case 3 -> receive();
                case 4 -> {
                    Runnable next = toSender.poll();
                    if (next != null) {
                        next.run();
                    }
                }
                default -> breakConnection();
            }
        }

        private void connect() {
            if (connected) {
                return;
            }
            connected = true;
            for (Answer answer : receiver.resume(sender.taken())) {
                hear(answer);
            }
            sender.resume(receiver.acknowledge());
            written = sender.taken();
        }

        private void receive() {
            Long number = toReceiver.poll();
            if (number == null) {
                if (receiver.acknowledgementDue() && connected) {
                    long taken = receiver.acknowledge();
                    toSender.add(() -> sender.taken(taken));
                }
                return;
            }
            switch (receiver.offered(number)) {
                case TAKE -> {
                    delivered.add(number);
                    byte[] body = hasAnswer(number) ? new byte[] {1} : null;
                    receiver.took(body);
                    if (body != null) {
                        toSender.add(() -> hear(new Answer(number, body)));
                    }
                }
                case REPEAT -> repeats++;
                case GAP -> throw new AssertionError("gap at " + number);
            }
        }

        private void hear(Answer answer) {
            if (answer.number() > answeredTo) {
                answeredTo = answer.number();
                answered.add(answeredTo);
            }
            receiver.settled(answeredTo);
        }

        private void breakConnection() {
            if (connected) {
                broken++;
            }
            connected = false;
            toReceiver.clear();
            toSender.clear();
        }
    }
}
