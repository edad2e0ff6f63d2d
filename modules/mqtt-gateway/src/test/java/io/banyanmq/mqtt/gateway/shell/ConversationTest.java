package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.GatewayConfig.Limits;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What answers what, and in which order: statements that MQTT 3.1.1 and MQTT 5 share are tried in both.
final class ConversationTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Packet.Publish publish(boolean dup, Qos qos, int id, String topic) {
        return new Packet.Publish(dup, qos, false, topic, id, Properties.NONE, Bytes.utf8("x"));
    }

    // CONNECT.

    // [MQTT-3.1.4-5], [MQTT-3.2.0-1], [MQTT-3.2.0-2], [MQTT-3.1.3-5],
    // [MQTT-3.2.2-1]; [MQTT-3.1.4-4 of 3.1.1],
    // [MQTT-3.2.0-1 of 3.1.1], [MQTT-3.2.2-1 of 3.1.1], [MQTT-3.2.2-3 of 3.1.1],
    // [MQTT-3.1.3-5 of 3.1.1]; [TP_MQTT_BROKER_CONNECT_003], [TP_MQTT_BROKER_CONNECT_017],
    // [TP_MQTT_BROKER_CONNECT_018], [TP_MQTT_BROKER_CONNACK_001], [TP_MQTT_BROKER_CONNACK_002],
    // [TP_MQTT_BROKER_CONNACK_004]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void a_connect_gets_one_connack_before_anything_else(MqttVersion version) throws IOException {
        for (String id : List.of("a", "0123456789abcdefghijklm", "NOPQRSTUVWXYZnopqrstuvw")) {
            try (RawClient client = gateway.open(version)) {
                client.send(client.connectPacket(id, Properties.NONE));
                client.send(new Packet.Pingreq());
                assertThat(client.next())
                        .isInstanceOfSatisfying(
                                Packet.Connack.class,
                                connack -> {
                                    assertThat(connack.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
                                    assertThat(connack.sessionPresent()).isFalse();
                                });
                assertThat(client.next()).isInstanceOf(Packet.Pingresp.class);
            }
        }
    }

    // [MQTT-3.1.2-28], [MQTT-4.12.0-6]
    @Test
    void connack_has_nothing_that_nobody_asked_for() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.send(client.connectPacket("a", Properties.NONE));
            Properties offered = client.expect(Packet.Connack.class).properties();
            assertThat(offered.get(Property.RESPONSE_INFORMATION)).isEmpty();
            assertThat(offered.get(Property.AUTHENTICATION_METHOD)).isEmpty();
        }
    }

    // [MQTT-3.1.4-6], [MQTT-3.2.2-7], [MQTT-3.1.4-2], [MQTT-3.14.0-1]; [MQTT-3.1.4-5 of 3.1.1],
    // [MQTT-3.2.2-4 of 3.1.1], [MQTT-3.2.2-5 of 3.1.1], [MQTT-3.1.3-9 of 3.1.1];
    // [TP_MQTT_BROKER_CONNECT_032], [TP_MQTT_BROKER_CONNACK_006]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void what_follows_a_refused_connect_is_not_looked_at(MqttVersion version) throws IOException {
        try (RawClient watcher = gateway.connect(MqttVersion.V5, "watcher");
                RawClient client = gateway.open(version)) {
            watcher.subscribe(1, "a", Qos.AT_MOST_ONCE);
            boolean v5 = version == MqttVersion.V5;
            Properties method =
                    v5 ? Properties.of(Property.AUTHENTICATION_METHOD, "none") : Properties.NONE;
            PacketEncoder encoder = new PacketEncoder(version);
            ByteBuf both = Unpooled.buffer();
            encoder.encode(
                    new Packet.Connect(version, false, 0, method, "", null, null, null), both);
            encoder.encode(publish(false, Qos.AT_MOST_ONCE, 0, "a"), both);
            client.sendBytes(both);
            Packet.Connack connack = client.expect(Packet.Connack.class);
            assertThat(connack.reasonCode())
                    .isEqualTo(
                            v5
                                    ? ReasonCode.BAD_AUTHENTICATION_METHOD
                                    : ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
            assertThat(connack.sessionPresent()).isFalse();
            assertThatThrownBy(client::next).hasMessageContaining("closed the connection");
            assertThat(watcher.untilPingresp()).isEmpty();
        }
    }

    // [MQTT-4.1.0-2], [MQTT-3.1.4-4], [MQTT-3.1.3-2]; [MQTT-3.1.4-3 of 3.1.1],
    // [MQTT-3.1.3-2 of 3.1.1]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void a_session_that_ended_leaves_no_subscription(MqttVersion version) throws IOException {
        try (RawClient first = gateway.connect(version, "a")) {
            first.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            first.send(new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE));
            assertThat(first.isClosedByServer()).isTrue();
        }
        try (RawClient again = gateway.connect(version, "a")) {
            again.publish(1, "a", Qos.AT_LEAST_ONCE, "x");
            again.expect(Packet.Puback.class);
            assertThat(again.untilPingresp()).isEmpty();
        }
    }

    // SUBSCRIBE and UNSUBSCRIBE.

    // [MQTT-3.8.4-5], [MQTT-3.8.4-7], [MQTT-2.2.1-6]; [MQTT-3.8.4-1 of 3.1.1],
    // [MQTT-3.8.4-2 of 3.1.1], [MQTT-3.8.4-4 of 3.1.1], [MQTT-3.8.4-5 of 3.1.1],
    // [MQTT-3.9.3-1 of 3.1.1], [MQTT-3.9.3-2 of 3.1.1], [MQTT-2.3.1-7 of 3.1.1];
    // [TP_MQTT_BROKER_SUBACK_001] to [TP_MQTT_BROKER_SUBACK_006]: [TP_MQTT_BROKER_SUBACK_002],
    // [TP_MQTT_BROKER_SUBACK_003], [TP_MQTT_BROKER_SUBACK_004], [TP_MQTT_BROKER_SUBACK_005],
    // [TP_MQTT_BROKER_SEC_CVE_003]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void suback_has_the_code_of_each_filter(MqttVersion version) throws IOException {
        try (RawClient client = gateway.connect(version, "a")) {
            client.send(
                    new Packet.Subscribe(
                            77,
                            Properties.NONE,
                            List.of(
                                    Packet.Subscription.of("a", Qos.AT_MOST_ONCE),
                                    Packet.Subscription.of("b", Qos.AT_LEAST_ONCE),
                                    Packet.Subscription.of("/".repeat(65_400), Qos.AT_MOST_ONCE),
                                    Packet.Subscription.of("c", Qos.EXACTLY_ONCE))));
            Packet.Suback suback = client.expect(Packet.Suback.class);
            assertThat(suback.packetId()).isEqualTo(77);
            assertThat(suback.reasonCodes())
                    .containsExactly(
                            ReasonCode.SUCCESS,
                            ReasonCode.GRANTED_QOS_1,
                            version == MqttVersion.V5
                                    ? ReasonCode.TOPIC_FILTER_INVALID
                                    : ReasonCode.UNSPECIFIED_ERROR,
                            ReasonCode.GRANTED_QOS_2);
        }
    }

    // [MQTT-3.10.4-1], [MQTT-3.10.4-2], [MQTT-3.10.4-4], [MQTT-3.10.4-5], [MQTT-3.10.4-6];
    // [MQTT-3.10.4-1 of 3.1.1], [MQTT-3.10.4-2 of 3.1.1], [MQTT-3.10.4-4 of 3.1.1],
    // [MQTT-3.10.4-5 of 3.1.1], [MQTT-3.10.4-6 of 3.1.1]; [TP_MQTT_BROKER_UNSUBACK_001],
    // [TP_MQTT_BROKER_UNSUBACK_002], [TP_MQTT_BROKER_UNSUBACK_003], [TP_MQTT_BROKER_UNSUBACK_004]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void one_unsuback_answers_for_all_filters(MqttVersion version) throws IOException {
        try (RawClient client = gateway.connect(version, "a")) {
            client.subscribe(1, "a/+", Qos.AT_MOST_ONCE);
            client.subscribe(2, "b", Qos.AT_MOST_ONCE);
            client.subscribe(3, "c", Qos.AT_MOST_ONCE);
            client.send(new Packet.Unsubscribe(78, Properties.NONE, List.of("a/b", "b", "x", "c")));
            assertThat(client.expect(Packet.Unsuback.class).packetId()).isEqualTo(78);
            client.send(new Packet.Unsubscribe(79, Properties.NONE, List.of("nothing")));
            assertThat(client.expect(Packet.Unsuback.class).packetId()).isEqualTo(79);
            for (String topic : List.of("b", "c", "a/b")) {
                client.send(publish(false, Qos.AT_MOST_ONCE, 0, topic));
            }
            assertThat(client.nextPublish().topic()).isEqualTo("a/b");
            assertThat(client.untilPingresp()).isEmpty();
        }
    }

    // [MQTT-3.10.4-3]; [MQTT-3.10.4-3 of 3.1.1]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void a_delivery_that_has_begun_is_completed_after_unsubscribe(MqttVersion version)
            throws IOException {
        try (RawClient client = gateway.connect(version, "a")) {
            client.subscribe(1, "a", Qos.EXACTLY_ONCE);
            client.send(publish(false, Qos.EXACTLY_ONCE, 5, "a"));
            client.expect(Packet.Pubrec.class);
            Packet.Publish got = client.nextPublish();
            client.send(new Packet.Unsubscribe(2, Properties.NONE, List.of("a")));
            client.expect(Packet.Unsuback.class);
            client.send(new Packet.Pubrec(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
        }
    }

    // [MQTT-3.8.3-4]
    @Test
    void no_local_on_a_shared_subscription_is_an_error() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.sendBytes(
                    Unpooled.copiedBuffer(
                            "\u0082\u0010\0\1\0\0\n$share/g/a\4", StandardCharsets.ISO_8859_1));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PROTOCOL_ERROR);
        }
    }

    // [MQTT-3.1.2-29]
    @Test
    void a_client_that_wants_no_reasons_gets_none() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.send(
                    client.connectPacket(
                            "a", Properties.of(Property.REQUEST_PROBLEM_INFORMATION, false)));
            client.expect(Packet.Connack.class);
            Packet.Suback suback = client.subscribe(1, "/".repeat(200), Qos.AT_MOST_ONCE);
            assertThat(suback.reasonCodes()).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
            assertThat(suback.properties().isEmpty()).isTrue();
        }
    }

    // [MQTT-1.5.3-3 of 3.1.1]; [TP_MQTT_BROKER_SUBSCRIBE_011], [TP_MQTT_BROKER_FEAT_PUBSUB_001],
    // [TP_MQTT_BROKER_FEAT_PUBSUB_002], [MQTT-4.7.3-4 of 3.1.1]: nothing is normalized
    @Test
    void a_byte_order_mark_is_part_of_the_topic() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.subscribe(1, "\uFEFFa", Qos.AT_MOST_ONCE);
            client.send(publish(false, Qos.AT_MOST_ONCE, 0, "a"));
            client.send(publish(false, Qos.AT_MOST_ONCE, 0, "\uFEFFa"));
            assertThat(client.nextPublish().topic()).isEqualTo("\uFEFFa");
            assertThat(client.untilPingresp()).isEmpty();
        }
    }

    // [TP_MQTT_BROKER_FEAT_PUBSUB_005], [TP_MQTT_BROKER_FEAT_PUBSUB_003],
    // [TP_MQTT_BROKER_FEAT_PUBSUB_004]; [MQTT-4.7.2-1 of 3.1.1]
    @Test
    void a_dollar_topic_is_matched_by_its_own_name_only() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a");
                RawClient wild = gateway.connect(MqttVersion.V3_1_1, "b")) {
            client.subscribe(1, "$own/#", Qos.AT_MOST_ONCE);
            wild.subscribe(1, "#", Qos.AT_MOST_ONCE);
            wild.subscribe(2, "+/x", Qos.AT_MOST_ONCE);
            client.send(publish(false, Qos.AT_MOST_ONCE, 0, "$own/x"));
            assertThat(client.nextPublish().topic()).isEqualTo("$own/x");
            assertThat(wild.untilPingresp()).isEmpty();
        }
    }

    // PUBLISH.

    // [MQTT-4.6.0-5], [MQTT-4.6.0-6], [MQTT-4.3.2-4], [MQTT-2.2.1-5], [MQTT-3.3.4-1],
    // [MQTT-4.5.0-1]; [MQTT-4.3.2-2 of 3.1.1], [MQTT-2.3.1-6 of 3.1.1], [MQTT-3.3.4-1 of 3.1.1],
    // [MQTT-4.6.0-5 of 3.1.1], [MQTT-4.6.0-6 of 3.1.1], [MQTT-4.5.0-1 of 3.1.1];
    // [TP_MQTT_BROKER_PUBACK_002]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void pubacks_and_deliveries_keep_the_order_of_the_publishes(MqttVersion version)
            throws IOException {
        try (RawClient client = gateway.connect(version, "a");
                RawClient publisher = gateway.connect(version, "b")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int id : new int[] {9, 2, 7, 4}) {
                publisher.publish(id, "a", Qos.AT_LEAST_ONCE, "m" + id);
            }
            for (int id : new int[] {9, 2, 7, 4}) {
                assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(id);
                assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("m" + id);
            }
        }
    }

    // [MQTT-4.3.3-8], [MQTT-4.3.3-11], [MQTT-4.3.3-12]; [MQTT-4.3.3-1 of 3.1.1],
    // [MQTT-4.3.3-2 of 3.1.1]; [TP_MQTT_BROKER_PUBREC_002], [TP_MQTT_BROKER_PUBREL_002]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void the_packets_of_qos_2_keep_their_order(MqttVersion version) throws IOException {
        try (RawClient client = gateway.connect(version, "a");
                RawClient publisher = gateway.connect(version, "b")) {
            client.subscribe(1, "a", Qos.EXACTLY_ONCE);
            for (int id : new int[] {9, 2}) {
                publisher.publish(id, "a", Qos.EXACTLY_ONCE, "m" + id);
            }
            int first = client.nextPublish().packetId();
            int second = client.nextPublish().packetId();
            assertThat(publisher.expect(Packet.Pubrec.class).packetId()).isEqualTo(9);
            assertThat(publisher.expect(Packet.Pubrec.class).packetId()).isEqualTo(2);
            for (int id : new int[] {9, 2}) {
                publisher.send(new Packet.Pubrel(id, ReasonCode.SUCCESS, Properties.NONE));
                assertThat(publisher.expect(Packet.Pubcomp.class).packetId()).isEqualTo(id);
            }
            client.send(new Packet.Pubrec(first, ReasonCode.SUCCESS, Properties.NONE));
            client.send(new Packet.Pubrec(second, ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).packetId()).isEqualTo(first);
            assertThat(client.expect(Packet.Pubrel.class).packetId()).isEqualTo(second);
        }
    }

    // [MQTT-4.3.2-5], [MQTT-4.3.2-2], [MQTT-4.3.2-1]; [MQTT-3.3.1-3 of 3.1.1],
    // [MQTT-4.3.2-1 of 3.1.1], [MQTT-2.3.1-4 of 3.1.1]
    @ParameterizedTest
    @EnumSource(names = {"V3_1_1", "V5"})
    void after_puback_the_same_identifier_is_a_new_message(MqttVersion version) throws IOException {
        try (RawClient client = gateway.connect(version, "a")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            int[] ids = new int[2];
            for (int i = 0; i < 2; i++) {
                client.send(publish(true, Qos.AT_LEAST_ONCE, 3, "a"));
                client.expect(Packet.Puback.class);
                Packet.Publish got = client.nextPublish();
                assertThat(got.dup()).isFalse();
                ids[i] = got.packetId();
            }
            assertThat(ids[0]).isPositive().isNotEqualTo(ids[1]);
        }
    }

    // [MQTT-4.3.3-9]
    @Test
    void after_a_refusing_pubrec_the_same_identifier_is_a_new_message() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.subscribe(1, "a", Qos.AT_MOST_ONCE);
            client.send(publish(false, Qos.EXACTLY_ONCE, 4, "$SYS/mine"));
            assertThat(client.expect(Packet.Pubrec.class).reasonCode())
                    .isEqualTo(ReasonCode.NOT_AUTHORIZED);
            client.send(publish(false, Qos.EXACTLY_ONCE, 4, "a"));
            assertThat(client.expect(Packet.Pubrec.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
            assertThat(client.nextPublish().topic()).isEqualTo("a");
        }
    }

    // [MQTT-3.3.5-2 of 3.1.1]; [TP_MQTT_BROKER_PUBLISH_012]
    @Test
    void a_publish_that_is_not_allowed_is_acknowledged_before_mqtt_5() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.send(publish(false, Qos.AT_LEAST_ONCE, 4, "$SYS/mine"));
            assertThat(client.expect(Packet.Puback.class).packetId()).isEqualTo(4);
        }
    }

    // [MQTT-4.3.3-3], [MQTT-4.4.0-2], [MQTT-4.3.2-3]: the place in the window is free again
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_refused_delivery_is_over(int qos) throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5);
                RawClient publisher = gateway.connect(MqttVersion.V5, "b")) {
            client.send(client.connectPacket("a", Properties.of(Property.RECEIVE_MAXIMUM, 1)));
            client.expect(Packet.Connack.class);
            client.subscribe(1, "a", Qos.of(qos));
            publisher.publish(1, "a", Qos.EXACTLY_ONCE, "first");
            publisher.publish(2, "a", Qos.EXACTLY_ONCE, "second");
            int id = client.nextPublish().packetId();
            assertThat(client.untilPingresp()).isEmpty();
            ReasonCode refused = ReasonCode.QUOTA_EXCEEDED;
            client.send(
                    qos == 1
                            ? new Packet.Puback(id, refused, Properties.NONE)
                            : new Packet.Pubrec(id, refused, Properties.NONE));
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("second");
            assertThat(client.untilPingresp()).isEmpty();
        }
    }

    // [MQTT-4.3.3-7], [MQTT-4.3.3-13], [MQTT-4.3.3-5]
    @Test
    void a_message_that_was_sent_does_not_expire() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.subscribe(1, "a", Qos.EXACTLY_ONCE);
            client.send(
                    new Packet.Publish(
                            false,
                            Qos.EXACTLY_ONCE,
                            false,
                            "a",
                            6,
                            Properties.of(Property.MESSAGE_EXPIRY_INTERVAL, 1L),
                            Bytes.utf8("x")));
            client.expect(Packet.Pubrec.class);
            int id = client.nextPublish().packetId();
            assertThat(client.next(1_100)).isEmpty();
            client.send(new Packet.Pubrec(id, ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
            client.send(new Packet.Pubrel(6, ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubcomp.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
        }
    }

    // [MQTT-3.3.4-10], [MQTT-4.9.0-3]
    @Test
    void a_full_window_holds_up_nothing_but_messages() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.send(client.connectPacket("a", Properties.of(Property.RECEIVE_MAXIMUM, 1)));
            client.expect(Packet.Connack.class);
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int id = 1; id <= 3; id++) {
                client.send(publish(false, Qos.AT_LEAST_ONCE, id, "a"));
                assertThat(client.expect(Packet.Puback.class).packetId()).isEqualTo(id);
            }
            assertThat(client.subscribe(2, "b", Qos.AT_MOST_ONCE).packetId()).isEqualTo(2);
            assertThat(client.untilPingresp()).hasSize(1);
        }
    }

    // [TP_MQTT_BROKER_FEAT_REMLEN_001] and so on: [TP_MQTT_BROKER_FEAT_REMLEN_002],
    // [TP_MQTT_BROKER_FEAT_REMLEN_003], [TP_MQTT_BROKER_FEAT_REMLEN_004]
    @ParameterizedTest
    @ValueSource(ints = {1, 124, 125, 16_380, 16_381, 2_097_148, 2_097_149})
    void a_length_of_one_to_four_bytes_is_understood_and_written(int payload) throws IOException {
        gateway.close();
        Limits all = Limits.DEFAULT;
        gateway =
                TestGateway.start(config ->
                        config.withLimits(
                                new Limits(
                                        4 << 20,
                                        all.topicLevelsMax(),
                                        all.inflightMax(),
                                        all.receiveMaximum(),
                                        all.queueMessagesMax(),
                                        all.queueBytesMax(),
                                        all.subscriptionsMax(),
                                        all.topicAliasMaximum(),
                                        all.connectionsMax(),
                                        all.connectsPerSecond())));
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.subscribe(1, "a", Qos.AT_MOST_ONCE);
            client.publish(0, "a", Qos.AT_MOST_ONCE, "x".repeat(payload));
            assertThat(client.nextPublish().payload().length()).isEqualTo(payload);
        }
    }

    // The end.

    // [TP_MQTT_BROKER_PINGRESP_001]; [MQTT-3.12.4-1 of 3.1.1]
    @Test
    void a_ping_is_answered() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.send(new Packet.Pingreq());
            assertThat(client.next()).isInstanceOf(Packet.Pingresp.class);
        }
    }

    // [MQTT-3.14.4-1], [MQTT-3.14.4-2], [MQTT-4.13.2-1]
    @Test
    void nothing_follows_a_disconnect_of_the_gateway() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.subscribe(1, "a", Qos.AT_MOST_ONCE);
            client.send(client.connectPacket("a", Properties.NONE));
            client.send(publish(false, Qos.AT_LEAST_ONCE, 1, "a"));
            assertThat(client.next()).isInstanceOf(Packet.Disconnect.class);
            assertThatThrownBy(client::next).hasMessageContaining("closed the connection");
        }
    }
}
