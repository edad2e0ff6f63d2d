package io.banyanmq.mqtt.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.Cookie;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.FabricConfig;
import io.banyanmq.fabric.Transport;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.banyanmq.topic.LevelHash;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A gateway without MQTT: its part in the cluster, with lanes whose clients are lists of what they heard.
final class TestNode implements AutoCloseable {
    private static final int WAIT_SECONDS = 30;

    final NodeName name;
    final MultiThreadIoEventLoopGroup loops = Transport.best().newLoops(2, "node");
    private final MultiThreadIoEventLoopGroup homes = Transport.best().newLoops(1, "home");
    final Fabric fabric;
    final ClusterShell cluster;
    final List<TestLane> lanes = new ArrayList<>();
    final BlockingQueue<String> life = new LinkedBlockingQueue<>();

    /// Members of shared subscriptions that this gateway has.
    final Set<String> members = ConcurrentHashMap.newKeySet();

    /// Everything delivered here, `topic payload`.
    final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();

    TestNode(String name, int id, Destination store, String address) throws Exception {
        this.name = NodeName.parse(name);
        FabricConfig config =
                FabricConfig.of(
                        "test", this.name, new Incarnation(id, id), Cookie.of(new byte[] {1}));
        fabric = new Fabric(config, Transport.best(), loops, new SecureRandom());
        cluster =
                new ClusterShell(
                        new ClusterConfig(
                                List.of(store),
                                new HostPort(address, 0),
                                "",
                                1,
                                Duration.ofMillis(500),
                                false),
                        fabric,
                        homes.next(),
                        new Numbers(),
                        LevelHash.keyed(1, 2),
                        new Life());
        fabric.listenLocal(address);
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            int index = lanes.size();
            lanes.add(
                    loop.submit(() -> new TestLane(index, loop))
                            .get(WAIT_SECONDS, TimeUnit.SECONDS));
        }
        cluster.start();
    }

    TestLane lane(int index) {
        return lanes.get(index);
    }

    void awaitServing() throws InterruptedException {
        try {
            await(life, "serving");
        } catch (AssertionError e) {
            throw new AssertionError(cluster.status().toString(), e);
        }
    }

    static void await(BlockingQueue<String> heard, String wanted) throws InterruptedException {
        List<String> others = new ArrayList<>();
        String next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        while (next != null && !next.equals(wanted)) {
            others.add(next);
            next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(next).as("heard within %d s, after %s", WAIT_SECONDS, others).isEqualTo(wanted);
    }

    @Override
    public void close() {
        cluster.close();
        fabric.close();
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
        homes.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private static final class Numbers implements RegistrationNumber {
        private final AtomicLong number = new AtomicLong();

        @Override
        public long highest() {
            return number.get();
        }

        @Override
        public void raise(long to) {
            number.set(to);
        }
    }

    private final class Life implements ClusterListener {
        @Override
        public void serving(Epoch epoch) {
            life.add("serving");
        }

        @Override
        public void gaveUp(Epoch epoch, String reason) {
            life.add("gave up");
        }

        @Override
        public void alarm(String text) {
            life.add("alarm: " + text);
        }
    }

    /// One loop's clients.
    final class TestLane implements LaneClients {
        final EventLoop loop;
        final ClusterLane cluster;

        /// `took NODE n`, `no member NODE n filter`, `writable`, `serving`, `epoch ended`.
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        TestLane(int index, EventLoop loop) {
            this.loop = loop;
            this.cluster = TestNode.this.cluster.open(index, loop, this);
        }

        <T> T on(Callable<T> call) throws Exception {
            return loop.submit(call).get(WAIT_SECONDS, TimeUnit.SECONDS);
        }

        /// Subscribes and waits until that is visible everywhere.
        void subscribe(String filter) throws Exception {
            CountDownLatch visible = new CountDownLatch(1);
            loop.execute(() -> cluster.subscribe(filter, visible::countDown));
            assertThat(visible.await(WAIT_SECONDS, TimeUnit.SECONDS))
                    .as("%s is visible", filter)
                    .isTrue();
        }

        void unsubscribe(String filter) throws Exception {
            CountDownLatch gone = new CountDownLatch(1);
            loop.execute(() -> cluster.unsubscribe(filter, gone::countDown));
            assertThat(gone.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        Interest match(String topic) throws Exception {
            byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
            return on(() -> {
                Interest interest = new Interest();
                cluster.match(utf8, 0, utf8.length, interest);
                return interest;
            });
        }

        /// Forwards a publish to every peer that wants it; the last number given.
        long publish(String topic, String payload) throws Exception {
            Interest interest = match(topic);
            return on(() -> {
                long number = 0;
                for (int i = 0; i < interest.peerCount(); i++) {
                    number = cluster.forward(interest.peer(i), body(topic, payload, List.of()));
                }
                return number;
            });
        }

        void awaitHeard(String wanted) throws InterruptedException {
            await(heard, wanted);
        }

        @Override
        public String[] deliver(ByteBuf body) {
            ForwardBody.View view = new ForwardBody.View().read(body);
            String topic =
                    body.toString(view.topicOffset(), view.topicLength(), StandardCharsets.UTF_8);
            String payload =
                    body.toString(
                            view.payloadOffset(), view.payloadLength(), StandardCharsets.UTF_8);
            delivered.add(topic + " " + payload);
            return view.shared().stream()
                    .filter(filter -> !members.contains(filter))
                    .toArray(String[]::new);
        }

        @Override
        public void peerTook(int peer) {
            long taken = cluster.taken(peer);
            heard.add("took " + (taken == Long.MAX_VALUE ? "all" : taken));
        }

        @Override
        public void noMember(int peer, long number, String[] filters) {
            heard.add("no member " + number + " " + String.join(",", filters));
        }

        @Override
        public void peerWritable(int peer) {
            heard.add("writable");
        }

        @Override
        public void serving() {
            heard.add("serving");
        }

        @Override
        public void epochEnded() {
            heard.add("epoch ended");
        }
    }

    static ByteBuf body(String topic, String payload, List<String> shared) {
        byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.buffer();
        ForwardBody.writeHead(
                body,
                1,
                false,
                shared.isEmpty(),
                Unpooled.wrappedBuffer(utf8),
                0,
                utf8.length,
                Unpooled.EMPTY_BUFFER,
                0,
                0,
                shared);
        return body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
    }
}
