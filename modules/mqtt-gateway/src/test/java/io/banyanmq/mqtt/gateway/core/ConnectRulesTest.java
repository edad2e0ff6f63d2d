package io.banyanmq.mqtt.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.topic.TopicRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectRulesTest {
    private static final ConnectRules RULES =
            new ConnectRules(new ConnectRules.Offer(1_000, 20, 10, 32, 600, new TopicRules(4)));

    private static ConnectRules.Decision decide(Packet.Connect connect) {
        return RULES.decide(connect, () -> "assigned");
    }

    private static ClientTerms terms(
            MqttVersion version, boolean clean, int keepAlive, Properties p) {
        return decide(new Packet.Connect(version, clean, keepAlive, p, "c", null, "user", null))
                        instanceof ConnectRules.Decision.Accepted(ClientTerms terms, _)
                ? terms
                : fail();
    }

    private static ClientTerms fail() {
        throw new AssertionError("refused");
    }

    private static ReasonCode refusal(MqttVersion version, Packet.Will will) {
        return decide(new Packet.Connect(version, true, 0, Properties.NONE, "c", will, null, null))
                        instanceof ConnectRules.Decision.Refused refused
                ? refused.code()
                : ReasonCode.SUCCESS;
    }

    private static Packet.Will will(String topic, boolean retain) {
        return new Packet.Will(topic, Bytes.EMPTY, Qos.AT_MOST_ONCE, retain, Properties.NONE);
    }

    @ParameterizedTest // [MQTT-3.1.2-21]
    @CsvSource({"0, 600", "60, 60", "600, 600", "601, 600", "65535, 600"})
    void keep_alive_is_the_clients_up_to_the_gateways(int asked, int granted) {
        assertThat(terms(MqttVersion.V5, true, asked, Properties.NONE).keepAliveSeconds())
                .isEqualTo(granted);
    }

    @Test // [MQTT-3.1.2-11] of MQTT 5 is about 3.1.2.11.3: 65,535 if absent
    void the_window_is_the_clients_receive_maximum_or_before_mqtt_5_the_gateways_limit() {
        assertThat(terms(MqttVersion.V5, true, 0, Properties.NONE).windowMax()).isEqualTo(65_535);
        assertThat(
                        terms(MqttVersion.V5, true, 0, Properties.of(Property.RECEIVE_MAXIMUM, 7))
                                .windowMax())
                .isEqualTo(7);
        assertThat(terms(MqttVersion.V3_1_1, true, 0, Properties.NONE).windowMax()).isEqualTo(32);
    }

    @Test
    void a_session_is_wanted_by_its_expiry_or_before_mqtt_5_without_clean_session() {
        assertThat(terms(MqttVersion.V5, false, 0, Properties.NONE).wantsSession()).isFalse();
        assertThat(
                        terms(
                                        MqttVersion.V5,
                                        true,
                                        0,
                                        Properties.of(Property.SESSION_EXPIRY_INTERVAL, 1L))
                                .wantsSession())
                .isTrue();
        assertThat(terms(MqttVersion.V3_1_1, true, 0, Properties.NONE).wantsSession()).isFalse();
        assertThat(terms(MqttVersion.V3_1, false, 0, Properties.NONE).wantsSession()).isTrue();
    }

    @Test
    void aliases_are_given_up_to_the_smaller_maximum() {
        assertThat(
                        terms(
                                        MqttVersion.V5,
                                        true,
                                        0,
                                        Properties.of(Property.TOPIC_ALIAS_MAXIMUM, 100))
                                .topicAliasMaximum())
                .isEqualTo(10);
        assertThat(terms(MqttVersion.V5, true, 0, Properties.NONE).topicAliasMaximum()).isZero();
    }

    @Test // [MQTT-3.2.2-13], limits, $SYS
    void a_will_must_be_publishable() {
        assertThat(refusal(MqttVersion.V5, will("a", false))).isEqualTo(ReasonCode.SUCCESS);
        assertThat(refusal(MqttVersion.V5, will("a", true)))
                .isEqualTo(ReasonCode.RETAIN_NOT_SUPPORTED);
        assertThat(refusal(MqttVersion.V3_1_1, will("a", true))).isEqualTo(ReasonCode.SUCCESS);
        assertThat(refusal(MqttVersion.V5, will("a/b/c/d/e", false)))
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refusal(MqttVersion.V5, will("$SYS/x", false)))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test // [MQTT-3.2.2-16]
    void an_assigned_id_is_told_in_mqtt_5_alone() {
        for (MqttVersion version : MqttVersion.values()) {
            Packet.Connect connect =
                    new Packet.Connect(version, true, 0, Properties.NONE, "", null, null, null);
            assertThat(decide(connect))
                    .isInstanceOfSatisfying(
                            ConnectRules.Decision.Accepted.class,
                            accepted -> {
                                assertThat(accepted.terms().clientId()).isEqualTo("assigned");
                                assertThat(
                                                accepted.connack()
                                                        .properties()
                                                        .get(Property.ASSIGNED_CLIENT_IDENTIFIER)
                                                        .isPresent())
                                        .isEqualTo(version == MqttVersion.V5);
                            });
        }
    }
}
