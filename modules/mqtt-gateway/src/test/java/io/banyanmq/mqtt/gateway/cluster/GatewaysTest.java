package io.banyanmq.mqtt.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.test.kit.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole gateways with MQTT clients, their links over TCP.
@Timeout(120)
final class GatewaysTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TestStore store;

    GatewaysTest() throws Exception {
        store =
                open(
                        new TestStore(
                                NodeName.parse("store1@127.0.0.1"),
                                "gateways-test-" + RUNS.incrementAndGet()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /// The worked example of emqttd's cluster guide.
    @Test
    void a_publish_reaches_each_subscriber_once_and_crosses_to_each_gateway_once()
            throws Exception {
        MqttNode node1 = node("node1", 1);
        MqttNode node2 = node("node2", 2);
        MqttNode node3 = node("node3", 3);
        node1.awaitServing();
        node2.awaitServing();
        node3.awaitServing();
        RawClient client1 = client(node1, "client1");
        RawClient client2 = client(node2, "client2");
        RawClient client3 = client(node3, "client3");
        client1.subscribe(1, "t/+/x", Qos.AT_LEAST_ONCE);
        client1.subscribe(2, "t/+/y", Qos.AT_LEAST_ONCE);
        client2.subscribe(1, "t/#", Qos.AT_LEAST_ONCE);
        client3.subscribe(1, "t/+/x", Qos.AT_LEAST_ONCE);
        client3.subscribe(2, "t/a", Qos.AT_LEAST_ONCE);

        client1.publish(9, "t/a", Qos.AT_LEAST_ONCE, "hello");
        client1.expect(Packet.Puback.class);
        assertThat(payload(client2.nextPublish())).isEqualTo("hello");
        assertThat(payload(client3.nextPublish())).isEqualTo("hello");
        ClusterShellTest.awaitCounted(() ->
                node1.counters(node2).framesTaken() == 1
                        && node1.counters(node3).framesSent() == 1
                        && node2.counters(node1).framesReceived() == 1
                        && node3.counters(node1).framesReceived() == 1);
        assertThat(node1.counters(node2).framesSent()).isEqualTo(1);
        assertThat(node1.counters(node3).framesSent()).isEqualTo(1);
        assertThat(node1.counters(node2).framesTaken()).isEqualTo(1);
        assertThat(node2.counters(node1).framesReceived()).isEqualTo(1);
        assertThat(node3.counters(node1).framesReceived()).isEqualTo(1);
        assertThat(client2.next(200)).isEqualTo(Optional.empty());
        assertThat(client3.next(1)).isEqualTo(Optional.empty());
        assertThat(client1.next(1)).isEqualTo(Optional.empty());
    }

    @Test
    void what_follows_a_suback_is_delivered_from_any_gateway_at_once() throws Exception {
        MqttNode node1 = node("node1", 1);
        MqttNode node2 = node("node2", 2);
        node1.awaitServing();
        node2.awaitServing();
        RawClient subscriber = client(node1, "subscriber");
        RawClient publisher = client(node2, "publisher");
        for (int round = 1; round <= 300; round++) {
            subscriber.subscribe(round, "round/" + round, Qos.AT_MOST_ONCE);
            publisher.publish(round, "round/" + round, Qos.AT_LEAST_ONCE, "r" + round);
            assertThat(payload(subscriber.nextPublish())).isEqualTo("r" + round);
        }
    }

    @Test
    void nothing_is_lost_or_repeated_while_links_are_cut_again_and_again() throws Exception {
        List<TcpRelay> relays = new ArrayList<>();
        MqttNode node1 =
                open(
                        new MqttNode(
                                "node1@127.0.0.1",
                                1,
                                1,
                                store.destination(),
                                port -> {
                                    TcpRelay relay = open(TcpRelay.to(port));
                                    relays.add(relay);
                                    return new HostPort("127.0.0.1", relay.port());
                                }));
        MqttNode node2 = node("node2", 2);
        node1.awaitServing();
        node2.awaitServing();
        RawClient subscriber = client(node1, "subscriber");
        RawClient publisher = client(node2, "publisher");
        subscriber.subscribe(1, "s", Qos.AT_MOST_ONCE);
        for (int i = 1; i <= 400; i++) {
            publisher.publish(i, "s", Qos.AT_LEAST_ONCE, "m" + i);
            if (i % 100 == 50) {
                relays.getFirst().cut();
            }
        }
        for (int i = 1; i <= 400; i++) {
            assertThat(payload(subscriber.nextPublish())).isEqualTo("m" + i);
        }
        for (int i = 1; i <= 400; i++) {
            assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(i);
        }
        assertThat(relays.getFirst().cuts()).as("the fault bit").isPositive();
        ClusterShellTest.awaitCounted(() -> node1.counters(node2).framesReceived() == 400);
        assertThat(node1.counters(node2).framesReceived()).isEqualTo(400);
    }

    private MqttNode node(String name, int id) throws Exception {
        return open(
                new MqttNode(
                        name + "@127.0.0.1",
                        id,
                        2,
                        store.destination(),
                        port -> new HostPort("127.0.0.1", port)));
    }

    private RawClient client(MqttNode node, String id) throws Exception {
        return open(RawClient.connect(node.mqtt(), MqttVersion.V3_1_1, id));
    }

    private <T extends AutoCloseable> T open(T each) {
        opened.add(each);
        return each;
    }

    private static String payload(Packet.Publish publish) {
        return publish.payload().toUtf8String();
    }
}
