package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a node is told from outside, parsed once and then fixed. Made by [ConfigLayers#load()].
///
/// Limits that are switched off are `Integer.MAX_VALUE`.
public record NodeConfig(
        Node node,
        Cluster cluster,
        Fabric fabric,
        Raft raft,
        Gateway gateway,
        Auth auth,
        Admin admin,
        Logs logs) {

    /// What a node does.
    public enum Role {
        GATEWAY,
        ROUTE_STORE,
        SESSION_STORE;

        /// As written in files: `route-store`.
        @Override
        public String toString() {
            return ValueTypes.written(this);
        }
    }

    /// How the route stores are found.
    public enum DiscoveryMode {
        STATIC
    }

    /// When SUBACK is sent.
    public enum SubscribeAck {
        EVERYWHERE,
        LOCAL
    }

    /// Which gateway serves a shared subscription that has members on several.
    public enum SharedPick {
        WEIGHTED,
        LOCAL_FIRST
    }

    /// Form of the log.
    public enum LogFormat {
        TEXT,
        JSON
    }

    /// Least level logged.
    public enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /// `node.*`.
    public record Node(NodeName name, Set<Role> roles, Path data) {
        public Node {
            roles = Set.copyOf(roles);
        }
    }

    /// `cluster.*`; `seeds` are the fabric addresses of route stores.
    public record Cluster(
            String name, Optional<Path> cookieFile, List<NodeAddress> seeds, Duration leaseTtl) {
        public Cluster {
            seeds = List.copyOf(seeds);
        }
    }

    /// `fabric.*`.
    public record Fabric(HostPort bind, Optional<HostPort> advertise, Optional<PeerTls> tls) {}

    /// `fabric.tls`: PEM files of this node, and of who signs the certificates of all nodes.
    public record PeerTls(Path certificate, Path key, Path authority) {
        static final ValueType<PeerTls> TYPE =
                ValueType.mapping("{cert, key, ca}", PeerTls::read, PeerTls::write);

        private static @Nullable PeerTls read(String key, RawValue value, List<Fault> faults) {
            Fields fields =
                    Fields.of(
                            key,
                            value,
                            Set.of("cert", "key", "ca"),
                            "{cert: FILE, key: FILE, ca: FILE}",
                            faults);
            Path certificate = fields.need("cert", ValueTypes.PATH);
            Path privateKey = fields.need("key", ValueTypes.PATH);
            Path authority = fields.need("ca", ValueTypes.PATH);
            return fields.faulty() || certificate == null || privateKey == null || authority == null
                    ? null
                    : new PeerTls(certificate, privateKey, authority);
        }

        private static String write(PeerTls tls) {
            return "{cert: "
                    + ValueTypes.PATH.write(tls.certificate)
                    + ", key: "
                    + ValueTypes.PATH.write(tls.key)
                    + ", ca: "
                    + ValueTypes.PATH.write(tls.authority)
                    + "}";
        }
    }

    /// A duration that may be switched off (empty).
    public record Pause(Optional<Duration> duration) {
        static final ValueType<Pause> TYPE =
                ValueType.scalar(
                        "duration or off",
                        "a duration from 1s to 18h, such as 90s or 5m, or off",
                        text ->
                                text.equals("off")
                                        ? Optional.of(new Pause(Optional.empty()))
                                        : ValueTypes.parseDuration(text)
                                                .filter(d -> d.toSeconds() >= 1 && d.toHours() < 18)
                                                .map(d -> new Pause(Optional.of(d))),
                        pause -> pause.duration.map(ValueTypes::written).orElse("off"));
    }

    /// `raft.*`; `initialRouteStores` are the Raft addresses of those who form the group.
    public record Raft(HostPort bind, List<NodeAddress> initialRouteStores) {
        public Raft {
            initialRouteStores = List.copyOf(initialRouteStores);
        }
    }

    /// `gateway.*`.
    public record Gateway(
            List<Listener> listeners,
            Limits limits,
            Optional<Duration> keepAliveMax,
            SubscribeAck subscribeAck,
            SharedPick sharedPick,
            Duration partitionHold,
            Duration sysInterval) {
        public Gateway {
            listeners = List.copyOf(listeners);
        }
    }

    /// `gateway.limits.*`.
    public record Limits(
            int packetBytes,
            int topicLevels,
            int inflight,
            int receiveMaximum,
            int queueMessages,
            int queueBytes,
            int subscriptions,
            int topicAliases,
            int connections,
            int connectsPerSecond) {}

    /// `auth.*`.
    public record Auth(boolean anonymous) {}

    /// `admin.*`.
    public record Admin(HostPort bind, Optional<Path> tokenFile) {}

    /// `observe.logs.*`.
    public record Logs(LogFormat format, LogLevel level) {}

    static NodeConfig of(Settings settings) {
        return new NodeConfig(
                new Node(
                        settings.get(Keys.NODE_NAME),
                        Set.copyOf(settings.get(Keys.NODE_ROLES)),
                        settings.get(Keys.NODE_DATA)),
                new Cluster(
                        settings.get(Keys.CLUSTER_NAME),
                        settings.find(Keys.CLUSTER_COOKIE_FILE),
                        settings.get(Keys.DISCOVERY_SEEDS),
                        settings.get(Keys.LEASE_TTL)),
                new Fabric(
                        settings.get(Keys.FABRIC_BIND),
                        settings.find(Keys.FABRIC_ADVERTISE),
                        settings.find(Keys.FABRIC_TLS)),
                new Raft(settings.get(Keys.RAFT_BIND), settings.get(Keys.RAFT_INITIAL_ROUTE_STORE)),
                new Gateway(
                        settings.get(Keys.GATEWAY_LISTENERS),
                        new Limits(
                                settings.get(Keys.LIMIT_PACKET),
                                settings.get(Keys.LIMIT_TOPIC_LEVELS),
                                settings.get(Keys.LIMIT_INFLIGHT),
                                settings.get(Keys.LIMIT_RECEIVE_MAXIMUM),
                                settings.get(Keys.LIMIT_QUEUE_MESSAGES),
                                settings.get(Keys.LIMIT_QUEUE_BYTES),
                                settings.get(Keys.LIMIT_SUBSCRIPTIONS),
                                settings.get(Keys.LIMIT_TOPIC_ALIAS),
                                settings.get(Keys.LIMIT_CONNECTIONS),
                                settings.get(Keys.LIMIT_CONNECT_RATE)),
                        settings.get(Keys.KEEP_ALIVE_MAX).duration(),
                        settings.get(Keys.SUBSCRIBE_ACK),
                        settings.get(Keys.SHARED_PICK),
                        settings.get(Keys.PARTITION_HOLD),
                        settings.get(Keys.SYS_INTERVAL)),
                new Auth(settings.get(Keys.AUTH_ANONYMOUS)),
                new Admin(settings.get(Keys.ADMIN_BIND), settings.find(Keys.ADMIN_TOKEN_FILE)),
                new Logs(settings.get(Keys.LOG_FORMAT), settings.get(Keys.LOG_LEVEL)));
    }
}
