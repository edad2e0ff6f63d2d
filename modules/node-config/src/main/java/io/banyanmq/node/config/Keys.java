package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table of all keys: names, types, defaults, what they do. The reference page is generated from it.
final class Keys {
    private static final int MIB = 1 << 20;

    static final ConfigKey<NodeName> NODE_NAME =
            key(
                    "node.name",
                    ValueTypes.NODE_NAME,
                    "Name of this node, `name@host`, unique in the cluster.");
    static final ConfigKey<List<NodeConfig.Role>> NODE_ROLES =
            key(
                    "node.roles",
                    ValueType.listOf(ValueTypes.choice(NodeConfig.Role.class)),
                    "What this node does. `session-store` comes with persistent sessions.");
    static final ConfigKey<Path> NODE_DATA =
            key(
                    "node.data",
                    ValueTypes.PATH,
                    "Data directory: the node's incarnation, its lock, its registration number, its stores.");

    static final ConfigKey<String> CLUSTER_NAME =
            key(
                    "cluster.name",
                    ValueTypes.TEXT,
                    "banyan",
                    "Nodes of another cluster name are refused.");
    static final ConfigKey<Path> CLUSTER_COOKIE_FILE =
            key(
                    "cluster.cookie-file",
                    ValueTypes.PATH,
                    "File with the secret that all nodes of the cluster share, readable by its owner only.");
    static final ConfigKey<NodeConfig.DiscoveryMode> DISCOVERY_MODE =
            key(
                    "cluster.discovery.mode",
                    ValueTypes.choice(NodeConfig.DiscoveryMode.class),
                    "static",
                    "How a node finds the route stores: `static` takes them from `cluster.discovery.seeds`.");
    static final ConfigKey<List<NodeAddress>> DISCOVERY_SEEDS =
            key(
                    "cluster.discovery.seeds",
                    ValueType.listOf(ValueTypes.NODE_ADDRESS),
                    "[]",
                    "The route stores and their fabric ports, `name@host:port`. A gateway needs all of them; a route"
                            + " store needs the others.");
    static final ConfigKey<Duration> LEASE_TTL =
            key(
                    "cluster.lease.ttl",
                    ValueTypes.duration(Duration.ofMillis(600), Duration.ofMinutes(10)),
                    "6s",
                    "Committed silence after which a gateway's epoch ends; a gateway itself stops acknowledging after"
                            + " two thirds of it. The same on every node.");

    static final ConfigKey<HostPort> FABRIC_BIND =
            key(
                    "fabric.bind",
                    ValueTypes.ADDRESS,
                    "127.0.0.1:7000",
                    "Where other nodes reach this one. Off loopback, what follows the handshake is in the clear.");
    static final ConfigKey<HostPort> FABRIC_ADVERTISE =
            key(
                    "fabric.advertise",
                    ValueTypes.ADDRESS,
                    "The address that other nodes are told, if it is not `fabric.bind`.");

    static final ConfigKey<NodeConfig.PeerTls> FABRIC_TLS =
            key(
                    "fabric.tls",
                    NodeConfig.PeerTls.TYPE,
                    "PEM files for mutual TLS between nodes, of the fabric and of Raft; a certificate's"
                            + " alternative names must have its node's name or host.");

    static final ConfigKey<HostPort> RAFT_BIND =
            key(
                    "raft.bind",
                    ValueTypes.ADDRESS,
                    "127.0.0.1:7001",
                    "Raft port of a store. It has no cookie of its own: off loopback it needs"
                            + " `fabric.tls`.");
    static final ConfigKey<List<NodeAddress>> RAFT_INITIAL_ROUTE_STORE =
            key(
                    "raft.initial.route-store",
                    ValueType.listOf(ValueTypes.NODE_ADDRESS),
                    "[]",
                    "The route stores and their Raft ports, `name@host:port`, the same list on each: who forms the"
                            + " group, once.");

