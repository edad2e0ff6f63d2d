package io.banyanmq.mqtt.gateway;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything a gateway is told about its clients, once, when it starts.
///
/// @param listeners where clients come in; names are unique
/// @param limits what one client may use
/// @param keepAliveMax the longest keep-alive granted; a client that asks for more, or for none, is told this one
///     as Server Keep Alive (MQTT 5) or is held to it silently (before); null leaves it to the client
/// @param subscribeAck when a SUBSCRIBE is answered
/// @param sharedPick which gateway serves a shared subscription that has members on several
/// @param sysInterval how often `$SYS` values are published
/// @param serverReference other servers, for clients that are sent away (0x9C); null for none
public record GatewayConfig(
        List<Listener> listeners,
        Limits limits,
        @Nullable Duration keepAliveMax,
        SubscribeAck subscribeAck,
        SharedPick sharedPick,
        Duration sysInterval,
        @Nullable String serverReference) {

    /// Copies and checks.
    public GatewayConfig {
        listeners = List.copyOf(listeners);
        requireNonNull(limits, "limits");
        if (listeners.stream().map(Listener::name).distinct().count() != listeners.size()) {
            throw new IllegalArgumentException("two listeners have the same name");
        }
        if (keepAliveMax != null
                && (keepAliveMax.toSeconds() < 1 || keepAliveMax.toSeconds() > 0xFFFF)) {
            throw new IllegalArgumentException(
                    "keep-alive of " + keepAliveMax.toSeconds() + " s, must be 1..65535");
        }
        if (sysInterval.toMillis() < 100) {
            throw new IllegalArgumentException(
                    "$SYS interval of " + sysInterval.toMillis() + " ms, at least 100");
        }
    }

    /// These listeners with the defaults for everything else.
    public static GatewayConfig of(Listener... listeners) {
        return new GatewayConfig(
                List.of(listeners),
                Limits.DEFAULT,
                null,
                SubscribeAck.EVERYWHERE,
                SharedPick.WEIGHTED,
                Duration.ofSeconds(10),
                null);
    }

    /// The same with other limits.
    public GatewayConfig withLimits(Limits other) {
        return new GatewayConfig(
                listeners,
                other,
                keepAliveMax,
                subscribeAck,
                sharedPick,
                sysInterval,
                serverReference);
    }

    /// The same with another rule for answering SUBSCRIBE.
    public GatewayConfig withSubscribeAck(SubscribeAck other) {
        return new GatewayConfig(
                listeners, limits, keepAliveMax, other, sharedPick, sysInterval, serverReference);
    }

    /// The same with another rule for picking members of shared subscriptions.
    public GatewayConfig withSharedPick(SharedPick other) {
        return new GatewayConfig(
                listeners, limits, keepAliveMax, subscribeAck, other, sysInterval, serverReference);
    }

    /// When a SUBSCRIBE is answered.
    public enum SubscribeAck {
        /// Once every serving gateway knows the subscription: what is published anywhere after SUBACK is delivered.
        EVERYWHERE,
        /// At once: publishes on other gateways may be missed for a moment.
        LOCAL
    }

    /// Which gateway serves a shared subscription that has members on several.
    public enum SharedPick {
        /// A random one, weighted by its members.
        WEIGHTED,
        /// The publisher's own while it has members, otherwise a random one.
        LOCAL_FIRST
    }

    /// Where clients come in.
    ///
    /// @param name for logs and metrics
    /// @param bind address and port; port 0 takes a free one
    /// @param transport MQTT on the bare stream, or in WebSocket frames
    /// @param path of the WebSocket's URL; of no use to `TCP`
    /// @param tls null for none
    /// @param advertise `host:port` by which clients reach it from outside; null for where it is bound
    public record Listener(
            String name,
            InetSocketAddress bind,
            Transport transport,
            String path,
            @Nullable Tls tls,
            @Nullable String advertise) {
        /// Checks the path.
        public Listener {
            requireNonNull(bind, "bind");
            requireNonNull(transport, "transport");
            if (name.isEmpty()) {
                throw new IllegalArgumentException("listener has no name");
            }
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException(
                        "listener " + name + ": path '" + path + "', must begin with /");
            }
        }

        /// MQTT over TCP.
        public static Listener tcp(String name, InetSocketAddress bind) {
            return new Listener(name, bind, Transport.TCP, "/mqtt", null, null);
        }

        /// MQTT over WebSocket at `/mqtt`.
        public static Listener webSocket(String name, InetSocketAddress bind) {
            return new Listener(name, bind, Transport.WEB_SOCKET, "/mqtt", null, null);
        }

        /// The same with TLS.
        public Listener with(Tls withTls) {
            return new Listener(name, bind, transport, path, withTls, advertise);
        }
    }

    /// How MQTT's bytes travel.
    public enum Transport {
        /// The bare stream.
        TCP,
        /// Binary WebSocket frames, subprotocol `mqtt`. MQTT 5 §6.
        WEB_SOCKET
    }

    /// PEM files.
    ///
    /// @param certificate the server's chain, its own first
    /// @param key its private key, PKCS 8
    /// @param clientAuthority whose certificates clients must show; null asks for none
    public record Tls(Path certificate, Path key, @Nullable Path clientAuthority) {
        /// Both files must be named.
        public Tls {
            requireNonNull(certificate, "certificate");
            requireNonNull(key, "key");
        }
    }

    /// What one client may use.
    ///
    /// @param packetBytesMax longest packet in either direction, fixed header included; 128..268,435,460
    /// @param topicLevelsMax levels of a topic name or filter, 1..65,536
    /// @param inflightMax unacknowledged QoS 1 and 2 messages on the way to a client before MQTT 5, which names its own Receive Maximum,
    ///     1..65,535
    /// @param receiveMaximum unacknowledged QoS 1 and 2 messages on the way from a client, 1..65,535
    /// @param queueMessagesMax messages that wait for a place in the client's window
    /// @param queueBytesMax bytes that they, and separately what its socket has not taken yet, may use; past the former the newest
    ///     message is dropped, past the latter QoS 0 is
    /// @param subscriptionsMax filters a client may subscribe to
    /// @param topicAliasMaximum topic aliases in either direction, 0..65,535
    /// @param connectionsMax clients of the gateway at the same time
    /// @param connectsPerSecond new connections of the gateway; more are refused (0x9F); 0 is off
    public record Limits(
            int packetBytesMax,
            int topicLevelsMax,
            int inflightMax,
            int receiveMaximum,
            int queueMessagesMax,
            int queueBytesMax,
            int subscriptionsMax,
            int topicAliasMaximum,
            int connectionsMax,
            int connectsPerSecond) {
        /// What a gateway allows unless told otherwise.
        public static final Limits DEFAULT =
                new Limits(
                        1 << 20, 128, 32, 1_024, 1_000, 8 << 20, 10_000, 32, Integer.MAX_VALUE, 0);

        /// Checks ranges.
        public Limits {
            range("packet", packetBytesMax, 128, 268_435_460);
            range("topic-levels", topicLevelsMax, 1, 65_536);
            range("inflight", inflightMax, 1, 65_535);
            range("receive-maximum", receiveMaximum, 1, 65_535);
            range("queue.messages", queueMessagesMax, 0, Integer.MAX_VALUE);
            range("queue.bytes", queueBytesMax, 4_096, Integer.MAX_VALUE);
            range("subscriptions", subscriptionsMax, 1, Integer.MAX_VALUE);
            range("topic-alias", topicAliasMaximum, 0, 65_535);
            range("connections", connectionsMax, 1, Integer.MAX_VALUE);
            range("connect-rate", connectsPerSecond, 0, Integer.MAX_VALUE);
        }

        private static void range(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "limit " + name + " is " + value + ", must be " + min + ".." + max);
            }
        }

        /// The same with another queue.
        public Limits withQueue(int messagesMax, int bytesMax) {
            return new Limits(
                    packetBytesMax,
                    topicLevelsMax,
                    inflightMax,
                    receiveMaximum,
                    messagesMax,
                    bytesMax,
                    subscriptionsMax,
                    topicAliasMaximum,
                    connectionsMax,
                    connectsPerSecond);
        }

        /// The same with other windows.
        public Limits withWindows(int inflight, int receive) {
            return new Limits(
                    packetBytesMax,
                    topicLevelsMax,
                    inflight,
                    receive,
                    queueMessagesMax,
                    queueBytesMax,
                    subscriptionsMax,
                    topicAliasMaximum,
                    connectionsMax,
                    connectsPerSecond);
        }
    }
}
