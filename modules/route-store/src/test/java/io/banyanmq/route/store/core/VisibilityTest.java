package io.banyanmq.route.store.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Epoch;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisibilityTest {
    private static final Epoch A = new Epoch(1, 0);
    private static final Epoch B = new Epoch(2, 0);
    private final Visibility visibility = new Visibility();

    @Test
    void an_index_is_visible_when_every_serving_epoch_acknowledged_it() {
        visibility.applied(10, Set.of(A, B));
        visibility.acknowledged(A, 10);
        visibility.acknowledged(B, 7);
        assertThat(visibility.visible(7)).isTrue();
        assertThat(visibility.visible(8)).isFalse();
        visibility.acknowledged(B, 9);
        assertThat(visibility.visibleUpTo()).isEqualTo(9);
    }

    @Test
    void who_said_nothing_has_acknowledged_nothing() {
        visibility.applied(10, Set.of(A, B));
        visibility.acknowledged(A, 10);
        assertThat(visibility.visible(1)).isFalse();
    }

    @Test
    void a_node_that_lags_behind_answers_for_what_it_has_applied_alone() {
        visibility.applied(5, Set.of(A));
        visibility.acknowledged(A, 10);
        assertThat(visibility.visibleUpTo()).isEqualTo(5);
    }

    @Test
    void an_acknowledgement_may_come_before_the_epoch_is_known_and_never_goes_back() {
        visibility.acknowledged(A, 9);
        visibility.acknowledged(A, 4);
        visibility.applied(10, Set.of(A));
        assertThat(visibility.visibleUpTo()).isEqualTo(9);
    }

    @Test
    void nobody_is_waited_for_whose_epoch_ended() {
        visibility.applied(10, Set.of(A, B));
        visibility.acknowledged(A, 10);
        visibility.applied(11, Set.of(A));
        assertThat(visibility.visibleUpTo()).isEqualTo(10);
    }
}
