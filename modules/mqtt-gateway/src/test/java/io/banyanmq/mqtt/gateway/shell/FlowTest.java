package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Windows, packet identifiers, aliases, sizes and expiry.
final class FlowTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private RawClient connect(String id, Properties properties) throws IOException {
        RawClient client = gateway.open(MqttVersion.V5);
        client.send(client.connectPacket(id, properties));
        client.expect(Packet.Connack.class);
        return client;
    }

    private static Packet.Publish publish(
            int id, String topic, Properties properties, String text) {
        return new Packet.Publish(
                false,
                id == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE,
                false,
                topic,
                id,
                properties,
                Bytes.utf8(text));
    }

    private static void settle(RawClient client, Packet.Publish got) throws IOException {
        client.send(new Packet.Puback(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
    }

    @Test // [MQTT-3.3.4-9], [MQTT-4.9.0-1], [MQTT-4.9.0-2]
    void no_more_is_sent_than_the_client_wants_to_settle() throws IOException {
        try (RawClient client = connect("s", Properties.of(Property.RECEIVE_MAXIMUM, 2));
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int i = 1; i <= 5; i++) {
                publisher.publish(i, "a", Qos.AT_LEAST_ONCE, "m" + i);
                publisher.expect(Packet.Puback.class);
            }
            List<Packet> first = client.untilPingresp();
            assertThat(first).hasSize(2);
            settle(client, (Packet.Publish) first.get(1));
            Packet.Publish third = client.nextPublish();
            assertThat(third.payload().toUtf8String()).isEqualTo("m3");
            assertThat(client.untilPingresp()).isEmpty();
            settle(client, (Packet.Publish) first.get(0));
            settle(client, third);
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("m4");
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("m5");
        }
    }

    @Test // [MQTT-4.3.3-10]: a repeat before PUBREL is not delivered again
    void a_repeated_qos_2_message_is_delivered_once() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.EXACTLY_ONCE);
            publisher.publish(3, "a", Qos.EXACTLY_ONCE, "once");
            publisher.expect(Packet.Pubrec.class);
            publisher.send(
                    new Packet.Publish(
                            true,
                            Qos.EXACTLY_ONCE,
                            false,
                            "a",
                            3,
                            Properties.NONE,
                            Bytes.utf8("once")));
            assertThat(publisher.expect(Packet.Pubrec.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
            publisher.send(new Packet.Pubrel(3, ReasonCode.SUCCESS, Properties.NONE));
            assertThat(publisher.expect(Packet.Pubcomp.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
            publisher.send(new Packet.Pubrel(3, ReasonCode.SUCCESS, Properties.NONE));
            assertThat(publisher.expect(Packet.Pubcomp.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            assertThat(client.untilPingresp()).hasSize(1);
            publisher.publish(3, "a", Qos.EXACTLY_ONCE, "again"); // the identifier is free again
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("again");
        }
    }

    @Test // [MQTT-4.3.3-1] to [MQTT-4.3.3-6] of the sender
    void a_qos_2_message_goes_through_its_four_packets() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.EXACTLY_ONCE);
            publisher.publish(3, "a", Qos.EXACTLY_ONCE, "x");
            Packet.Publish got = client.nextPublish();
            client.send(new Packet.Pubrec(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).packetId()).isEqualTo(got.packetId());
            client.send(new Packet.Pubrec(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).reasonCode())
                    .isEqualTo(ReasonCode.SUCCESS);
            client.send(new Packet.Pubcomp(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            client.send(new Packet.Pubrec(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.expect(Packet.Pubrel.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        }
    }

    @ParameterizedTest // MQTT 5 §4.3, [MQTT-4.13.1-1]; [MQTT-4.8.0-1 of 3.1.1]
    @CsvSource({"1, PUBREC", "1, PUBCOMP", "2, PUBACK", "2, PUBCOMP"})
    void an_acknowledgement_of_another_kind_ends_the_connection(int qos, PacketType type)
            throws IOException {
        for (MqttVersion version : List.of(MqttVersion.V5, MqttVersion.V3_1_1)) {
            try (RawClient client = gateway.connect(version, "s");
                    RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
                client.subscribe(1, "a", Qos.of(qos));
                publisher.publish(3, "a", Qos.EXACTLY_ONCE, "x");
                client.send(acknowledgement(type, client.nextPublish().packetId()));
                if (version == MqttVersion.V5) {
                    assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                            .isEqualTo(ReasonCode.PROTOCOL_ERROR);
                }
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    private static Packet acknowledgement(PacketType type, int id) {
        return switch (type) {
            case PUBACK -> new Packet.Puback(id, ReasonCode.SUCCESS, Properties.NONE);
            case PUBREC -> new Packet.Pubrec(id, ReasonCode.SUCCESS, Properties.NONE);
            case PUBCOMP -> new Packet.Pubcomp(id, ReasonCode.SUCCESS, Properties.NONE);
            default -> throw new IllegalArgumentException(type + " acknowledges no PUBLISH");
        };
    }

    @Test // [MQTT-3.3.2-7], [MQTT-3.3.2-8], [MQTT-3.3.2-10], [MQTT-3.3.2-12]
    void a_topic_alias_stands_for_its_topic_on_its_connection() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "#", Qos.AT_MOST_ONCE);
            Properties alias =
                    Properties.builder()
                            .user("k", "v")
                            .add(Property.TOPIC_ALIAS, 5)
                            .add(Property.MESSAGE_EXPIRY_INTERVAL, 100L)
                            .build();
            publisher.send(publish(0, "long/topic", alias, "1"));
            publisher.send(publish(0, "", alias, "2"));
            publisher.send(publish(0, "other", alias, "3"));
            publisher.send(publish(0, "", alias, "4"));
            for (String topic : List.of("long/topic", "long/topic", "other", "other")) {
                Packet.Publish got = client.nextPublish();
                assertThat(got.topic()).isEqualTo(topic);
                assertThat(got.properties().get(Property.TOPIC_ALIAS)).isEmpty();
                assertThat(got.properties().userProperties()).hasSize(1);
                assertThat(got.properties().get(Property.MESSAGE_EXPIRY_INTERVAL)).contains(100L);
            }
            publisher.send(publish(0, "", Properties.of(Property.TOPIC_ALIAS, 6), "5"));
            assertThat(publisher.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PROTOCOL_ERROR);
        }
        try (RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            publisher.send(publish(0, "t", Properties.of(Property.TOPIC_ALIAS, 33), "x"));
            assertThat(publisher.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.TOPIC_ALIAS_INVALID);
        }
    }

    @Test // [MQTT-3.1.2-26], [MQTT-3.1.2-27], [MQTT-3.3.2-11]
    void aliases_are_given_to_a_client_that_takes_them() throws IOException {
        try (RawClient client = connect("s", Properties.of(Property.TOPIC_ALIAS_MAXIMUM, 2));
                RawClient publisher = gateway.connect(MqttVersion.V3_1_1, "p")) {
            client.subscribe(1, "#", Qos.AT_MOST_ONCE);
            for (String topic : List.of("a", "b", "a", "c", "b")) {
                publisher.publish(0, topic, Qos.AT_MOST_ONCE, topic);
            }
            assertAlias(client.nextPublish(), "a", 1);
            assertAlias(client.nextPublish(), "b", 2);
            assertAlias(client.nextPublish(), "", 1);
            assertAlias(client.nextPublish(), "c", 0);
            assertAlias(client.nextPublish(), "", 2);
        }
    }

    private static void assertAlias(Packet.Publish got, String topic, int alias) {
        assertThat(got.topic()).isEqualTo(topic);
        assertThat(got.properties().get(Property.TOPIC_ALIAS, 0)).isEqualTo(alias);
    }

    @Test // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
    void what_is_too_large_for_a_client_is_not_sent() throws IOException {
        try (RawClient client = connect("s", Properties.of(Property.MAXIMUM_PACKET_SIZE, 40L));
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            publisher.publish(1, "a", Qos.AT_LEAST_ONCE, "x".repeat(40));
            publisher.publish(2, "a", Qos.AT_LEAST_ONCE, "short");
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("short");
            assertThat(gateway.view().count(Counter.DROPPED_TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test // [MQTT-3.2.2-15]
    void what_is_too_large_for_the_gateway_ends_the_connection() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.sendBytes(
                    Unpooled.wrappedBuffer(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, 0x7F}));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_TOO_LARGE);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test // a socket that is closed while something is unread is reset, and its last bytes may be
    // lost
    void a_client_that_is_still_sending_is_told_why_it_was_disconnected() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.publish(0, "a", Qos.AT_MOST_ONCE, "x".repeat(8 << 20));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_TOO_LARGE);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    void a_message_expires_while_it_waits_and_tells_what_is_left() throws Exception {
        try (RawClient client = connect("s", Properties.of(Property.RECEIVE_MAXIMUM, 1));
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            publisher.send(publish(1, "a", Properties.NONE, "first"));
            publisher.send(
                    publish(2, "a", Properties.of(Property.MESSAGE_EXPIRY_INTERVAL, 1L), "short"));
            publisher.send(
                    publish(3, "a", Properties.of(Property.MESSAGE_EXPIRY_INTERVAL, 50L), "long"));
            for (int i = 0; i < 3; i++) {
                publisher.expect(Packet.Puback.class);
            }
            Packet.Publish first = client.nextPublish();
            // waits for something that does not come
            assertThat(client.next(1_100)).isEmpty();
            settle(client, first);
            Packet.Publish last = client.nextPublish();
            assertThat(last.payload().toUtf8String()).isEqualTo("long");
            assertThat(last.properties().get(Property.MESSAGE_EXPIRY_INTERVAL, 0L))
                    .isBetween(40L, 49L);
            assertThat(gateway.view().count(Counter.DROPPED_EXPIRED)).isEqualTo(1);
        }
    }

    @Test // [MQTT-3.3.2-16], [MQTT-3.3.2-17]: all that is not the gateway's business passes through
    // as it is
    void properties_pass_through() throws IOException {
        Properties properties =
                Properties.builder()
                        .add(Property.PAYLOAD_FORMAT_INDICATOR, 1)
                        .add(Property.CONTENT_TYPE, "text/plain")
                        .add(Property.RESPONSE_TOPIC, "answer")
                        .add(Property.CORRELATION_DATA, Bytes.utf8("c"))
                        .user("one", "1")
                        .user("two", "2")
                        .user("one", "3")
                        .build();
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient lower = gateway.connect(MqttVersion.V5, "l");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            lower.subscribe(1, "a", Qos.AT_MOST_ONCE);
            publisher.send(publish(1, "a", properties, "x"));
            assertThat(client.nextPublish().properties()).isEqualTo(properties);
            assertThat(lower.nextPublish().properties()).isEqualTo(properties);
        }
    }

    @Test // [MQTT-4.6.0-2], and every split of the stream
    void packets_may_be_split_anywhere() throws IOException {
        ByteBuf stream = Unpooled.buffer();
        PacketEncoder encoder = new PacketEncoder(MqttVersion.V5);
        for (int i = 1; i <= 4; i++) {
            encoder.encode(publish(i, "a", Properties.NONE, "x".repeat(i * 50)), stream);
        }
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_MOST_ONCE);
            for (int split = 1; split < stream.readableBytes(); split += 7) {
                publisher.sendBytes(stream.copy(0, split));
                client.untilPingresp(); // a turn of the loop lies between
                publisher.sendBytes(stream.copy(split, stream.readableBytes() - split));
                for (int i = 1; i <= 4; i++) {
                    assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(i);
                }
            }
            assertThat(gateway.view().count(Counter.MATCHED))
                    .isEqualTo(gateway.view().count(Counter.PUBLISH_RECEIVED_QOS1));
        }
    }

    @Test
    void a_full_queue_drops_the_newest() throws IOException {
        gateway.close();
        gateway =
                TestGateway.start(config ->
                        config.withLimits(
                                config.limits().withWindows(1, 1_024).withQueue(3, 1 << 20)));
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s");
                RawClient publisher = gateway.connect(MqttVersion.V3_1_1, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int i = 1; i <= 6; i++) {
                publisher.publish(i, "a", Qos.AT_LEAST_ONCE, "m" + i);
                publisher.expect(Packet.Puback.class);
            }
            List<String> got = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Packet.Publish publish = client.nextPublish();
                got.add(publish.payload().toUtf8String());
                settle(client, publish);
            }
            assertThat(got).containsExactly("m1", "m2", "m3", "m4");
            assertThat(client.untilPingresp()).isEmpty();
            assertThat(gateway.view().count(Counter.DROPPED_QUEUE_FULL)).isEqualTo(2);
        }
    }

    @Test // design §4.3: slow consumers harm nobody else
    void a_client_that_does_not_read_loses_qos_0_and_holds_up_nobody() throws IOException {
        gateway.close();
        gateway =
                TestGateway.start(
                        config -> config.withLimits(config.limits().withQueue(100, 256 * 1_024)));
        try (RawClient slow = gateway.connect(MqttVersion.V3_1_1, "slow");
                RawClient quick = gateway.connect(MqttVersion.V3_1_1, "quick");
                RawClient publisher = gateway.connect(MqttVersion.V3_1_1, "p")) {
            slow.subscribe(1, "a", Qos.AT_MOST_ONCE);
            quick.subscribe(1, "a", Qos.AT_MOST_ONCE);
            String text = "x".repeat(10_000);
            for (int i = 0; i < 3_000; i++) {
                publisher.publish(0, "a", Qos.AT_MOST_ONCE, text);
                assertThat(quick.nextPublish().payload().length()).isEqualTo(10_000);
            }
            assertThat(gateway.view().count(Counter.DROPPED_SLOW_CONSUMER)).isPositive();
            long matched = gateway.view().count(Counter.MATCHED);
            assertThat(matched).isEqualTo(6_000);
            assertThat(
                            gateway.view().count(Counter.DELIVERED)
                                    + gateway.view().count(Counter.DROPPED_SLOW_CONSUMER))
                    .isEqualTo(matched);
        }
    }

    @Test // [MQTT-2.2.1-4]
    void packet_identifiers_in_use_are_not_given_again() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s");
                RawClient publisher = gateway.connect(MqttVersion.V5, "p")) {
            client.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int i = 1; i <= 300; i++) {
                publisher.publish(i, "a", Qos.AT_LEAST_ONCE, "m");
            }
            List<Integer> ids =
                    IntStream.rangeClosed(1, 300).mapToObj(i -> nextId(client)).toList();
            assertThat(ids).doesNotHaveDuplicates().doesNotContain(0);
        }
    }

    private static int nextId(RawClient client) {
        try {
            return client.nextPublish().packetId();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
