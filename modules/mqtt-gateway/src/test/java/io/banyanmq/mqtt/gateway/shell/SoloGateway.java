package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayConfig.Listener;
import io.banyanmq.mqtt.gateway.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/// The MQTT side alone in a process, to be measured or tried by hand: `SoloGateway PORT [LOOPS [INFLIGHT]]`.
final class SoloGateway {
    private SoloGateway() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        GatewayConfig config =
                GatewayConfig.of(
                        Listener.tcp(
                                "tcp",
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        if (args.length > 2) {
            config =
                    config.withLimits(
                            config.limits().withWindows(Integer.parseInt(args[2]), 1_024));
        }
        try (Loops loops = Loops.open(count, "mqtt");
                MqttServer server =
                        MqttServer.start(
                                NodeName.parse("solo@127.0.0.1"),
                                "test",
                                config,
                                loops,
                                (index, loop, clients) -> new SoloLane(),
                                new SecureRandom(),
                                Clock.systemUTC())) {
            System.out.println(loops.transport() + " " + server.view().listeners());
            new CountDownLatch(1).await();
        }
    }
}
