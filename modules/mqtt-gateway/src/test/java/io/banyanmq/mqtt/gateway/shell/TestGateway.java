package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayConfig.Listener;
import io.banyanmq.mqtt.gateway.GatewayView;
import io.banyanmq.mqtt.gateway.Loops;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.LaneFactory;
import io.banyanmq.test.kit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.UnaryOperator;

/// A gateway with a TCP listener on a free port, and real sockets to it.
final class TestGateway implements AutoCloseable {
    private final Loops loops;
    private final MqttServer server;

    private TestGateway(Loops loops, MqttServer server) {
        this.loops = loops;
        this.server = server;
    }

    static TestGateway start() throws IOException {
        return start(config -> config);
    }

    static TestGateway start(UnaryOperator<GatewayConfig> change) throws IOException {
        return start(1, change, new SoloLane());
    }

    static TestGateway start(int loops, UnaryOperator<GatewayConfig> change, ClusterLane lane)
            throws IOException {
        return start(loops, change, (index, loop, clients) -> lane);
    }

    static TestGateway start(int count, UnaryOperator<GatewayConfig> change, LaneFactory lanes)
            throws IOException {
        Loops loops = Loops.open(count, "test");
        GatewayConfig config = change.apply(GatewayConfig.of(Listener.tcp("tcp", freePort())));
        return new TestGateway(
                loops,
                MqttServer.start(
                        NodeName.parse("test@127.0.0.1"),
                        "0.1",
                        config,
                        loops,
                        lanes,
                        new SecureRandom(),
                        Clock.systemUTC()));
    }

    static InetSocketAddress freePort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    InetSocketAddress address() {
        return address("tcp");
    }

    InetSocketAddress address(String listener) {
        InetSocketAddress address = server.view().listeners().get(listener);
        if (address == null) {
            throw new IllegalArgumentException("no listener " + listener);
        }
        return address;
    }

    GatewayView view() {
        return server.view();
    }

    RawClient connect(MqttVersion version, String clientId) throws IOException {
        return RawClient.connect(address(), version, clientId);
    }

    RawClient open(MqttVersion version) throws IOException {
        return RawClient.open(address(), version);
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }
}
