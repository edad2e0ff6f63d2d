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
import io.banyanmq.mqtt.gateway.GatewayConfig.SharedPick;
import io.banyanmq.mqtt.gateway.GatewayConfig.SubscribeAck;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A gateway's clients and the rest of the cluster: acknowledgements, lease, back-pressure, shared subscriptions.
final class ClusterTest {
    private TwinLane cluster;
    private TestGateway gateway;
    private RawClient publisher;

    @BeforeEach
    void start() throws IOException {
        start(SharedPick.WEIGHTED);
    }

    private void start(SharedPick pick) throws IOException {
        cluster = new TwinLane();
        gateway =
                TestGateway.start(
                        1,
                        config -> config.withSharedPick(pick),
                        (index, loop, clients) -> cluster.opened(loop, clients));
        publisher = gateway.connect(MqttVersion.V5, "p");
    }

    @AfterEach
    void stop() throws IOException {
        publisher.close();
        gateway.close();
    }

    private static Interest.Shared shared(String filter, int... peers) {
        return new Interest.Shared(
                filter,
                Arrays.stream(peers).mapToObj(peer -> new Interest.Members(peer, 1)).toList());
    }

    private static ByteBuf body(int qos, boolean plain, String... filters) {
        ByteBuf topic = Unpooled.copiedBuffer("t", StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.buffer();
        ForwardBody.writeHead(
                body,
                qos,
                false,
                plain,
                topic,
                0,
                1,
                Unpooled.EMPTY_BUFFER,
                0,
                0,
                List.of(filters));
        body.writeCharSequence("far", StandardCharsets.UTF_8);
        return body;
    }

    private void publishAndSettle(int id) throws IOException {
        publisher.publish(id, "t", Qos.AT_LEAST_ONCE, "m" + id);
        publisher.expect(Packet.Puback.class);
    }

    @Test // P1
    void puback_waits_for_every_peer() throws IOException {
        cluster.wanted(into -> {
            into.addPeer(0);
            into.addPeer(1);
        });
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "x");
        assertThat(publisher.untilPingresp()).isEmpty();
        assertThat(cluster.forwarded).containsExactly("0 plain [] q1 t x", "1 plain [] q1 t x");
        cluster.took(0, 1);
        assertThat(publisher.untilPingresp()).isEmpty();
        cluster.took(1, 1);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
    }

