package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.gateway.shell.Inflight.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InflightTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 300, 40_000, 65_535})
    void it_agrees_with_a_plain_set(int window) {
        Inflight inflight = new Inflight(window);
        BitSet model = new BitSet();
        List<Integer> ids = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(window);
        List<String> faults = new ArrayList<>();
        for (int step = 0; step < 2 * window + 10_000; step++) {
            boolean filling = step < window;
            if (filling || ids.isEmpty() || random.nextInt(100) < 52) {
                int id = inflight.take(1);
                if (ids.size() == window ? id != 0 : id < 1 || id > 65_535 || model.get(id)) {
                    faults.add("step " + step + " took " + id);
                } else if (id != 0) {
                    model.set(id);
                    ids.add(id);
                }
            } else {
                int at = random.nextInt(ids.size());
                int id = ids.set(at, ids.getLast());
                ids.removeLast();
                model.clear(id);
                if (inflight.puback(id) != Outcome.DONE || inflight.puback(id) != Outcome.UNKNOWN) {
                    faults.add("step " + step + " settled " + id);
                }
            }
            if (inflight.size() != ids.size()) {
                faults.add("step " + step + " has " + inflight.size());
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test // [MQTT-4.3.3-4] and the four packets
    void qos_2_goes_through_its_states() {
        Inflight inflight = new Inflight(2);
        int id = inflight.take(2);
        assertThat(inflight.puback(id)).isEqualTo(Outcome.OUT_OF_ORDER);
        assertThat(inflight.pubcomp(id)).isEqualTo(Outcome.OUT_OF_ORDER);
        assertThat(inflight.pubrec(id, false)).isEqualTo(Outcome.DONE);
        assertThat(inflight.pubrec(id, false)).isEqualTo(Outcome.DONE);
        assertThat(inflight.pubcomp(id)).isEqualTo(Outcome.DONE);
        assertThat(inflight.pubrec(id, false)).isEqualTo(Outcome.UNKNOWN);
        int refused = inflight.take(2);
        assertThat(inflight.pubrec(refused, true)).isEqualTo(Outcome.DONE);
        assertThat(inflight.size()).isZero();
    }
}
