package io.banyanmq.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterKeyTest {

    @ParameterizedTest // the format is on disk: these bytes may not change
    @CsvSource({
        "a, 03610000'00'",
        "a/+/#, 03610001'02'0000",
        "/, 0300'03'000000",
        "$share/g/a, 0361'00'00'01'6700",
    })
    void golden_bytes(String filter, String hex) {
        byte[] key = FilterKey.encode(TopicFilter.of(filter));
        assertThat(HexFormat.of().formatHex(key)).isEqualTo(hex.replace("'", ""));
    }

    @Test
    void decodes_what_it_encoded_whatever_is_appended() {
        RandomTopics topics = new RandomTopics(1, 6);
        for (int i = 0; i < 10_000; i++) {
            TopicFilter filter = topics.filterOrShared();
            byte[] key = FilterKey.encode(filter);
            byte[] suffix = new byte[topics.random().nextInt(4)];
            topics.random().nextBytes(suffix);
            byte[] whole = Arrays.copyOf(key, key.length + suffix.length);
            System.arraycopy(suffix, 0, whole, key.length, suffix.length);

            assertThat(FilterKey.decode(whole)).isEqualTo(filter);
            assertThat(FilterKey.suffixStart(whole)).isEqualTo(key.length);
            assertThat(FilterKey.suffix(whole)).isEqualTo(suffix);
        }
    }

    @Test
    void byte_order_is_level_order() {
        List<TopicFilter> ordered =
                """
                + $share/g/+ $share/h/+ +/+ # /a a a/+ a/# a/ a/b a/b/c a/bb a\u0001 a! aa b é
                """
                        .strip()
                        .transform(text -> Stream.of(text.split(" ")))
                        .map(TopicFilter::of)
                        .toList();
        List<TopicFilter> sorted =
                ordered.stream()
                        .map(FilterKey::encode)
                        .sorted(Arrays::compareUnsigned)
                        .map(FilterKey::decode)
                        .toList();
        assertThat(sorted).isEqualTo(ordered);
    }

    @Test
    void a_key_without_a_filter_is_refused() {
        for (byte[] key :
                List.of(new byte[0], new byte[] {9}, new byte[] {3, 'a'}, new byte[] {1, 0})) {
            assertThatThrownBy(() -> FilterKey.decode(key)).hasMessageContaining("filter key of");
            assertThatThrownBy(() -> FilterKey.suffixStart(key))
                    .hasMessageContaining("filter key of");
        }
    }
}
