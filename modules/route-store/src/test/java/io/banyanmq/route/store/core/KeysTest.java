package io.banyanmq.route.store.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Epoch;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void keys_of_epochs_are_short_come_back_and_stand_in_the_order_of_epochs() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Epoch a = epoch(random);
            Epoch b = epoch(random);
            byte[] keyA = Keys.epoch(a);
            assertThat(Keys.epoch(keyA, 0)).isEqualTo(a);
            assertThat(Integer.signum(Arrays.compareUnsigned(keyA, Keys.epoch(b))))
                    .isEqualTo(Integer.signum(a.compareTo(b)));
        }
        assertThat(Keys.epoch(new Epoch(1_000_000, 0))).hasSize(5);
    }

    @Test
    void a_route_key_keeps_its_bytes() {
        byte[] key = Keys.route(Keys.filter("t/+/x"), Keys.epoch(new Epoch(300, 2)));
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("037400" + "01" + "037800" + "00" + "00" + "02012c" + "0102");
        assertThat(Keys.destination(key)).isEqualTo(new Epoch(300, 2));
    }

    private static Epoch epoch(Random random) {
        return new Epoch(1 + (random.nextLong() >>> (1 + random.nextInt(62))), random.nextInt(300));
    }
}
