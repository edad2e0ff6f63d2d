package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrieWalkTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void finds_what_the_reference_finds_in_key_order(long seed) {
        RandomTopics topics = new RandomTopics(seed, 5);
        CountingKeys keys = new CountingKeys();
        for (int i = 0; i < 40 * seed; i++) {
            keys.add(topics.filterOrShared(), topics.random().nextInt(3));
        }
        for (int i = 0; i < 500; i++) {
            String topic = topics.topic();
            List<byte[]> expected =
                    keys.set.stream().filter(key -> FilterKey.decode(key).matches(topic)).toList();
            assertThat(match(keys, topic))
                    .as("seed %d, topic '%s'", seed, topic)
                    .isEqualTo(hex(expected));
        }
    }

    @Test
    void seeks_do_not_grow_with_the_keys() {
        CountingKeys keys = new CountingKeys();
        for (int i = 0; i < 20_000; i++) {
            keys.add(TopicFilter.of("a/" + i + "/+"), 0);
            keys.add(TopicFilter.of("a/+/" + i), 0);
        }
        keys.seeks = 0;
        assertThat(match(keys, "a/777/888")).hasSize(2);
        assertThat(keys.seeks).isLessThan(20);
    }

    @Test
    void an_empty_store_and_a_topic_of_the_greatest_length() {
        CountingKeys keys = new CountingKeys();
        assertThat(match(keys, "a")).isEmpty();
        String deep = "/".repeat(65_535);
        keys.add(TopicFilter.of(deep), 0);
        keys.add(TopicFilter.of("/".repeat(65_533) + "#"), 0);
        keys.add(TopicFilter.of("+/".repeat(32_767) + "#"), 0);
        assertThat(match(keys, deep)).hasSize(3);
    }

    private static List<String> match(CountingKeys keys, String topic) {
        List<byte[]> found = new ArrayList<>();
        TrieWalk.match(keys, topic.getBytes(UTF_8), found::add);
        return hex(found);
    }

    private static List<String> hex(List<byte[]> keys) {
        return keys.stream().map(Arrays::toString).toList();
    }

    private static final class CountingKeys implements TrieWalk.OrderedKeys {
        private final TreeSet<byte[]> set = new TreeSet<>(Arrays::compareUnsigned);
        private int seeks;

        void add(TopicFilter filter, int destination) {
            byte[] key = FilterKey.encode(filter);
            byte[] whole = Arrays.copyOf(key, key.length + 1);
            whole[key.length] = (byte) destination;
            set.add(whole);
        }

        @Override
        public byte @Nullable [] ceiling(byte[] key) {
            seeks++;
            return set.ceiling(key);
        }
    }
}
