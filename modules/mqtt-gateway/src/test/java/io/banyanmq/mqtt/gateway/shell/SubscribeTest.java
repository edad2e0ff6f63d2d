package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.codec.RetainHandling;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SUBSCRIBE, UNSUBSCRIBE, and what of a message depends on the subscription.
final class SubscribeTest {
    /// More levels than a gateway takes.
    private static final String DEEP = "x/".repeat(128) + "y";

    private TestGateway gateway;
    private RawClient client;
    private RawClient publisher;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
        client = gateway.connect(MqttVersion.V5, "s");
        publisher = gateway.connect(MqttVersion.V5, "p");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        publisher.close();
        gateway.close();
    }

    private Packet.Suback subscribe(int identifier, Packet.Subscription... subscriptions)
            throws IOException {
        Properties properties =
                identifier == 0
                        ? Properties.NONE
                        : Properties.of(Property.SUBSCRIPTION_IDENTIFIER, identifier);
        client.send(new Packet.Subscribe(9, properties, List.of(subscriptions)));
        return client.expect(Packet.Suback.class);
    }

    private static Packet.Subscription to(String filter, Qos qos) {
        return Packet.Subscription.of(filter, qos);
    }

    private void settle(Packet.Publish got) throws IOException {
        client.send(new Packet.Puback(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
    }

    @Test // [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-6]
    void each_filter_gets_its_code_in_order() throws IOException {
        Packet.Suback suback =
                subscribe(
                        0,
                        to("a", Qos.EXACTLY_ONCE),
                        to(DEEP, Qos.AT_MOST_ONCE),
                        to("b/+", Qos.AT_LEAST_ONCE));
        assertThat(suback.packetId()).isEqualTo(9);
        assertThat(suback.reasonCodes())
                .containsExactly(
                        ReasonCode.GRANTED_QOS_2,
                        ReasonCode.TOPIC_FILTER_INVALID,
                        ReasonCode.GRANTED_QOS_1);
        assertThat(suback.properties().get(Property.REASON_STRING))
                .hasValueSatisfying(text -> assertThat(text).contains("at most 128"));
    }

    // [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1], [MQTT-4.13.1-1]; [MQTT-4.7.1-2 of 3.1.1],
    // [MQTT-4.7.1-3 of 3.1.1], [MQTT-4.8.0-1 of 3.1.1]
    @ParameterizedTest
    @ValueSource(strings = {"a/#/b", "a#", "a+", "+b/c", ""})
    void what_is_no_filter_ends_the_connection(String text) throws IOException {
        client.send(
                new Packet.Subscribe(
                        1,
                        Properties.NONE,
                        List.of(to("ok", Qos.AT_MOST_ONCE), to(text, Qos.AT_MOST_ONCE))));
        assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.MALFORMED_PACKET);
        publisher.send(new Packet.Unsubscribe(1, Properties.NONE, List.of("ok", text)));
        assertThat(publisher.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.MALFORMED_PACKET);
        try (RawClient old = gateway.connect(MqttVersion.V3_1_1, "old")) {
            old.send(new Packet.Subscribe(1, Properties.NONE, List.of(to(text, Qos.AT_MOST_ONCE))));
            assertThat(old.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest // [MQTT-4.8.2-1], [MQTT-4.8.2-2]; MQTT 3.1.1 knows no shared subscriptions
    @ValueSource(strings = {"$share//x", "$share/g", "$share/+/x"})
    void what_is_no_shared_filter_ends_a_connection_of_mqtt_5(String text) throws IOException {
        client.send(new Packet.Subscribe(1, Properties.NONE, List.of(to(text, Qos.AT_MOST_ONCE))));
        assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.MALFORMED_PACKET);
        try (RawClient old = gateway.connect(MqttVersion.V3_1_1, "old")) {
            assertThat(old.subscribe(1, text, Qos.AT_MOST_ONCE).reasonCodes())
                    .containsExactly(ReasonCode.UNSPECIFIED_ERROR);
        }
    }

    @Test // [MQTT-3.1.2-24]
    void an_answer_that_is_too_long_for_the_client_ends_the_connection() throws IOException {
        try (RawClient small = gateway.open(MqttVersion.V5)) {
            small.send(
                    small.connectPacket("small", Properties.of(Property.MAXIMUM_PACKET_SIZE, 20L)));
            small.expect(Packet.Connack.class);
            List<String> filters = IntStream.range(0, 30).mapToObj(i -> "a" + i).toList();
            small.send(new Packet.Unsubscribe(1, Properties.NONE, filters));
            assertThat(small.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        }
    }

    @Test // [MQTT-3.11.3-1], [MQTT-3.11.3-2]
    void unsuback_says_what_there_was() throws IOException {
        subscribe(0, to("a", Qos.AT_MOST_ONCE));
        client.send(new Packet.Unsubscribe(5, Properties.NONE, List.of("a", "b", DEEP)));
        assertThat(client.expect(Packet.Unsuback.class).reasonCodes())
                .containsExactly(
                        ReasonCode.SUCCESS,
                        ReasonCode.NO_SUBSCRIPTION_EXISTED,
                        ReasonCode.TOPIC_FILTER_INVALID);
        publisher.publish(1, "a", Qos.AT_LEAST_ONCE, "x");
        assertThat(publisher.expect(Packet.Puback.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(client.untilPingresp()).isEmpty();
    }

    @Test // [MQTT-3.3.4-2], [MQTT-3.3.4-3], [MQTT-3.3.4-4], [MQTT-3.3.2-3], [MQTT-3.8.4-8];
    // [MQTT-3.3.5-1 of 3.1.1],
    // [MQTT-3.3.2-3 of 3.1.1],
    // [MQTT-3.8.4-6 of 3.1.1]; [TP_MQTT_BROKER_FEAT_QOS_001] and so on:
    // [TP_MQTT_BROKER_FEAT_QOS_002], [TP_MQTT_BROKER_FEAT_QOS_003], [TP_MQTT_BROKER_FEAT_QOS_004],
    // [TP_MQTT_BROKER_FEAT_QOS_005]
    void overlapping_subscriptions_get_one_copy_with_all_identifiers() throws IOException {
        subscribe(3, to("a/+", Qos.AT_MOST_ONCE));
        subscribe(7, to("a/#", Qos.AT_LEAST_ONCE));
        subscribe(0, to("a/b", Qos.AT_MOST_ONCE));
        publisher.publish(1, "a/b", Qos.EXACTLY_ONCE, "x");
        Packet.Publish got = client.nextPublish();
        assertThat(got.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(got.properties().all(Property.SUBSCRIPTION_IDENTIFIER))
                .containsExactlyInAnyOrder(3, 7);
        settle(got);
        assertThat(client.untilPingresp()).isEmpty();
    }

    @Test // [MQTT-3.8.4-3]; [MQTT-3.8.4-3 of 3.1.1]
    void a_second_subscribe_replaces_the_options_of_the_first() throws IOException {
        subscribe(3, to("a", Qos.EXACTLY_ONCE));
        subscribe(4, to("a", Qos.AT_MOST_ONCE));
        publisher.publish(1, "a", Qos.AT_LEAST_ONCE, "x");
        Packet.Publish got = client.nextPublish();
        assertThat(got.qos()).isEqualTo(Qos.AT_MOST_ONCE);
        assertThat(got.properties().all(Property.SUBSCRIPTION_IDENTIFIER)).containsExactly(4);
        assertThat(client.untilPingresp()).isEmpty();
        assertThat(gateway.view().subscriptionCount()).isEqualTo(1);
    }

    @Test // [MQTT-3.8.3-3]
    void no_local_keeps_own_messages_away_and_others_not() throws IOException {
        subscribe(
                0,
                new Packet.Subscription("a", Qos.AT_MOST_ONCE, true, false, RetainHandling.SEND));
        client.publish(0, "a", Qos.AT_MOST_ONCE, "own");
        publisher.publish(0, "a", Qos.AT_MOST_ONCE, "other");
        assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("other");
        subscribe(0, to("#", Qos.AT_MOST_ONCE));
        client.publish(0, "a", Qos.AT_MOST_ONCE, "own");
        assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("own");
    }

    // [MQTT-3.3.1-12], [MQTT-3.3.1-13]; [TP_MQTT_BROKER_FEAT_RTND_003]; MQTT 3.1.1 clients may
    // retain, which is
    // not kept
    @Test
    void the_retain_flag_is_kept_only_where_it_is_asked_for() throws IOException {
        subscribe(
                0,
                new Packet.Subscription("a", Qos.AT_MOST_ONCE, false, true, RetainHandling.NEVER));
        try (RawClient old = gateway.connect(MqttVersion.V3_1_1, "old");
                RawClient plain = gateway.connect(MqttVersion.V5, "plain")) {
            plain.subscribe(1, "a", Qos.AT_MOST_ONCE);
            old.send(
                    new Packet.Publish(
                            false,
                            Qos.AT_MOST_ONCE,
                            true,
                            "a",
                            0,
                            Properties.NONE,
                            Bytes.utf8("x")));
            assertThat(client.nextPublish().retain()).isTrue();
            assertThat(plain.nextPublish().retain()).isFalse();
        }
    }

    @Test // [MQTT-3.2.2-14]
    void a_retained_message_of_mqtt_5_is_an_error() throws IOException {
        publisher.send(
                new Packet.Publish(
                        false, Qos.AT_MOST_ONCE, true, "a", 0, Properties.NONE, Bytes.utf8("x")));
        assertThat(publisher.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.RETAIN_NOT_SUPPORTED);
    }

    @Test // [MQTT-4.7.2-1]
    void root_wildcards_do_not_match_dollar_topics() throws IOException {
        subscribe(0, to("#", Qos.AT_MOST_ONCE), to("+/x", Qos.AT_MOST_ONCE));
        publisher.publish(0, "$other/x", Qos.AT_MOST_ONCE, "hidden");
        publisher.publish(0, "seen/x", Qos.AT_MOST_ONCE, "seen");
        assertThat(client.nextPublish().topic()).isEqualTo("seen/x");
        assertThat(client.untilPingresp()).isEmpty();
    }

    @Test
    void nothing_comes_of_a_topic_with_too_many_levels() throws IOException {
        publisher.publish(4, DEEP, Qos.AT_LEAST_ONCE, "x");
        assertThat(publisher.expect(Packet.Puback.class).reasonCode())
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(subscribe(0, to(DEEP, Qos.AT_MOST_ONCE)).reasonCodes())
                .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        try (RawClient old = gateway.connect(MqttVersion.V3_1_1, "old")) {
            old.publish(1, DEEP, Qos.AT_LEAST_ONCE, "x");
            assertThat(old.isClosedByServer()).isTrue();
        }
    }

    @Test
    void the_view_lists_clients_and_subscriptions() throws Exception {
        subscribe(3, to("a/+", Qos.AT_LEAST_ONCE), to("$share/g/b", Qos.AT_MOST_ONCE));
        List<String> filters = new ArrayList<>();
        gateway.view()
                .subscriptions()
                .get()
                .forEach(found -> filters.add(found.clientId() + " " + found.filter()));
        assertThat(filters).containsExactly("s $share/g/b", "s a/+");
        assertThat(gateway.view().clients().get()).hasSize(2);
        assertThat(gateway.view().client("s").get())
                .hasValueSatisfying(found -> assertThat(found.subscriptions()).isEqualTo(2));
        assertThat(gateway.view().disconnect("s").get()).isTrue();
        assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.ADMINISTRATIVE_ACTION);
        assertThat(gateway.view().client("s").get()).isEmpty();
    }
}