    static final ConfigKey<List<Listener>> GATEWAY_LISTENERS =
            key(
                    "gateway.listeners",
                    ValueType.listOf(Listener.TYPE),
                    "[{name: tcp, bind: \"127.0.0.1:1883\"}, {name: ws, bind: \"127.0.0.1:8083\", path: /mqtt}]",
                    "Where clients connect. With `path`: MQTT over WebSocket. With `cert` and `key` (PEM files): TLS,"
                            + " and with `client-ca` clients must show a certificate. `advertise` is what clients are told in"
                            + " server references.");
    static final ConfigKey<Integer> LIMIT_PACKET =
            key(
                    "gateway.limits.packet",
                    ValueTypes.size(256, 3 * MIB),
                    "1MiB",
                    "Largest MQTT packet. The upper bound is what one log entry can carry.");
    static final ConfigKey<Integer> LIMIT_TOPIC_LEVELS =
            key(
                    "gateway.limits.topic-levels",
                    ValueTypes.integer(1, 1_024),
                    "128",
                    "Most levels of a topic name or filter.");
    static final ConfigKey<Integer> LIMIT_INFLIGHT =
            key(
                    "gateway.limits.inflight",
                    ValueTypes.integer(1, 65_535),
                    "32",
                    "Most messages of QoS 1 and 2 under way to a client without its acknowledgement; an MQTT 5 client"
                            + " names its own receive maximum instead.");
    static final ConfigKey<Integer> LIMIT_RECEIVE_MAXIMUM =
            key(
                    "gateway.limits.receive-maximum",
                    ValueTypes.integer(1, 65_535),
                    "1024",
                    "Most messages of QoS 1 and 2 under way from a client without our acknowledgement.");
    static final ConfigKey<Integer> LIMIT_QUEUE_MESSAGES =
            key(
                    "gateway.limits.queue.messages",
                    ValueTypes.countOrOff(),
                    "1000",
                    "Most messages that wait for one client; the newest is dropped and counted.");
    static final ConfigKey<Integer> LIMIT_QUEUE_BYTES =
            key(
                    "gateway.limits.queue.bytes",
                    ValueTypes.sizeOrOff(4_096),
                    "8MiB",
                    "Most bytes that wait for one client, and separately what its socket has not taken yet; what comes"
                            + " above is dropped and counted.");
    static final ConfigKey<Integer> LIMIT_SUBSCRIPTIONS =
            key(
                    "gateway.limits.subscriptions",
                    ValueTypes.countOrOff(),
                    "10000",
                    "Most filters that one client may subscribe to.");
    static final ConfigKey<Integer> LIMIT_TOPIC_ALIAS =
            key(
                    "gateway.limits.topic-alias",
                    ValueTypes.integer(0, 65_535),
                    "32",
                    "Most topic aliases of a connection, in either direction.");
    static final ConfigKey<Integer> LIMIT_CONNECTIONS =
            key(
                    "gateway.limits.connections",
                    ValueTypes.countOrOff(),
                    "off",
                    "Most clients of a gateway at a time.");
    static final ConfigKey<Integer> LIMIT_CONNECT_RATE =
            key(
                    "gateway.limits.connect-rate",
                    ValueTypes.countOrOff(),
                    "off",
                    "Most new connections a second of a gateway; more are refused.");
    static final ConfigKey<NodeConfig.Pause> KEEP_ALIVE_MAX =
            key(
                    "gateway.keep-alive-max",
                    NodeConfig.Pause.TYPE,
                    "off",
                    "Longest keep-alive granted, 1s or more; `off` leaves it to the client.");
    static final ConfigKey<NodeConfig.SubscribeAck> SUBSCRIBE_ACK =
            key(
                    "gateway.subscribe.ack",
                    ValueTypes.choice(NodeConfig.SubscribeAck.class),
                    "everywhere",
                    "When SUBACK is sent: once every serving gateway routes to the subscription, or, `local`, at once:"
                            + " then publishes on other gateways may be missed for a moment.");
    static final ConfigKey<NodeConfig.SharedPick> SHARED_PICK =
            key(
                    "gateway.shared.pick",
                    ValueTypes.choice(NodeConfig.SharedPick.class),
                    "weighted",
                    "Which gateway serves a shared subscription with members on several: a random one weighted by"
                            + " members, or the publisher's own while it has any.");
    static final ConfigKey<Duration> PARTITION_HOLD =
            key(
                    "gateway.partition.hold",
                    ValueTypes.duration(Duration.ZERO, Duration.ofMinutes(10)),
                    "10s",
                    "How long a gateway without a lease keeps its connections, acknowledging nothing, before it closes"
                            + " them.");
    static final ConfigKey<Duration> SYS_INTERVAL =
            key(
                    "gateway.sys-interval",
                    ValueTypes.duration(Duration.ofMillis(100), Duration.ofHours(1)),
                    "10s",
                    "How often `$SYS` topics are published.");

