package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `$SYS`, after Mosquitto and EMQX.
final class SystemTopicsTest {
    private TwinLane cluster;
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        cluster = new TwinLane();
        gateway =
                TestGateway.start(
                        1,
                        config ->
                                new GatewayConfig(
                                        config.listeners(),
                                        config.limits(),
                                        null,
                                        config.subscribeAck(),
                                        config.sharedPick(),
                                        Duration.ofMillis(300),
                                        null),
                        (index, loop, clients) -> cluster.opened(loop, clients));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_subscriber_gets_all_values_at_once_and_again_later() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s")) {
            client.subscribe(1, "$SYS/#", Qos.AT_LEAST_ONCE);
            Map<String, String> values = new HashMap<>();
            for (Packet packet : client.untilPingresp()) {
                Packet.Publish got = (Packet.Publish) packet;
                values.put(got.topic(), got.payload().toUtf8String());
            }
            assertThat(values)
                    .containsEntry("$SYS/broker/version", "BanyanMQ 0.1")
                    .containsEntry("$SYS/broker/clients/connected", "1")
                    .containsEntry("$SYS/broker/subscriptions/count", "1")
                    .containsEntry("$SYS/broker/retained messages/count", "0")
                    .containsEntry("$SYS/brokers", "test@127.0.0.1")
                    .containsEntry("$SYS/brokers/test@127.0.0.1/version", "0.1")
                    .containsKeys(
                            "$SYS/broker/uptime",
                            "$SYS/broker/load/messages/received/15min",
                            "$SYS/brokers/test@127.0.0.1/datetime",
                            "$SYS/brokers/test@127.0.0.1/stats/connections/count",
                            "$SYS/brokers/test@127.0.0.1/metrics/messages/dropped");
            Packet.Publish later = client.nextPublish();
            assertThat(later.retain()).isFalse();
            assertThat(later.qos()).isEqualTo(Qos.AT_MOST_ONCE);
        }
        assertThat(cluster.forwarded).isEmpty();
        assertThat(cluster.interest).isEmpty();
    }

    @Test
    void a_filter_gets_what_it_matches_as_retained() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s")) {
            client.subscribe(1, "$SYS/broker/+", Qos.AT_MOST_ONCE);
            Packet.Publish got = client.nextPublish();
            assertThat(got.topic()).isEqualTo("$SYS/broker/version");
            assertThat(got.retain()).isTrue();
        }
    }

    @Test
    void clients_cannot_publish_there() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "p");
                RawClient old = gateway.connect(MqttVersion.V3_1_1, "o")) {
            client.publish(1, "$SYS/broker/version", Qos.AT_LEAST_ONCE, "mine");
            assertThat(client.expect(Packet.Puback.class).reasonCode())
                    .isEqualTo(ReasonCode.NOT_AUTHORIZED);
            client.publish(2, "$SYSTEM", Qos.AT_LEAST_ONCE, "not theirs");
            assertThat(client.expect(Packet.Puback.class).reasonCode())
                    .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
            old.publish(1, "$SYS/x", Qos.AT_LEAST_ONCE, "mine");
            assertThat(old.expect(Packet.Puback.class).packetId()).isEqualTo(1);
        }
    }
}
