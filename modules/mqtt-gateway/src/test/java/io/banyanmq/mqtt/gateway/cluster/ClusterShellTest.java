package io.banyanmq.mqtt.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.lane.Interest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three gateways' cluster sides and one store node, over the fabric's local transport.
@Timeout(120)
final class ClusterShellTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final String run = "cluster-test-" + RUNS.incrementAndGet();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private TestStore store;
    private TestNode a;
    private TestNode b;
    private TestNode c;

    ClusterShellTest() throws Exception {
        store = open(new TestStore(NodeName.parse("store1@127.0.0.1"), run + "-store"));
        a = node("a", 1);
        b = node("b", 2);
        c = node("c", 3);
    }

    @BeforeEach
    void awaitServing() throws Exception {
        a.awaitServing();
        b.awaitServing();
        c.awaitServing();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void what_is_visible_on_one_gateway_is_matched_on_the_others_and_crosses_once()
            throws Exception {
        a.lane(0).subscribe("t/+/x");
        a.lane(1).subscribe("t/a/x");
        c.lane(0).subscribe("t/#");
        Interest interest = b.lane(1).match("t/a/x");
        assertThat(names(b, interest)).containsExactlyInAnyOrder(a.name, c.name);

        for (int i = 1; i <= 100; i++) {
            assertThat(b.lane(1).publish("t/a/x", "m" + i)).isEqualTo(i);
        }
        for (int i = 1; i <= 100; i++) {
            assertThat(a.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("t/a/x m" + i);
            assertThat(c.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("t/a/x m" + i);
        }
        b.lane(1).awaitHeard("took 100");
        b.lane(1).awaitHeard("took 100");
        awaitCounted(() ->
                counters(b, a).framesTaken() == 100
                        && counters(b, c).framesTaken() == 100
                        && counters(a, b).framesReceived() == 100);
        assertThat(counters(b, a).framesSent()).isEqualTo(100);
        assertThat(counters(b, a).framesTaken()).isEqualTo(100);
        assertThat(counters(b, c).framesSent()).isEqualTo(100);
        assertThat(counters(a, b).framesReceived()).isEqualTo(100);
        assertThat(counters(a, b).repeatsReceived()).isZero();
        assertThat(counters(a, b).framesSent()).isZero();
        assertThat(a.delivered).isEmpty();
    }

    /// Counters are published by the clock.
    static void awaitCounted(BooleanSupplier counted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!counted.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void only_the_last_unsubscribe_takes_the_route_away() throws Exception {
        a.lane(0).subscribe("x");
        a.lane(1).subscribe("x");
        a.lane(0).unsubscribe("x");
        a.lane(0).subscribe("after");
        assertThat(names(b, b.lane(0).match("x"))).containsExactly(a.name);
        a.lane(1).unsubscribe("x");
        a.lane(0).subscribe("after that");
        assertThat(b.lane(0).match("x").isEmpty()).isTrue();
        assertThat(names(b, b.lane(0).match("after"))).containsExactly(a.name);
    }

    @Test
    void shared_subscriptions_carry_weights_and_come_back_where_nobody_is_left() throws Exception {
        String filter = "$share/g/s";
        for (int i = 0; i < 5; i++) {
            a.lane(i % 2).subscribe(filter);
        }
        b.lane(0).subscribe(filter);
        Interest interest = b.lane(0).match("s");
        assertThat(interest.peerCount()).isZero();
        assertThat(interest.shared()).hasSize(1);
        Interest.Shared group = interest.shared().getFirst();
        assertThat(group.filter()).isEqualTo(filter);
        int peerA = group.members().getLast().peer();
        assertThat(group.members())
                .containsExactly(
                        new Interest.Members(Interest.SELF, 1), new Interest.Members(peerA, 4));

        a.members.add(filter);
        b.lane(0)
                .on(() ->
                        b.lane(0).cluster.forward(peerA, TestNode.body("s", "1", List.of(filter))));
        b.lane(0).awaitHeard("took 1");
        a.members.clear();
        b.lane(0)
                .on(() ->
                        b.lane(0).cluster.forward(peerA, TestNode.body("s", "2", List.of(filter))));
        b.lane(0).awaitHeard("no member 2 " + filter);
        b.lane(0).awaitHeard("took 2");
    }

    @Test
    void a_gateway_that_is_gone_ends_after_its_ttl_and_what_it_did_not_take_is_settled()
            throws Exception {
        a.lane(0).subscribe("x");
        int peerA = b.lane(0).match("x").peer(0);
        a.fabric.close();
        a.cluster.close();
        String filter = "$share/g/x";
        long number =
                b.lane(0)
                        .on(() ->
                                b.lane(0)
                                        .cluster
                                        .forward(peerA, TestNode.body("x", "1", List.of(filter))));
        assertThat(number).isEqualTo(1);
        b.lane(0).awaitHeard("no member 1 " + filter);
        b.lane(0).awaitHeard("took all");
        assertThat(b.lane(0).match("x").isEmpty()).isTrue();
        assertThat(b.lane(0).on(() -> b.lane(0).cluster.taken(peerA))).isEqualTo(Long.MAX_VALUE);
        b.lane(1).subscribe("y");
    }

    @Test
    void without_ticks_nobody_may_acknowledge_and_after_the_hold_everybody_begins_anew()
            throws Exception {
        a.lane(0).subscribe("x");
        assertThat(a.cluster.mayAcknowledge(System.nanoTime())).isTrue();
        store.leading(false);
        TestNode.await(a.life, "gave up");
        TestNode.await(b.life, "gave up");
        assertThat(a.cluster.mayAcknowledge(System.nanoTime())).isFalse();
        a.lane(0).awaitHeard("epoch ended");
        a.lane(1).awaitHeard("epoch ended");
        store.leading(true);
        a.awaitServing();
        b.awaitServing();
        a.lane(1).subscribe("y");
        assertThat(a.cluster.mayAcknowledge(System.nanoTime())).isTrue();
        assertThat(b.lane(0).match("x").isEmpty()).isTrue();
        assertThat(b.lane(0).publish("y", "again")).isEqualTo(1);
        assertThat(a.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("y again");
    }

    @Test
    void an_orderly_stop_ends_the_epoch_at_once() throws Exception {
        a.lane(0).subscribe("x");
        int peerA = b.lane(0).match("x").peer(0);
        a.cluster.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        b.lane(0).awaitHeard("took all");
        assertThat(b.lane(0).on(() -> b.lane(0).cluster.name(peerA))).isNull();
    }

    private TestNode node(String name, int id) throws Exception {
        return open(new TestNode(name + "@127.0.0.1", id, store.destination(), run + "-" + name));
    }

    private <T extends AutoCloseable> T open(T each) {
        opened.add(each);
        return each;
    }

    private static List<NodeName> names(TestNode node, Interest interest) throws Exception {
        List<NodeName> names = new ArrayList<>();
        for (int i = 0; i < interest.peerCount(); i++) {
            int peer = interest.peer(i);
            NodeName name = node.lane(0).on(() -> node.lane(0).cluster.name(peer));
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static PeerCounters counters(TestNode node, TestNode peer) {
        return node.cluster.peerCounters().stream()
                .filter(row -> row.node().equals(peer.name))
                .findFirst()
                .orElseGet(() -> PeerCounters.none(peer.name));
    }
}
