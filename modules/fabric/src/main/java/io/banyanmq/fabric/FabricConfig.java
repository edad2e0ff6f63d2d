package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Everything a [Fabric] needs to know. [#of] gives the defaults.
///
/// @param cluster 1..255 characters; only nodes of the same cluster talk
/// @param tls mutual TLS on every TCP connection; the cookie may then be [Cookie#none()]
/// @param frameBytesMax no frame is longer, 4,096 or more; a longer one closes its connection
/// @param windowBytes credit of one link: what may be unacknowledged
/// @param bufferBytesMax what one conversation may hold unsent; beyond it `send` refuses
/// @param heartbeat how often a silent side says something
/// @param silence after how long without a byte from it a peer counts as gone
/// @param handshake how long a connection may take until both sides are proven
public record FabricConfig(
        String cluster,
        NodeName node,
        Incarnation incarnation,
        Cookie cookie,
        Optional<FabricTls> tls,
        int frameBytesMax,
        long windowBytes,
        int bufferBytesMax,
        Duration heartbeat,
        Duration silence,
        Duration handshake) {

    public FabricConfig {
        if (cluster.isEmpty() || cluster.length() > 255) {
            throw new IllegalArgumentException(
                    "cluster name of " + cluster.length() + " characters, need 1 to 255");
        }
        if (cookie.isNone() && tls.isEmpty()) {
            throw new IllegalArgumentException("without TLS a cluster needs a cookie");
        }
        if (frameBytesMax < 4_096 || windowBytes < 1 || bufferBytesMax < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "frame of %d, window of %d, buffer of %d bytes",
                            frameBytesMax,
                            windowBytes,
                            bufferBytesMax));
        }
        if (heartbeat.toMillis() < 1
                || silence.compareTo(heartbeat) <= 0
                || handshake.toMillis() < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "heartbeat %s, silence %s, handshake %s",
                            heartbeat,
                            silence,
                            handshake));
        }
    }

    /// Frames up to 8 MiB, a window of 8 MiB, conversations of 32 MiB, a heartbeat of 0.5 s, silence of 2 s, 5 s for a handshake.
    public static FabricConfig of(
            String cluster, NodeName node, Incarnation incarnation, Cookie cookie) {
        return new FabricConfig(
                cluster,
                node,
                incarnation,
                cookie,
                Optional.empty(),
                8 << 20,
                8 << 20,
                32 << 20,
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5));
    }

    public FabricConfig withTls(FabricTls mutual) {
        return new FabricConfig(
                cluster,
                node,
                incarnation,
                cookie,
                Optional.of(mutual),
                frameBytesMax,
                windowBytes,
                bufferBytesMax,
                heartbeat,
                silence,
                handshake);
    }

    public FabricConfig withWindowBytes(long bytes) {
        return new FabricConfig(
                cluster,
                node,
                incarnation,
                cookie,
                tls,
                frameBytesMax,
                bytes,
                bufferBytesMax,
                heartbeat,
                silence,
                handshake);
    }

    public FabricConfig withFrameBytesMax(int bytes) {
        return new FabricConfig(
                cluster,
                node,
                incarnation,
                cookie,
                tls,
                bytes,
                windowBytes,
                bufferBytesMax,
                heartbeat,
                silence,
                handshake);
    }

    public FabricConfig withTimes(Duration heartbeat, Duration silence, Duration handshake) {
        return new FabricConfig(
                cluster,
                node,
                incarnation,
                cookie,
                tls,
                frameBytesMax,
                windowBytes,
                bufferBytesMax,
                heartbeat,
                silence,
                handshake);
    }
}