    static final ConfigKey<Boolean> AUTH_ANONYMOUS =
            key(
                    "auth.anonymous",
                    ValueTypes.BOOL,
                    "off",
                    "Whether clients connect without credentials and may do everything. User files come later, so a"
                            + " gateway needs `on`.");

    static final ConfigKey<HostPort> ADMIN_BIND =
            key(
                    "admin.bind",
                    ValueTypes.ADDRESS,
                    "127.0.0.1:8080",
                    "Admin HTTP: `/metrics`, `/health`, `/api/v1`.");
    static final ConfigKey<Path> ADMIN_TOKEN_FILE =
            key(
                    "admin.token-file",
                    ValueTypes.PATH,
                    "File with the token that `/api/v1` and `/metrics` ask for, readable by its owner only.");
    static final ConfigKey<Boolean> ADMIN_ANONYMOUS =
            key(
                    "admin.anonymous",
                    ValueTypes.BOOL,
                    "off",
                    "Whether the admin port answers without a token; on loopback only.");

    static final ConfigKey<NodeConfig.LogFormat> LOG_FORMAT =
            key(
                    "observe.logs.format",
                    ValueTypes.choice(NodeConfig.LogFormat.class),
                    "text",
                    "Form of the log on standard error; `json` is one object a line.");
    static final ConfigKey<NodeConfig.LogLevel> LOG_LEVEL =
            key(
                    "observe.logs.level",
                    ValueTypes.choice(NodeConfig.LogLevel.class),
                    "info",
                    "Least level logged.");

    /// In the order of the reference page.
    static final List<ConfigKey<?>> ALL =
            List.of(
                    NODE_NAME,
                    NODE_ROLES,
                    NODE_DATA,
                    CLUSTER_NAME,
                    CLUSTER_COOKIE_FILE,
                    DISCOVERY_MODE,
                    DISCOVERY_SEEDS,
                    LEASE_TTL,
                    FABRIC_BIND,
                    FABRIC_ADVERTISE,
                    FABRIC_TLS,
                    RAFT_BIND,
                    RAFT_INITIAL_ROUTE_STORE,
                    GATEWAY_LISTENERS,
                    LIMIT_PACKET,
                    LIMIT_TOPIC_LEVELS,
                    LIMIT_INFLIGHT,
                    LIMIT_RECEIVE_MAXIMUM,
                    LIMIT_QUEUE_MESSAGES,
                    LIMIT_QUEUE_BYTES,
                    LIMIT_SUBSCRIPTIONS,
                    LIMIT_TOPIC_ALIAS,
                    LIMIT_CONNECTIONS,
                    LIMIT_CONNECT_RATE,
                    KEEP_ALIVE_MAX,
                    SUBSCRIBE_ACK,
                    SHARED_PICK,
                    PARTITION_HOLD,
                    SYS_INTERVAL,
                    AUTH_ANONYMOUS,
                    ADMIN_BIND,
                    ADMIN_TOKEN_FILE,
                    ADMIN_ANONYMOUS,
                    LOG_FORMAT,
                    LOG_LEVEL);

    /// Keys, and prefixes of keys, that a later version will take, and what they come with. They are refused, so
    /// that nobody relies on what is not there.
    static final Map<String, String> LATER =
            Map.ofEntries(
                    Map.entry("cluster.autoheal", "membership changes"),
                    Map.entry("cluster.autoclean", "membership changes"),
                    Map.entry("fabric.window", "per-link windows"),
                    Map.entry("raft.initial.session-store", "persistent sessions"),
                    Map.entry("raft.session-shards", "persistent sessions"),
                    Map.entry("sessions", "persistent sessions"),
                    Map.entry("retained", "retained messages"),
                    Map.entry("auth.chain", "authentication"),
                    Map.entry("auth.acl", "authentication"));

    private Keys() {}

    private static <T> ConfigKey<T> key(String path, ValueType<T> type, String doc) {
        return new ConfigKey<>(path, type, Optional.empty(), doc);
    }

    private static <T> ConfigKey<T> key(
            String path, ValueType<T> type, String fallback, String doc) {
        return new ConfigKey<>(path, type, Optional.of(fallback), doc);
    }
}
