package io.banyanmq.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.banyanmq.cluster.wire.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLayersTest {
    private static final String WHOLE =
            """
            banyan:
              node: {name: gateway1@10.0.0.11, roles: [gateway], data: /var/lib/banyan}
              cluster:
                cookie-file: /etc/banyan/cookie
                discovery: {mode: static, seeds: ["store1@10.0.0.1:7000"]}
                lease: {ttl: 6s}
              fabric: {bind: "0.0.0.0:7000", advertise: "10.0.0.11:7000"}
              gateway:
                listeners:
                  - {name: tcp, bind: "0.0.0.0:1883", advertise: "mqtt1.example:1883"}
                  - {name: ws, bind: "0.0.0.0:8083", path: /mqtt}
                  - {name: tls, bind: "[::]:8883", cert: a.pem, key: b.pem, client-ca: c.pem}
                limits: {packet: 2MiB, topic-levels: 64, queue: {messages: off}}
                partition: {hold: 1500ms}
              auth: {anonymous: on}
              admin: {token-file: /etc/banyan/token}
              observe: {logs: {format: json, level: warn}}
            """;

    @Test
    void a_whole_file_becomes_one_record() throws ConfigException {
        NodeConfig config = new ConfigLayers().file("a.yaml", WHOLE).load();

        assertThat(config.node().name()).hasToString("gateway1@10.0.0.11");
        assertThat(config.node().roles()).containsExactly(NodeConfig.Role.GATEWAY);
        assertThat(config.cluster().seeds())
                .containsExactly(NodeAddress.parse("store1@10.0.0.1:7000"));
        assertThat(config.fabric().advertise()).contains(new HostPort("10.0.0.11", 7000));
        assertThat(config.gateway().limits().packetBytes()).isEqualTo(2 << 20);
        assertThat(config.gateway().limits().queueMessages()).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.gateway().limits().inflight()).isEqualTo(32);
        assertThat(config.gateway().partitionHold()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(config.logs().format()).isEqualTo(NodeConfig.LogFormat.JSON);
        assertThat(config.gateway().listeners())
                .containsExactly(
                        new Listener(
                                "tcp",
                                new HostPort("0.0.0.0", 1883),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new HostPort("mqtt1.example", 1883))),
                        Listener.webSocket("ws", new HostPort("0.0.0.0", 8083), "/mqtt"),
                        new Listener(
                                "tls",
                                new HostPort("::", 8883),
                                Optional.empty(),
                                Optional.of(
                                        new Listener.Tls(
                                                Path.of("a.pem"),
                                                Path.of("b.pem"),
                                                Optional.of(Path.of("c.pem")))),
                                Optional.empty()));
    }

    @Test
    void an_option_beats_the_environment_beats_the_file_beats_the_default() throws ConfigException {
        assertThat(inflight(layers())).isEqualTo(32);
        assertThat(inflight(layers().fallback("gateway.limits.inflight", "33", Origin.DEFAULT)))
                .isEqualTo(33);
        ConfigLayers file =
                layers().fallback("gateway.limits.inflight", "33", Origin.DEFAULT)
                        .file("b.yaml", "banyan: {gateway: {limits: {inflight: 34}}}");
        assertThat(inflight(file)).isEqualTo(34);
        file.environment(Map.of("BANYAN_GATEWAY_LIMITS_INFLIGHT", "35", "BANYAN_CACHE", "/tmp"));
        assertThat(inflight(file)).isEqualTo(35);
        file.set("gateway.limits.inflight=36");
        assertThat(inflight(file)).isEqualTo(36);
        file.set("banyan.gateway.limits.inflight = 37");
        assertThat(file.effective())
                .contains(new EffectiveSetting("gateway.limits.inflight", "37", "option --set"));
    }

    @Test
    void lists_in_options_are_flow_or_comma_separated() throws ConfigException {
        NodeConfig config =
                layers().set("cluster.discovery.seeds=a@h:1, b@[::1]:2")
                        .set("gateway.listeners=[{name: t, bind: '[::1]:0'}]")
                        .load();

        assertThat(config.cluster().seeds()).hasToString("[a@h:1, b@[::1]:2]");
        assertThat(config.gateway().listeners())
                .containsExactly(Listener.plain("t", new HostPort("::1", 0)));
    }

    @Test
    void what_effective_writes_reads_back_the_same() throws ConfigException {
        ConfigLayers first = new ConfigLayers().file("a.yaml", WHOLE);
        ConfigLayers second = new ConfigLayers();
        for (EffectiveSetting setting : first.effective()) {
            second.set(setting.key() + "=" + setting.value().replaceFirst("^\"(.*)\"$", "$1"));
        }
        assertThat(second.load()).isEqualTo(first.load());
    }

    @Test
    void every_fault_is_listed_with_where_it_stands() {
        ConfigException e =
                catchThrowableOfType(
                        ConfigException.class,
                        () ->
                                new ConfigLayers()
                                        .set("observe.logs.level=loud")
                                        .environment(Map.of("BANYAN_GATEWAY_LIMIT_PACKET", "1"))
                                        .file(
                                                "a.yaml",
                                                """
                                                banyan:
                                                  node: {name: nohost, roles: [gatway]}
                                                  gateway:
                                                    limits:
                                                      packet: lots
                                                      topic-level: 3
                                                    listeners:
                                                      - {name: tcp, bind: 1883, cert: x.pem}
                                                  retained: {limits: {bytes: off}}
                                                brokers: {}
                                                """)
                                        .load());

        assertThat(e).isNotNull();
        assertThat(e.faults())
                .extracting(Fault::toString)
                .containsExactlyInAnyOrder(
                        "option --set: observe.logs.level: 'loud' is not one of trace, debug, info, warn, error",
                        "environment BANYAN_GATEWAY_LIMIT_PACKET: BANYAN_GATEWAY_LIMIT_PACKET: names no key; did you"
                                + " mean 'BANYAN_GATEWAY_LIMITS_PACKET'?",
                        "a.yaml:2: node.name: 'nohost' is not a node name of the form name@host",
                        "a.yaml:2: node.roles[0]: 'gatway' is not one of gateway, route-store, session-store",
                        "a.yaml:5: gateway.limits.packet: 'lots' is not a size from 256 to 3MiB, such as 1000, 512KiB"
                                + " or 8MiB",
                        "a.yaml:6: gateway.limits.topic-level: unknown key; did you mean"
                                + " 'gateway.limits.topic-levels'?",
                        "a.yaml:8: gateway.listeners[0].bind: '1883' is not an address of the form host:port or"
                                + " [v6]:port",
                        "a.yaml:8: gateway.listeners[0]: cert and key belong together; only one is given",
                        "a.yaml:9: retained: is not there yet: it comes with retained messages",
                        "a.yaml:10: brokers: unknown key: everything stands below 'banyan:'",
                        "default: node.data: is needed: the directory that this node keeps its data in",
                        "default: cluster.cookie-file: is needed: a file with the secret that all nodes share",
                        "default: admin.token-file: is needed: a file with the token that the admin port asks for (or"
                                + " admin.anonymous: on, on loopback)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gateway.limits.packet=4MiB       | is not a size from 256 to 3MiB
                    gateway.limits.packet=1MB        | is not a size
                    gateway.limits.inflight=0        | is not an integer from 1 to 65535
                    gateway.limits.queue.messages=-1 | is not a count of 1 or more, or off
                    gateway.partition.hold=off       | is not a duration from 0h to 10m
                    cluster.lease.ttl=100ms          | is not a duration from 600ms to 10m
                    cluster.lease.ttl=6              | is not a duration
                    gateway.subscribe.ack=never      | is not one of everywhere, local
                    cluster.discovery.mode=dns       | is not one of static
                    auth.anonymous=off               | would refuse every client
                    auth.anonymous=perhaps           | is not a boolean
                    admin.bind=0.0.0.0:8080          | is not on loopback
                    admin.bind=8080                  | is not an address
                    node.roles=[]                    | names no role
                    node.roles=session-store         | comes with persistent sessions
                    gateway.keep-alive-max=0s        | is not a duration from 1s to 18h
                    gateway.limits.queue.bytes=9GiB  | is not a size from 4KiB on
                    fabric.tls=on                    | is not {cert: FILE, key: FILE, ca: FILE}
                    gateway.limits                   | is not of the form key=value
                    gateway.listeners=[{bind: ':1'}] | is not an address
                    gateway.listeners=[x             | is not a listener
                    """)
    void a_bad_value_is_refused(String assignment, String problem) {
        assertThatThrownBy(() -> layers().set(assignment).load())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void a_store_off_loopback_and_a_group_without_itself_are_refused() {
        assertThatThrownBy(() ->
                        layers().set("node.roles=route-store")
                                .set("raft.bind=10.0.0.1:7001")
                                .set("raft.initial.route-store=other@10.0.0.2:7001")
                                .load())
                .hasMessageContaining(
                        "raft.bind: '10.0.0.1:7001' is not on loopback: the Raft port has no cookie of its own and needs fabric.tls there")
                .hasMessageContaining(
                        "raft.initial.route-store: does not list this node, n@127.0.0.1");
    }

    @Test
    void listeners_that_collide_are_refused() {
        assertThatThrownBy(() ->
                        layers().set(
                                        "gateway.listeners=[{name: a, bind: 'h:1'}, {name: a, bind: 'h:2'}, {name: b,"
                                                + " bind: 'h:1'}]")
                                .load())
                .hasMessageContaining("two listeners are called a")
                .hasMessageContaining("two listeners bind h:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    'banyan: [1'                          | is not YAML
                    'banyan: {node: {data: a, data: b}}'  | node.data: is given twice
                    '- a'                                 | is not a mapping
                    'banyan: &a {node: *a}'               | is nested deeper
                    """)
    void a_file_that_is_no_configuration_is_refused(String text, String problem) {
        assertThatThrownBy(() -> layers().file("x.yaml", text).load())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.yaml:1: ")
                .hasMessageContaining(problem);
    }

    @Test
    void empty_files_and_sections_say_nothing() throws ConfigException {
        NodeConfig plain = layers().load();
        for (String text :
                List.of("", "# nothing\n", "banyan:\n", "banyan:\n  gateway:\n    limits:\n")) {
            assertThat(layers().file("x.yaml", text).load()).isEqualTo(plain);
        }
    }

    private static ConfigLayers layers() {
        Origin test = new Origin("test");
        return new ConfigLayers()
                .fallback("node.name", "n@127.0.0.1", test)
                .fallback("node.roles", "gateway", test)
                .fallback("node.data", "data", test)
                .fallback("cluster.cookie-file", "cookie", test)
                .fallback("cluster.discovery.seeds", "s@127.0.0.1:7000", test)
                .fallback("auth.anonymous", "on", test)
                .fallback("admin.anonymous", "on", test);
    }

    private static int inflight(ConfigLayers layers) throws ConfigException {
        return layers.load().gateway().limits().inflight();
    }
}
