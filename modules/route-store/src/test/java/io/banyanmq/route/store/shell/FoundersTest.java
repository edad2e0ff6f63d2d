package io.banyanmq.route.store.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.banyanmq.raft.kit.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoundersTest {
    private static final List<String> NAMES = List.of("a@h", "b@h", "c@h");
    private static final Peer A = new Peer("a@h", "a1", "h:1");
    private static final Peer B = new Peer("b@h", "b1", "h:2");
    private static final Peer C = new Peer("c@h", "c1", "h:3");
    private static final Peer C_WIPED = new Peer("c@h", "c2", "h:3");
    private static final List<Peer> ALL = List.of(A, B, C);

    private final Founders alone = Founders.of(A, NAMES, 1);
    private long turns = 100;

    private Founders.Saying empty(Peer peer, Peer... seen) {
        return new Founders.Saying(peer, ++turns, false, List.of(seen));
    }

    @Test
    void one_node_forms_by_itself() {
        assertThat(Founders.of(A, List.of("a@h"), 1).verdict())
                .isEqualTo(new Founders.Verdict.Form(List.of(A)));
    }

    @Test
    void nobody_forms_before_all_have_seen_the_same() {
        Founders.Verdict wait = new Founders.Verdict.Wait();
        assertThat(alone.verdict()).isEqualTo(wait);
        Founders two = alone.heard(empty(B, A, B));
        assertThat(two.verdict()).isEqualTo(wait);
        assertThat(two.saying().peers()).containsExactly(A, B);
        Founders three = two.heard(empty(C, A, B, C));
        assertThat(three.verdict()).as("b has not seen c yet").isEqualTo(wait);
        assertThat(three.heard(empty(B, A, B, C)).verdict())
                .isEqualTo(new Founders.Verdict.Form(ALL));
    }

    @Test
    void node_that_was_wiped_meanwhile_counts_as_it_is_now() {
        Founders founders = alone.heard(empty(B, A, B, C)).heard(empty(C_WIPED, A, B, C_WIPED));
        assertThat(founders.verdict()).isEqualTo(new Founders.Verdict.Wait());
        assertThat(founders.heard(empty(B, A, B, C_WIPED)).verdict())
                .isEqualTo(new Founders.Verdict.Form(List.of(A, B, C_WIPED)));
    }

    @Test
    void who_hears_late_forms_with_those_who_did() {
        assertThat(alone.heard(new Founders.Saying(B, 5, true, ALL)).verdict())
                .isEqualTo(new Founders.Verdict.Form(ALL));
    }

    @Test
    void who_was_formed_has_nothing_new_to_say() {
        Founders formed = alone.formed(ALL);
        assertThat(formed.formed(ALL).saying()).isEqualTo(formed.saying());
    }

    @Test
    void who_lost_its_data_is_no_founder_again() {
        Founders wiped = Founders.of(C_WIPED, NAMES, 1).heard(new Founders.Saying(A, 5, true, ALL));
        assertThat(wiped.verdict())
                .isInstanceOfSatisfying(
                        Founders.Verdict.Excluded.class,
                        excluded -> assertThat(excluded.reason()).contains("join as a new peer"));
    }

    @Test
    void older_word_that_arrives_late_is_not_heard() {
        Founders.Saying older = empty(B, A, B);
        Founders founders = alone.heard(empty(B, A, B, C));
        assertThat(founders.heard(older)).isEqualTo(founders);
    }

    @Test
    void strangers_are_not_heard() {
        Peer stranger = new Peer("d@h", "d1", "h:4");
        assertThat(alone.heard(empty(stranger, A, stranger))).isEqualTo(alone);
    }

    @Test
    void what_is_said_arrives() {
        Founders.Saying saying = new Founders.Saying(B, 5, true, ALL);
        assertThat(Founders.Saying.decode(saying.encode())).isEqualTo(saying);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Founders.Saying.decode(new byte[] {1, 0, 0}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Founders.Saying.decode(new byte[] {9}))
                .withMessageContaining("version 9");
    }
}
