package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Shared subscriptions with all members on one gateway. MQTT 5 §4.8.2.
final class SharedTest {
    private static final String FILTER = "$share/g/a/+";

    private TestGateway gateway;
    private RawClient publisher;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
        publisher = gateway.connect(MqttVersion.V5, "p");
    }

    @AfterEach
    void stop() throws IOException {
        publisher.close();
        gateway.close();
    }

    private void publish(Qos qos, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            publisher.publish(qos == Qos.AT_MOST_ONCE ? 0 : i, "a/b", qos, "m" + i);
        }
        publisher.untilPingresp();
    }

    private static List<String> texts(List<Packet> packets) {
        return packets.stream()
                .map(packet -> ((Packet.Publish) packet).payload().toUtf8String())
                .toList();
    }

    private static List<String> messages(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m" + i).toList();
    }

    @Test // [MQTT-4.8.2-4] and round robin
    void each_message_goes_to_one_member_in_turn() throws IOException {
        try (RawClient one = gateway.connect(MqttVersion.V5, "1");
                RawClient two = gateway.connect(MqttVersion.V3_1_1, "2");
                RawClient three = gateway.connect(MqttVersion.V5, "3")) {
            List<RawClient> members = List.of(one, two, three);
            for (RawClient member : members) {
                member.subscribe(1, FILTER, Qos.AT_MOST_ONCE);
            }
            publish(Qos.AT_LEAST_ONCE, 1, 30);
            List<String> all = new ArrayList<>();
            for (RawClient member : members) {
                List<String> got = texts(member.untilPingresp());
                assertThat(got).hasSize(10);
                all.addAll(got);
            }
            assertThat(all).containsExactlyInAnyOrderElementsOf(messages(1, 30));
        }
    }

    @Test
    void a_plain_subscription_gets_its_copy_beside_the_groups() throws IOException {
        try (RawClient one = gateway.connect(MqttVersion.V5, "1")) {
            one.subscribe(1, FILTER, Qos.AT_MOST_ONCE);
            one.subscribe(2, "$share/other/a/#", Qos.AT_MOST_ONCE);
            one.subscribe(3, "a/b", Qos.AT_MOST_ONCE);
            publish(Qos.AT_MOST_ONCE, 1, 1);
            assertThat(texts(one.untilPingresp())).containsExactly("m1", "m1", "m1");
        }
    }

    @Test // MQTT 5 §4.8.2: what a member has not settled goes to another when its session ends
    void unsettled_messages_go_to_another_member() throws IOException {
        try (RawClient stays = gateway.connect(MqttVersion.V5, "stays")) {
            RawClient leaves = gateway.connect(MqttVersion.V3_1_1, "leaves");
            leaves.subscribe(1, FILTER, Qos.AT_LEAST_ONCE);
            publish(Qos.AT_LEAST_ONCE, 1, 40); // 32 in its window, 8 that wait
            stays.subscribe(1, FILTER, Qos.AT_LEAST_ONCE);
            Packet.Publish settled = leaves.nextPublish();
            leaves.send(new Packet.Puback(settled.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            leaves.untilPingresp();
            leaves.close();
            List<String> got = new ArrayList<>();
            for (int i = 0; i < 39; i++) {
                got.add(stays.nextPublish().payload().toUtf8String());
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(messages(2, 40));
            assertThat(gateway.view().count(Counter.REDELIVERED)).isEqualTo(39);
            assertThat(stays.untilPingresp()).isEmpty();
        }
    }

    @Test // [MQTT-4.8.2-3]
    void a_member_gets_a_message_at_most_at_its_own_qos() throws IOException {
        try (RawClient member = gateway.connect(MqttVersion.V5, "m")) {
            member.subscribe(1, FILTER, Qos.AT_MOST_ONCE);
            publish(Qos.AT_LEAST_ONCE, 1, 1);
            assertThat(member.nextPublish().qos()).isEqualTo(Qos.AT_MOST_ONCE);
        }
    }

    @Test // [MQTT-4.8.2-5]
    void qos_2_that_was_sent_goes_to_nobody_else() throws IOException {
        try (RawClient stays = gateway.connect(MqttVersion.V5, "stays")) {
            RawClient leaves = gateway.connect(MqttVersion.V3_1_1, "leaves");
            leaves.subscribe(1, FILTER, Qos.EXACTLY_ONCE);
            publish(Qos.EXACTLY_ONCE, 1, 34);
            stays.subscribe(1, FILTER, Qos.EXACTLY_ONCE);
            leaves.close();
            assertThat(stays.nextPublish().payload().toUtf8String()).isEqualTo("m33");
            assertThat(stays.nextPublish().payload().toUtf8String()).isEqualTo("m34");
            assertThat(stays.untilPingresp()).isEmpty();
        }
    }

    @Test // [MQTT-4.8.2-6]
    void a_refused_message_goes_to_nobody_else() throws IOException {
        try (RawClient one = gateway.connect(MqttVersion.V5, "1");
                RawClient two = gateway.connect(MqttVersion.V5, "2")) {
            one.subscribe(1, FILTER, Qos.AT_LEAST_ONCE);
            publish(Qos.AT_LEAST_ONCE, 1, 1);
            two.subscribe(1, FILTER, Qos.AT_LEAST_ONCE);
            Packet.Publish got = one.nextPublish();
            one.send(
                    new Packet.Puback(
                            got.packetId(), ReasonCode.UNSPECIFIED_ERROR, Properties.NONE));
            one.send(new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE));
            assertThat(one.isClosedByServer()).isTrue();
            assertThat(two.untilPingresp()).isEmpty();
        }
    }

    @Test // n in, n out, none twice, while members come and go
    void nothing_is_lost_or_doubled_while_members_come_and_go() throws IOException {
        List<String> got = new ArrayList<>();
        try (RawClient stays = gateway.connect(MqttVersion.V5, "stays")) {
            stays.subscribe(1, FILTER, Qos.AT_MOST_ONCE);
            for (int round = 0; round < 20; round++) {
                RawClient comes = gateway.connect(MqttVersion.V5, "comes");
                comes.subscribe(1, FILTER, Qos.AT_MOST_ONCE);
                publish(Qos.AT_LEAST_ONCE, round * 10 + 1, round * 10 + 10);
                got.addAll(texts(comes.untilPingresp()));
                comes.send(new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE));
                comes.close();
            }
            got.addAll(texts(stays.untilPingresp()));
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(messages(1, 200));
    }
}
