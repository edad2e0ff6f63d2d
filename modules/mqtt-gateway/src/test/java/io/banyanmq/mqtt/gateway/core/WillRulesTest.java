package io.banyanmq.mqtt.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.core.WillRules.End;
import io.banyanmq.mqtt.gateway.core.WillRules.Fate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WillRulesTest {
    private static final End BROKEN = new End.Broken();
    private static final End TAKEN_OVER = new End.TakenOver(false);
    private static final End TAKEN_OVER_CLEAN = new End.TakenOver(true);

    private static ClientTerms terms(Packet.@Nullable Will will, long expiry) {
        return new ClientTerms(
                MqttVersion.V5, "c", true, 0, expiry, 1, 1, 0, true, will, Optional.empty());
    }

    private static Packet.Will will(long delay) {
        return new Packet.Will(
                "t",
                Bytes.EMPTY,
                Qos.AT_MOST_ONCE,
                false,
                Properties.of(Property.WILL_DELAY_INTERVAL, delay));
    }

    @Test
    void without_a_will_there_is_nothing_to_do() {
        assertThat(WillRules.fate(terms(null, 9), BROKEN)).isEqualTo(new Fate.Discarded());
    }

    @ParameterizedTest // MQTT 5 §3.1.3.2.2: whichever comes first
    @CsvSource({"0, 0, 0", "5, 0, 0", "0, 9, 0", "5, 9, 5", "9, 5, 5"})
    void the_delay_ends_with_the_session(long delay, long expiry, long due) {
        Packet.Will will = will(delay);
        assertThat(WillRules.fate(terms(will, expiry), BROKEN))
                .isEqualTo(due == 0 ? new Fate.Now(will) : new Fate.Later(will, due));
        assertThat(
                        WillRules.fate(
                                terms(will, expiry),
                                new End.ByClient(ReasonCode.DISCONNECT_WITH_WILL)))
                .isEqualTo(due == 0 ? new Fate.Now(will) : new Fate.Later(will, due));
    }

    @Test // [MQTT-3.14.4-3]
    void a_normal_disconnect_discards_it() {
        assertThat(WillRules.fate(terms(will(5), 9), new End.ByClient(ReasonCode.SUCCESS)))
                .isEqualTo(new Fate.Discarded());
    }

    @Test // [MQTT-3.1.3-9], P7
    void a_takeover_that_resumes_in_time_discards_it_and_another_publishes_it() {
        assertThat(WillRules.fate(terms(will(5), 9), TAKEN_OVER)).isEqualTo(new Fate.Discarded());
        assertThat(WillRules.fate(terms(will(5), 9), TAKEN_OVER_CLEAN))
                .isEqualTo(new Fate.Now(will(5)));
        assertThat(WillRules.fate(terms(will(0), 9), TAKEN_OVER)).isEqualTo(new Fate.Now(will(0)));
    }
}
