package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says why a connection was not made, once per cause and peer within ten seconds: who keeps calling with a wrong cookie
/// must not fill the disk.
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(Fabric.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int CAUSES_MAX = 256;

    private final NodeName self;
    private final LongSupplier nanoTime;
    private final Consumer<String> warn;

    /// When each cause was last said; the oldest is forgotten first.
    private final Map<String, Long> said =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > CAUSES_MAX;
                }
            };

    private long suppressed;

    /// @param warn takes the lines
    RefusalLog(NodeName self, LongSupplier nanoTime, Consumer<String> warn) {
        this.self = self;
        this.nanoTime = nanoTime;
        this.warn = warn;
    }

    /// A handshake failed; `claimed` is the name that the peer gave, if it came to that.
    void refused(
            String reason,
            String detail,
            @Nullable NodeName claimed,
            @Nullable SocketAddress address) {
        if (due("refused " + reason + " " + claimed + " " + host(address))) {
            long others = takeSuppressed();
            warn.accept(
                    self
                            + " did not connect with "
                            + (claimed == null ? "an unknown node" : claimed)
                            + " at "
                            + text(address)
                            + ": "
                            + reason
                            + (detail.isEmpty() ? "" : " (" + detail + ")")
                            + (others == 0 ? "" : "; lines left out lately: " + others));
        }
    }

    /// A node cannot be reached at all.
    void unreachable(Destination destination, Purpose purpose, String why) {
        if (due("unreachable " + purpose + " " + destination)) {
            LOG.info("fabric: {} cannot reach {} ({}): {}", self, destination, purpose, why);
        }
    }

    private synchronized boolean due(String cause) {
        long now = nanoTime.getAsLong();
        Long last = said.get(cause);
        if (last != null && now - last < QUIET_NANOS) {
            suppressed++;
            return false;
        }
        said.remove(cause);
        said.put(cause, now);
        return true;
    }

    private synchronized long takeSuppressed() {
        long count = suppressed;
        suppressed = 0;
        return count;
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? host(inet) + ":" + inet.getPort()
                : String.valueOf(address);
    }

    /// Without the port, which is another one with every attempt.
    private static String host(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }
}
