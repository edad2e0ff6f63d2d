package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
    private final LevelHash hash = LevelHash.keyed(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    @Test // the vectors of the reference implementation for one and three rounds: bytes 0, 1, 2 …
    void agrees_with_the_reference() {
        byte[] bytes = new byte[64];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(hash.hash(bytes, 0, 0)).isEqualTo(0xabac0158050fc4dcL);
        assertThat(hash.hash(bytes, 0, 1)).isEqualTo(0xc9f49bf37d57ca93L);
        assertThat(hash.hash(bytes, 0, 2)).isEqualTo(0x82cb9b024dc7d44dL);
    }

    @Test
    void depends_on_the_key_and_on_the_range_alone() {
        byte[] bytes = "xxtemperaturexx".getBytes(UTF_8);
        byte[] alone = "temperature".getBytes(UTF_8);
        assertThat(hash.hash(bytes, 2, 13)).isEqualTo(hash.hash(alone, 0, 11));
        assertThat(LevelHash.keyed(1, 2).hash(alone, 0, 11)).isNotEqualTo(hash.hash(alone, 0, 11));
    }
}
