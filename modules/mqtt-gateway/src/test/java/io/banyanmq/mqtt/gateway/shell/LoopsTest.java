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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients on several event loops.
final class LoopsTest {
    private TestGateway gateway;
    private final List<RawClient> clients = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        gateway = TestGateway.start(3, config -> config, new SoloLane());
        for (int i = 0; i < 6; i++) {
            clients.add(gateway.connect(i % 2 == 0 ? MqttVersion.V5 : MqttVersion.V3_1_1, "c" + i));
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        gateway.close();
    }

    @Test
    void messages_reach_clients_of_all_loops_in_order() throws IOException {
        for (int i = 1; i < clients.size(); i++) {
            clients.get(i).subscribe(1, "t/#", Qos.of(i % 3));
        }
        for (int i = 1; i <= 30; i++) {
            clients.getFirst().publish(i, "t/x", Qos.AT_LEAST_ONCE, "m" + i);
        }
        for (int i = 1; i < clients.size(); i++) {
            for (int m = 1; m <= 30; m++) {
                assertThat(clients.get(i).nextPublish().payload().toUtf8String())
                        .isEqualTo("m" + m);
            }
        }
        assertThat(gateway.view().count(Counter.MATCHED)).isEqualTo(150);
        assertThat(gateway.view().count(Counter.DELIVERED)).isEqualTo(150);
    }

    @Test // [MQTT-3.1.4-3]
    void a_takeover_crosses_loops() throws IOException {
        for (int i = 0; i < 10; i++) {
            clients.add(gateway.connect(MqttVersion.V5, "same"));
        }
        assertThat(gateway.view().clientCount()).isEqualTo(7);
        assertThat(clients.getLast().untilPingresp()).isEmpty();
        assertThat(gateway.view().count(Counter.TAKEN_OVER)).isEqualTo(9);
    }

    @Test
    void shared_subscriptions_span_loops() throws IOException {
        for (RawClient client : clients) {
            client.subscribe(1, "$share/g/t", Qos.AT_LEAST_ONCE);
        }
        RawClient publisher = gateway.connect(MqttVersion.V3_1_1, "p");
        clients.add(publisher);
        for (int i = 1; i <= 60; i++) {
            publisher.publish(i, "t", Qos.AT_LEAST_ONCE, "m" + i);
            publisher.expect(Packet.Puback.class);
        }
        for (int i = 0; i < 6; i++) {
            RawClient client = clients.get(i);
            for (int m = 0; m < 10; m++) {
                client.send(
                        new Packet.Puback(
                                client.nextPublish().packetId(),
                                ReasonCode.SUCCESS,
                                Properties.NONE));
            }
            assertThat(client.untilPingresp()).isEmpty();
        }
    }
}
