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
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wills. MQTT 5 §3.1.2.5.
final class WillTest {
    private TestGateway gateway;
    private RawClient watcher;

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start();
        watcher = gateway.connect(MqttVersion.V5, "watcher");
        watcher.send(
                new Packet.Subscribe(
                        1,
                        Properties.NONE,
                        List.of(
                                new Packet.Subscription(
                                        "will/#",
                                        Qos.AT_LEAST_ONCE,
                                        false,
                                        true,
                                        RetainHandling.SEND))));
        watcher.expect(Packet.Suback.class);
    }

    @AfterEach
    void stop() throws IOException {
        watcher.close();
        gateway.close();
    }

    private RawClient connect(boolean clean, long expirySeconds, long delaySeconds)
            throws IOException {
        RawClient client = gateway.open(MqttVersion.V5);
        Properties.Builder will = Properties.builder().add(Property.CONTENT_TYPE, "t");
        if (delaySeconds > 0) {
            will.add(Property.WILL_DELAY_INTERVAL, delaySeconds);
        }
        client.send(
                new Packet.Connect(
                        MqttVersion.V5,
                        clean,
                        0,
                        Properties.of(Property.SESSION_EXPIRY_INTERVAL, expirySeconds),
                        "c",
                        new Packet.Will(
                                "will/c",
                                Bytes.utf8("gone"),
                                Qos.AT_LEAST_ONCE,
                                false,
                                will.build()),
                        null,
                        null));
        client.expect(Packet.Connack.class);
        return client;
    }

    private void assertWill() throws IOException {
        Packet.Publish will = watcher.nextPublish();
        assertThat(will.topic()).isEqualTo("will/c");
        assertThat(will.payload().toUtf8String()).isEqualTo("gone");
        assertThat(will.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(will.properties().get(Property.CONTENT_TYPE)).contains("t");
        assertThat(will.properties().get(Property.WILL_DELAY_INTERVAL)).isEmpty();
        assertThat(will.retain()).isFalse();
    }

    // [MQTT-3.1.2-7], [MQTT-3.1.2-8], [MQTT-3.1.2-14]; [MQTT-3.1.2-8 of 3.1.1],
    // [MQTT-3.1.2-16 of 3.1.1]; [TP_MQTT_BROKER_FEAT_LWT_001], [TP_MQTT_BROKER_FEAT_LWT_005]
    @Test
    void a_broken_connection_publishes_its_will() throws IOException {
        connect(true, 0, 0).close();
        assertWill();
    }

    // [MQTT-3.1.2-10], [MQTT-3.14.4-3]; [MQTT-3.1.2-10 of 3.1.1], [MQTT-3.14.4-3 of 3.1.1];
    // [TP_MQTT_BROKER_FEAT_LWT_002]
    @Test
    void a_disconnect_discards_it() throws IOException {
        try (RawClient client = connect(true, 0, 0)) {
            client.send(new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE));
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(watcher.untilPingresp()).isEmpty();
    }

    @Test // [MQTT-3.1.2-12 of 3.1.1]; [TP_MQTT_BROKER_FEAT_LWT_003]
    void without_a_will_nothing_is_published() throws IOException {
        gateway.connect(MqttVersion.V3_1_1, "c").close();
        try (RawClient other = gateway.connect(MqttVersion.V3_1_1, "c")) {
            assertThat(other.untilPingresp()).isEmpty();
        }
        assertThat(watcher.untilPingresp()).isEmpty();
        assertThat(gateway.view().count(Counter.WILLS_PUBLISHED)).isZero();
    }

    @Test // MQTT 5 §3.14.2.1
    void a_disconnect_can_ask_for_it() throws IOException {
        try (RawClient client = connect(true, 0, 0)) {
            client.send(new Packet.Disconnect(ReasonCode.DISCONNECT_WITH_WILL, Properties.NONE));
            assertWill();
        }
    }

    @Test
    void a_protocol_error_publishes_it() throws IOException {
        try (RawClient client = connect(true, 0, 0)) {
            client.send(client.connectPacket("c", Properties.NONE));
            assertWill();
        }
    }

    @Test // MQTT 5 §3.1.3.2.2: the session ends with the connection, and the will does not wait
    // longer
    void a_delay_counts_at_most_until_the_session_ends() throws IOException {
        connect(true, 0, 3_600).close();
        assertWill();
    }

    @Test
    void a_delayed_will_comes_after_its_delay() throws IOException {
        connect(false, 100, 1).close();
        assertThat(watcher.untilPingresp()).isEmpty();
        assertWill();
    }

    @Test // [MQTT-3.1.3-9]
    void a_delayed_will_is_cancelled_by_resuming() throws IOException {
        connect(false, 100, 1).close();
        watcher.untilPingresp();
        try (RawClient again = connect(false, 100, 0)) {
            assertThat(watcher.next(1_600)).isEmpty();
            again.send(new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE));
            assertThat(again.isClosedByServer()).isTrue();
        }
        assertThat(gateway.view().count(Counter.WILLS_PUBLISHED)).isZero();
    }

    @Test // P7: Clean Start does not cancel it, but ends the session, so it is due
    void a_delayed_will_is_due_at_a_clean_start() throws IOException {
        connect(false, 100, 3_600).close();
        watcher.untilPingresp();
        try (RawClient again = gateway.connect(MqttVersion.V5, "c")) {
            assertWill();
            assertThat(again.untilPingresp()).isEmpty();
        }
    }

    @Test // [MQTT-3.1.4-3], MQTT 5 §3.1.2.5
    void a_takeover_publishes_the_will_of_the_old_before_the_new_one_is_welcome()
            throws IOException {
        try (RawClient old = connect(true, 0, 0);
                RawClient fresh = gateway.connect(MqttVersion.V5, "c")) {
            fresh.publish(0, "will/c", Qos.AT_MOST_ONCE, "online");
            assertThat(watcher.nextPublish().payload().toUtf8String()).isEqualTo("gone");
            assertThat(watcher.nextPublish().payload().toUtf8String()).isEqualTo("online");
            assertThat(old.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
        }
    }
}