    @Test // [MQTT-4.6.0-2], [MQTT-4.6.0-3]
    void acknowledgements_keep_the_order_of_the_publishes() throws IOException {
        cluster.wanted(into -> into.addPeer(0));
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "a");
        publisher.publish(2, "t", Qos.EXACTLY_ONCE, "b");
        publisher.untilPingresp();
        cluster.wanted(into -> {});
        publisher.publish(3, "t", Qos.AT_LEAST_ONCE, "c");
        assertThat(publisher.untilPingresp()).isEmpty();
        cluster.took(0, 1);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
        assertThat(publisher.untilPingresp()).isEmpty();
        cluster.took(0, Long.MAX_VALUE); // the peer's epoch has ended
        assertThat(publisher.expect(Packet.Pubrec.class).packetId()).isEqualTo(2);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(3);
    }

    @Test // P4
    void suback_waits_until_the_subscription_is_visible() throws IOException {
        cluster.visible(false);
        try (RawClient client = gateway.connect(MqttVersion.V5, "s")) {
            client.send(
                    new Packet.Subscribe(
                            4,
                            Properties.NONE,
                            List.of(
                                    Packet.Subscription.of("a", Qos.AT_MOST_ONCE),
                                    Packet.Subscription.of("b", Qos.AT_MOST_ONCE))));
            assertThat(client.untilPingresp()).isEmpty();
            cluster.visible(true);
            assertThat(client.expect(Packet.Suback.class).packetId()).isEqualTo(4);
            client.send(new Packet.Unsubscribe(5, Properties.NONE, List.of("a")));
            client.expect(Packet.Unsuback.class);
            client.subscribe(6, "b", Qos.AT_LEAST_ONCE);
            assertThat(cluster.interest).containsExactly("+a", "+b", "-a", "+b", "-b");
        }
    }

    @Test // `subscribe.ack: local`
    void suback_can_be_told_not_to_wait() throws IOException {
        stop();
        cluster = new TwinLane();
        gateway =
                TestGateway.start(
                        1,
                        config -> config.withSubscribeAck(SubscribeAck.LOCAL),
                        (index, loop, clients) -> cluster.opened(loop, clients));
        publisher = gateway.connect(MqttVersion.V5, "p");
        cluster.visible(false);
        assertThat(publisher.subscribe(1, "a", Qos.AT_MOST_ONCE).packetId()).isEqualTo(1);
    }

    @Test // P10, design §4.3
    void without_a_lease_nothing_is_acknowledged_and_all_goes_on_when_it_is_back()
            throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s")) {
            client.subscribe(1, "t", Qos.AT_LEAST_ONCE);
            cluster.lease(false);
            publisher.publish(0, "t", Qos.AT_MOST_ONCE, "lost");
            publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "kept");
            publisher.publish(2, "t", Qos.EXACTLY_ONCE, "kept, too");
            publisher.send(
                    new Packet.Subscribe(
                            9,
                            Properties.NONE,
                            List.of(Packet.Subscription.of("x", Qos.AT_MOST_ONCE))));
            assertThat(publisher.untilPingresp()).isEmpty();
            assertThat(client.untilPingresp()).isEmpty();
            try (RawClient late = gateway.open(MqttVersion.V3_1_1)) {
                late.send(late.connectPacket("late", Properties.NONE));
                assertThat(late.expect(Packet.Connack.class).reasonCode())
                        .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
            }
            cluster.lease(true);
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("kept");
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("kept, too");
            publisher.expect(Packet.Suback.class);
            assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
            assertThat(publisher.expect(Packet.Pubrec.class).packetId()).isEqualTo(2);
            assertThat(gateway.view().count(Counter.REFUSED_NO_LEASE)).isEqualTo(1);
        }
    }

    @Test // design §4.4: what was matched before is acknowledged only under the lease
    void an_acknowledgement_that_is_late_is_withheld() throws IOException {
        cluster.wanted(into -> into.addPeer(0));
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "x");
        publisher.untilPingresp();
        cluster.lease(false);
        cluster.took(0, 1);
        assertThat(publisher.untilPingresp()).isEmpty();
        cluster.lease(true);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
    }

    @Test // design §4.1
    void the_end_of_the_epoch_closes_every_client() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V5, "s")) {
            client.subscribe(1, "t", Qos.AT_LEAST_ONCE);
            cluster.lease(false);
            cluster.on(clients -> clients.epochEnded());
            assertThat(client.expect(Packet.Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
            assertThat(publisher.isClosedByServer()).isTrue();
            assertThat(gateway.view().subscriptionCount()).isZero();
            assertThat(cluster.interest).containsExactly("+t"); // the epoch took it along
            cluster.lease(true);
            cluster.on(clients -> clients.serving());
            try (RawClient again = gateway.connect(MqttVersion.V5, "s")) {
                again.subscribe(1, "t", Qos.AT_LEAST_ONCE);
            }
        }
    }

    @Test // the will of a client that the end of the epoch closed
    void a_will_waits_for_the_lease() throws IOException {
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.send(
                    new Packet.Connect(
                            MqttVersion.V5,
                            true,
                            0,
                            Properties.NONE,
                            "w",
                            new Packet.Will(
                                    "t",
                                    Bytes.utf8("gone"),
                                    Qos.AT_MOST_ONCE,
                                    false,
                                    Properties.NONE),
                            null,
                            null));
            client.expect(Packet.Connack.class);
            cluster.lease(false);
            cluster.on(clients -> clients.epochEnded());
        }
        cluster.lease(true);
        cluster.on(clients -> clients.serving());
        try (RawClient watcher = gateway.connect(MqttVersion.V5, "s")) {
            for (int i = 0; i < 100 && gateway.view().count(Counter.WILLS_PUBLISHED) == 0; i++) {
                assertThat(watcher.next(100)).isEmpty();
            }
        }
        assertThat(gateway.view().count(Counter.WILLS_PUBLISHED)).isEqualTo(1);
    }

    @Test // design §4.3: a full link stops reads of the publishers that fill it, and of no others
    void a_full_link_pauses_only_who_fills_it() throws IOException {
        cluster.wanted(into -> into.addPeer(0));
        cluster.full(0, true);
        publisher.publish(0, "t", Qos.AT_MOST_ONCE, "1");
        publisher.publish(0, "t", Qos.AT_MOST_ONCE, "2");
        publisher.send(new Packet.Pingreq());
        assertThat(publisher.next(300)).isEmpty();
        assertThat(cluster.forwarded).hasSize(1);
        try (RawClient other = gateway.connect(MqttVersion.V5, "o")) {
            assertThat(other.untilPingresp()).isEmpty();
        }
        cluster.full(0, false);
        assertThat(publisher.next()).isInstanceOf(Packet.Pingresp.class);
        assertThat(cluster.forwarded).hasSize(2);
    }

    @Test
    void a_message_from_a_peer_reaches_plain_subscribers_once() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s")) {
            client.subscribe(1, "t", Qos.AT_LEAST_ONCE);
            client.subscribe(2, "#", Qos.AT_MOST_ONCE);
            cluster.wanted(into -> into.addPeer(0));
            cluster.on(clients -> assertThat(clients.deliver(body(1, true))).isEmpty());
            Packet.Publish got = client.nextPublish();
            assertThat(got.topic()).isEqualTo("t");
            assertThat(got.payload().toUtf8String()).isEqualTo("far");
            assertThat(got.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(client.untilPingresp()).isEmpty();
            assertThat(cluster.forwarded).isEmpty();
        }
    }

    @Test
    void a_message_for_a_shared_subscription_here_goes_to_a_member_or_back() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s")) {
            client.subscribe(1, "$share/g/t", Qos.AT_LEAST_ONCE);
            cluster.on(clients ->
                    assertThat(clients.deliver(body(1, false, "$share/g/t", "$share/h/t")))
                            .containsExactly("$share/h/t"));
            assertThat(client.nextPublish().payload().toUtf8String()).isEqualTo("far");
            assertThat(client.untilPingresp()).isEmpty();
        }
    }

    @Test
    void one_gateway_is_picked_for_each_shared_subscription() throws IOException {
        cluster.wanted(into -> {
            into.addPeer(0);
            into.addShared(shared("$share/g/t", 0));
            into.addShared(shared("$share/h/t", 1));
        });
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "x");
        publisher.untilPingresp();
        assertThat(cluster.forwarded)
                .containsExactly("0 plain [$share/g/t] q1 t x", "1 [$share/h/t] q1 t x");
    }

    @Test
    void members_on_other_gateways_get_their_share() throws IOException {
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s")) {
            client.subscribe(1, "$share/g/t", Qos.AT_MOST_ONCE);
            cluster.wanted(into -> into.addShared(shared("$share/g/t", Interest.SELF, 0)));
            for (int i = 0; i < 200; i++) {
                publisher.publish(0, "t", Qos.AT_MOST_ONCE, "x");
            }
            publisher.untilPingresp();
            int here = client.untilPingresp().size();
            assertThat(here + cluster.forwarded.size()).isEqualTo(200);
            assertThat(here).isBetween(50, 150);
        }
    }

    @Test
    void a_local_member_is_preferred_if_so_configured() throws IOException {
        stop();
        start(SharedPick.LOCAL_FIRST);
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "s")) {
            client.subscribe(1, "$share/g/t", Qos.AT_MOST_ONCE);
            cluster.wanted(into -> into.addShared(shared("$share/g/t", Interest.SELF, 0)));
            for (int i = 0; i < 50; i++) {
                publisher.publish(0, "t", Qos.AT_MOST_ONCE, "x");
            }
            publisher.untilPingresp();
            assertThat(client.untilPingresp()).hasSize(50);
            assertThat(cluster.forwarded).isEmpty();
        }
    }

    @Test
    void a_peer_without_members_sends_the_message_elsewhere() throws IOException {
        cluster.wanted(into -> into.addShared(shared("$share/g/t", 0)));
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "x");
        publisher.untilPingresp();
        cluster.wanted(into -> into.addShared(shared("$share/g/t", 0, 1)));
        cluster.on(clients -> clients.noMember(0, 1, new String[] {"$share/g/t"}));
        cluster.took(0, 1);
        assertThat(cluster.forwarded)
                .containsExactly("0 [$share/g/t] q1 t x", "1 [$share/g/t] q1 t x");
        assertThat(publisher.untilPingresp()).isEmpty();
        cluster.took(1, 1);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
    }

    @Test
    void a_shared_message_with_no_member_left_is_counted() throws IOException {
        cluster.wanted(into -> into.addShared(shared("$share/g/t", 0)));
        publisher.publish(1, "t", Qos.AT_LEAST_ONCE, "x");
        publisher.untilPingresp();
        cluster.wanted(into -> {});
        cluster.on(clients -> clients.noMember(0, 1, new String[] {"$share/g/t"}));
        cluster.took(0, 1);
        assertThat(publisher.expect(Packet.Puback.class).packetId()).isEqualTo(1);
        assertThat(gateway.view().count(Counter.NO_MEMBER)).isEqualTo(1);
    }

    @Test // [MQTT-3.3.4-7]
    void more_than_the_receive_maximum_is_an_error() throws IOException {
        cluster.wanted(into -> into.addPeer(0));
        for (int i = 1; i <= 1_024; i++) {
            publisher.publish(i, "t", Qos.AT_LEAST_ONCE, "x");
        }
        assertThat(publisher.untilPingresp()).isEmpty();
        publisher.publish(1_025, "t", Qos.AT_LEAST_ONCE, "x");
        assertThat(publisher.expect(Packet.Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    }

    @Test
    void a_hop_takes_the_time_from_the_expiry_interval() throws IOException {
        cluster.wanted(into -> into.addPeer(0));
        publisher.send(
                new Packet.Publish(
                        false,
                        Qos.AT_LEAST_ONCE,
                        false,
                        "t",
                        1,
                        Properties.of(Property.MESSAGE_EXPIRY_INTERVAL, 7L),
                        Bytes.utf8("x")));
        publisher.untilPingresp();
        assertThat(cluster.forwarded).hasSize(1);
        cluster.took(0, 1);
        publisher.expect(Packet.Puback.class);
        publishAndSettleLocally();
    }

    private void publishAndSettleLocally() throws IOException {
        cluster.wanted(into -> {});
        publishAndSettle(2);
    }
}
