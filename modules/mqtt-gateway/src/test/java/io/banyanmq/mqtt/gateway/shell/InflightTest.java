package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InflightTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 300, 40_000, 65_535})
    void it_agrees_with_a_plain_map(int window) {
        Inflight inflight = new Inflight(window);
        Map<Integer, Integer> model = new HashMap<>();
        List<Integer> ids = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(window);
        for (int step = 0; step < 200_000; step++) {
            if (ids.isEmpty() || random.nextInt(100) < 52) {
                int id = inflight.take(1);
                if (model.size() == window) {
                    assertThat(id).isZero();
                } else {
                    assertThat(model).doesNotContainKey(id);
                    assertThat(id).isBetween(1, 65_535);
                    model.put(id, 1);
                    ids.add(id);
                }
            } else {
                int at = random.nextInt(ids.size());
                int id = ids.set(at, ids.getLast());
                ids.removeLast();
                model.remove(id);
                assertThat(inflight.puback(id)).isTrue();
                assertThat(inflight.puback(id)).isFalse();
            }
            assertThat(inflight.size()).isEqualTo(model.size());
        }
    }

    @Test // [MQTT-4.3.3-4] and the four packets
    void qos_2_goes_through_its_states() {
        Inflight inflight = new Inflight(2);
        int id = inflight.take(2);
        assertThat(inflight.puback(id)).isFalse();
        assertThat(inflight.pubcomp(id)).isFalse();
        assertThat(inflight.pubrec(id, false)).isTrue();
        assertThat(inflight.pubrec(id, false)).isTrue();
        assertThat(inflight.pubcomp(id)).isTrue();
        assertThat(inflight.pubrec(id, false)).isFalse();
        int refused = inflight.take(2);
        assertThat(inflight.pubrec(refused, true)).isTrue();
        assertThat(inflight.size()).isZero();
    }
}
