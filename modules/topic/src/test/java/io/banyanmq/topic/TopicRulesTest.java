package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.topic.TopicFault.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTest {
    private final TopicRules rules = TopicRules.UNLIMITED;

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "//", "a/b c/", "$SYS/x", "ü/€/😀", "$share", "a\u0001b"})
    void valid_names(String name) {
        assertThat(rules.checkName(name)).isNull();
        assertThat(rules.checkFilter(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "a/#", "/#", "+/+/#", "//+//", "$share/g/#", "$share/g//"})
    void valid_filters_that_are_no_names(String filter) {
        assertThat(rules.checkFilter(filter)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "a/#, MQTT-4.7.0-1",
        "a+b, MQTT-4.7.0-1",
        "'', MQTT-4.7.3-1",
    })
    void names_without_wildcards_and_not_empty(String name, String clause) {
        assertThat(fault(rules.checkName(name)).kind().clause()).isEqualTo(clause);
    }

    @ParameterizedTest
    @CsvSource({
        "'', EMPTY, MQTT-4.7.3-1",
        "a#, HASH_MISPLACED, MQTT-4.7.1-1",
        "a/#/b, HASH_MISPLACED, MQTT-4.7.1-1",
        "#/, HASH_MISPLACED, MQTT-4.7.1-1",
        "##, HASH_MISPLACED, MQTT-4.7.1-1",
        "a/b+, PLUS_MISPLACED, MQTT-4.7.1-2",
        "+a/b, PLUS_MISPLACED, MQTT-4.7.1-2",
        "++, PLUS_MISPLACED, MQTT-4.7.1-2",
        "$share//a, SHARE_NAME_EMPTY, MQTT-4.8.2-1",
        "$share/, SHARE_NAME_EMPTY, MQTT-4.8.2-1",
        "$share/g, SHARE_FILTER_MISSING, MQTT-4.8.2-2",
        "$share/g/, SHARE_FILTER_MISSING, MQTT-4.8.2-2",
        "$share/g+/a, SHARE_NAME_WILDCARD, MQTT-4.8.2-2",
        "$share/#/a, SHARE_NAME_WILDCARD, MQTT-4.8.2-2",
        "$share/g/a#, HASH_MISPLACED, MQTT-4.7.1-1",
        "$share/g/$share/h/a, SHARE_NESTED, limit of this broker",
    })
    void faults_of_filters_cite_their_clause(String filter, Kind kind, String clause) {
        TopicFault fault = fault(rules.checkFilter(filter));
        assertThat(fault.kind()).isEqualTo(kind);
        assertThat(fault.kind().clause()).isEqualTo(clause);
        assertThatThrownBy(() -> TopicFilter.of(filter))
                .isInstanceOf(InvalidTopicException.class)
                .hasMessage(fault.message());
    }

    @Test // [MQTT-4.7.3-2]
    void no_null_character() {
        assertThat(fault(rules.checkName("a\u0000")).kind()).isEqualTo(Kind.NUL);
        assertThat(fault(rules.checkFilter("\u0000/#")).kind()).isEqualTo(Kind.NUL);
    }

    @Test // [MQTT-1.5.4-1]
    void no_malformed_unicode() {
        assertThat(fault(rules.checkName("a\uD800")).kind()).isEqualTo(Kind.MALFORMED_UTF8);
        assertThat(fault(rules.checkFilter("a\uDC00/#")).kind()).isEqualTo(Kind.MALFORMED_UTF8);
        byte[] overlong = {'a', (byte) 0xC0, (byte) 0xAF};
        assertThat(fault(rules.checkFilter(overlong)).kind()).isEqualTo(Kind.MALFORMED_UTF8);
        assertThat(rules.checkFilter("\uFFFD/#".getBytes(UTF_8))).isNull();
    }

    @Test // [MQTT-4.7.3-3]
    void at_most_65535_bytes() {
        assertThat(rules.checkName("a".repeat(65_535))).isNull();
        assertThat(rules.checkName("/".repeat(65_535))).isNull();
        assertThat(fault(rules.checkName("a".repeat(65_536))).message())
                .contains("65536 bytes", "MQTT-4.7.3-3");
        assertThat(fault(rules.checkFilter("ü".repeat(32_768))).kind()).isEqualTo(Kind.TOO_LONG);
    }

    @Test
    void levels_are_limited_and_the_share_name_is_none() {
        TopicRules three = new TopicRules(3);
        assertThat(three.checkName("a/b/c")).isNull();
        assertThat(three.checkFilter("$share/g/a/b/#")).isNull();
        assertThat(fault(three.checkFilter("a/b/c/#")).message())
                .isEqualTo(
                        "topic filter 'a/b/c/#': has more levels than the limit (4, at most 3)"
                                + " [limit topic-levels]");
        assertThat(fault(three.checkName("///")).kind()).isEqualTo(Kind.TOO_MANY_LEVELS);
        assertThatThrownBy(() -> new TopicRules(0)).hasMessageContaining("must be 1..65536");
    }

    @Test
    void messages_are_printable_and_short() {
        String message = fault(rules.checkFilter("+\n\u001b" + "x".repeat(1000))).message();
        assertThat(message).startsWith("topic filter '+??xxx").contains("…'").hasSizeLessThan(150);
    }

    @Test
    void part_of_a_buffer_is_checked_alone() {
        byte[] buffer = "+a/b#".getBytes(UTF_8);
        assertThat(rules.checkName(buffer, 1, 3)).isNull();
        assertThat(rules.checkName(buffer, 1, 4)).isNotNull();
    }

    private static TopicFault fault(@Nullable TopicFault fault) {
        return Objects.requireNonNull(fault, "no fault was found");
    }
}
