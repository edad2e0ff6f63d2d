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
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayConfig.Listener;
import io.banyanmq.mqtt.gateway.Loops;
import io.banyanmq.mqtt.gateway.shell.MqttServer;
import io.banyanmq.topic.LevelHash;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A whole gateway: MQTT on a free port, its fabric on TCP.
final class MqttNode implements AutoCloseable {
    private static final int WAIT_SECONDS = 30;

    final NodeName name;
    final ClusterShell cluster;
    final Fabric fabric;
    private final Loops loops;
    private final MultiThreadIoEventLoopGroup homes = Transport.best().newLoops(1, "home");
    private final MqttServer server;
    private final CountDownLatch serving = new CountDownLatch(1);

    /// @param advertised where peers call, given the port on which this one listens
    MqttNode(
            String name, int id, int loopCount, Destination store, IntFunction<HostPort> advertised)
            throws IOException {
        this.name = NodeName.parse(name);
        loops = Loops.open(loopCount, name);
        FabricConfig config =
                FabricConfig.of(
                        "test", this.name, new Incarnation(id, id), Cookie.of(new byte[] {1}));
        fabric = new Fabric(config, Transport.best(), loops.group(), new SecureRandom());
        int port = fabric.listenTcp("127.0.0.1", 0).port();
        cluster =
                new ClusterShell(
                        new ClusterConfig(
                                List.of(store),
                                advertised.apply(port),
                                "",
                                1,
                                Duration.ofSeconds(10),
                                false),
                        fabric,
                        homes.next(),
                        new FirstTime(),
                        LevelHash.keyed(id, 2),
                        new Life());
        server =
                MqttServer.start(
                        this.name,
                        "0.1",
                        GatewayConfig.of(
                                Listener.tcp(
                                        "tcp",
                                        new InetSocketAddress(
                                                InetAddress.getLoopbackAddress(), 0))),
                        loops,
                        cluster,
                        new SecureRandom(),
                        Clock.systemUTC());
        cluster.start();
    }

    void awaitServing() throws InterruptedException {
        assertThat(serving.await(WAIT_SECONDS, TimeUnit.SECONDS))
                .as("%s serves: %s", name, cluster.status())
                .isTrue();
    }

    InetSocketAddress mqtt() {
        return Optional.ofNullable(server.view().listeners().get("tcp")).orElseThrow();
    }

    PeerCounters counters(MqttNode peer) {
        return cluster.peerCounters().stream()
                .filter(row -> row.node().equals(peer.name))
                .findFirst()
                .orElseGet(() -> PeerCounters.none(peer.name));
    }

    @Override
    public void close() {
        cluster.close();
        server.close();
        fabric.close();
        loops.close();
        homes.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private static final class FirstTime implements RegistrationNumber {
        @Override
        public long highest() {
            return 0;
        }

        @Override
        public void raise(long number) {}
    }

    private final class Life implements ClusterListener {
        @Override
        public void serving(Epoch epoch) {
            serving.countDown();
        }

        @Override
        public void gaveUp(Epoch epoch, String reason) {}

        @Override
        public void alarm(String text) {
            throw new AssertionError(text);
        }
    }
}
