package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PUBLISH from one client to another: versions, QoS, sizes.
final class PublishTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    // [MQTT-4.2-1], [MQTT-4.3.1-1]; [MQTT-4.3.1-1 of 3.1.1], [MQTT-7.1.1-1 of 3.1.1]
    @ParameterizedTest
    @CsvSource({
        "V3_1_1, V3_1_1, 0, 0", "V3_1_1, V3_1_1, 1, 1", "V3_1_1, V3_1_1, 2, 2",
        "V5, V5, 0, 0", "V5, V5, 1, 1", "V5, V5, 2, 2",
        "V3_1, V5, 1, 1", "V5, V3_1, 2, 2", "V5, V3_1_1, 2, 1",
        "V3_1_1, V5, 2, 0", "V3_1_1, V3_1_1, 1, 0", "V5, V5, 2, 1"
    })
    void a_message_arrives_at_the_lower_qos(
            MqttVersion from, MqttVersion to, int publishQos, int subscribeQos) throws IOException {
        try (RawClient publisher = gateway.connect(from, "p");
                RawClient subscriber = gateway.connect(to, "s")) {
            subscriber.subscribe(1, "a/+", Qos.of(subscribeQos));
            publisher.publish(publishQos == 0 ? 0 : 7, "a/b", Qos.of(publishQos), "hello");
            if (publishQos == 1) {
                assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(7);
            } else if (publishQos == 2) {
                assertThat(publisher.expect(Packet.Pubrec.class).packetId()).isEqualTo(7);
                publisher.send(new Packet.Pubrel(7, ReasonCode.SUCCESS, Properties.NONE));
                assertThat(publisher.expect(Packet.Pubcomp.class).packetId()).isEqualTo(7);
            }
            Packet.Publish got = subscriber.nextPublish();
            assertThat(got.topic()).isEqualTo("a/b");
            assertThat(got.payload().toUtf8String()).isEqualTo("hello");
            assertThat(got.qos().value()).isEqualTo(Math.min(publishQos, subscribeQos));
            assertThat(got.dup()).isFalse();
            assertThat(got.retain()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"2047", "2048", "2049", "70000", "1000000"})
    void a_payload_arrives_whole_whatever_its_size(int size) throws IOException {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31);
        }
        try (RawClient publisher = gateway.connect(MqttVersion.V5, "p");
                RawClient first = gateway.connect(MqttVersion.V5, "s1");
                RawClient second = gateway.connect(MqttVersion.V3_1_1, "s2")) {
            first.subscribe(1, "big", Qos.AT_LEAST_ONCE);
            second.subscribe(1, "big", Qos.AT_MOST_ONCE);
            for (int i = 1; i <= 3; i++) {
                publisher.send(
                        new Packet.Publish(
                                false,
                                Qos.AT_LEAST_ONCE,
                                false,
                                "big",
                                i,
                                Properties.of(Property.CONTENT_TYPE, "x"),
                                Bytes.of(bytes)));
                assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(i);
                assertThat(first.nextPublish().payload()).isEqualTo(Bytes.of(bytes));
                assertThat(second.nextPublish().payload()).isEqualTo(Bytes.of(bytes));
            }
        }
    }

    @Test
    void what_matched_is_delivered_dropped_or_waits() throws IOException {
        try (RawClient publisher = gateway.connect(MqttVersion.V3_1_1, "p");
                RawClient subscriber = gateway.connect(MqttVersion.V3_1_1, "s")) {
            subscriber.subscribe(1, "a", Qos.AT_LEAST_ONCE);
            for (int i = 1; i <= 50; i++) {
                publisher.publish(i, "a", Qos.AT_LEAST_ONCE, "m" + i);
                publisher.expect(Packet.Puback.class);
            }
            assertThat(gateway.view().count(Counter.MATCHED)).isEqualTo(50);
            assertThat(gateway.view().count(Counter.DELIVERED)).isEqualTo(32);
            assertThat(gateway.view().count(Counter.WAITING)).isEqualTo(18);
            for (int i = 1; i <= 50; i++) {
                Packet.Publish got = subscriber.nextPublish();
                assertThat(got.payload().toUtf8String()).isEqualTo("m" + i);
                subscriber.send(
                        new Packet.Puback(got.packetId(), ReasonCode.SUCCESS, Properties.NONE));
            }
            assertThat(gateway.view().count(Counter.DELIVERED)).isEqualTo(50);
            assertThat(gateway.view().count(Counter.WAITING)).isZero();
        }
    }
}
