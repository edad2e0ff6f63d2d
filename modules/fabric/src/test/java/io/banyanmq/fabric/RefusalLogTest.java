package io.banyanmq.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RefusalLogTest {
    private static final NodeName A = NodeName.parse("a@127.0.0.1");
    private static final NodeName B = NodeName.parse("b@127.0.0.1");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void a_wrong_cookie_is_one_clear_line_on_each_side_without_the_cookie() throws Exception {
        MultiThreadIoEventLoopGroup loops = Transport.best().newLoops(1, "refusals");
        try (Fabric a = fabric(A, "guessed", loops);
                Fabric b = fabric(B, "real-one", loops)) {
            b.onConversation(Purpose.STORE, conversation -> new Silent());
            HostPort address = b.listenTcp("127.0.0.1", 0);
            a.converse(Purpose.STORE, new Destination(B, address), loops.next(), new Silent());
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> warnings("did not connect").size() == 2);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                    .awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
        assertThat(warnings("b@127.0.0.1 did not connect").getFirst())
                .contains("with a@127.0.0.1 at 127.0.0.1:", "wrong cookie")
                .doesNotContain("guessed", "real-one");
        assertThat(warnings("a@127.0.0.1 did not connect").getFirst())
                .contains("with b@127.0.0.1 at 127.0.0.1:", "wrong cookie")
                .doesNotContain("guessed", "real-one");
    }

    @Test
    void a_cause_is_said_again_after_ten_seconds_with_what_was_left_out() {
        AtomicLong nanos = new AtomicLong();
        RefusalLog log = new RefusalLog(A, nanos::get, lines::add);
        for (int port = 1; port <= 5; port++) {
            log.refused(
                    "wrong cookie",
                    "",
                    B,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        assertThat(warnings("wrong cookie")).hasSize(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
        log.refused(
                "wrong cookie", "", B, new InetSocketAddress(InetAddress.getLoopbackAddress(), 6));
        assertThat(warnings("wrong cookie")).hasSize(2);
        assertThat(warnings("wrong cookie").getLast()).contains("left out lately: 4");
    }

    private List<String> warnings(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    private Fabric fabric(NodeName node, String cookie, MultiThreadIoEventLoopGroup loops) {
        FabricConfig config =
                FabricConfig.of(
                        "banyan",
                        node,
                        new Incarnation(1, 1),
                        Cookie.of(cookie.getBytes(StandardCharsets.UTF_8)));
        RefusalLog log = new RefusalLog(node, System::nanoTime, lines::add);
        return new Fabric(config, Transport.best(), loops, new SecureRandom(), log);
    }

    private record Silent() implements ConversationHandler {
        @Override
        public void opened() {}

        @Override
        public void received(byte[] message) {}

        @Override
        public void closed(String why) {}
    }
}
