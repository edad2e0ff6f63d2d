package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilterTest {

    @ParameterizedTest
    @CsvSource({
        // MQTT 5 §4.7.1.2
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/#, sport, true",
        "#, sport/tennis, true",
        "sport/#, sports, false",
        // §4.7.1.3
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        // §4.7.2
        "#, $SYS/uptime, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS, true",
        "$SYS/#, $SYS/uptime, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "a/+, a/$x, true",
        // §4.7.3
        "ACCOUNTS, Accounts, false",
        "/finance, finance, false",
        "a//b, a//b, true",
        "a/+/b, a//b, true",
        // §4.8.2
        "$share/consumer/sport/+, sport/tennis, true",
        "$share/consumer/#, $SYS/uptime, false",
        "$share/consumer//finance, /finance, true",
    })
    void matches_as_the_specification_says(String filter, String topic, boolean matched) {
        assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(matched);
    }

    @Test
    void a_shared_filter_has_a_group_and_a_part_that_is_matched() {
        TopicFilter shared = TopicFilter.of("$share/grüppe/a/+");
        assertThat(shared.isShared()).isTrue();
        assertThat(shared.group()).contains("grüppe");
        assertThat(shared.unshared()).isEqualTo(TopicFilter.of("a/+"));
        assertThat(shared.levels()).containsExactly("a", "+");
        assertThat(shared.text()).hasToString("$share/grüppe/a/+").isEqualTo(shared.toString());
        assertThat(TopicFilter.of("$share/g//").levels()).containsExactly("", "");
    }

    @Test
    void a_plain_filter_is_its_own_unshared_part() {
        TopicFilter filter = TopicFilter.of("a//#");
        assertThat(filter.group()).isEmpty();
        assertThat(filter.unshared()).isSameAs(filter);
        assertThat(filter.levels()).containsExactly("a", "", "#");
        assertThat(filter.hasWildcard()).isTrue();
        assertThat(TopicFilter.of("a/b").hasWildcard()).isFalse();
    }

    @Test // [MQTT-4.7.3-4]
    void equality_is_that_of_bytes() {
        byte[] utf8 = "é/+".getBytes(UTF_8);
        TopicFilter filter = TopicRules.UNLIMITED.filter(utf8);
        utf8[utf8.length - 1] = '#';
        assertThat(filter)
                .isEqualTo(TopicFilter.of("é/+"))
                .hasSameHashCodeAs(TopicFilter.of("é/+"));
        assertThat(filter).isNotEqualTo(TopicFilter.of("e\u0301/+"));
        assertThat(filter.toBytes()).isEqualTo("é/+".getBytes(UTF_8));
        assertThat(TopicFilter.of("a")).isLessThan(TopicFilter.of("é"));
    }
}
