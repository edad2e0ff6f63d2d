package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.node.config.NodeConfig.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What must be there, and what must go together.
final class Rules {
    private final Settings settings;
    private final Set<String> faulty;
    private final List<Fault> faults;

    private Rules(Settings settings, Set<String> faulty, List<Fault> faults) {
        this.settings = settings;
        this.faulty = faulty;
        this.faults = faults;
    }

    /// `faulty`: keys that were given and could not be read; nothing more is said about them.
    static void check(Settings settings, Set<String> faulty, List<Fault> faults) {
        Rules rules = new Rules(settings, faulty, faults);
        rules.node();
        rules.routeStore();
        rules.gateway();
        rules.admin();
    }

    private void node() {
        need(Keys.NODE_NAME, "is needed, such as gateway1@10.0.0.11");
        need(Keys.NODE_DATA, "is needed: the directory that this node keeps its data in");
        need(Keys.NODE_ROLES, "is needed, such as [gateway] or [route-store]");
        need(Keys.CLUSTER_COOKIE_FILE, "is needed: a file with the secret that all nodes share");
        settings.find(Keys.NODE_ROLES)
                .ifPresent(roles -> {
                    if (roles.isEmpty()) {
                        fault(Keys.NODE_ROLES, "names no role");
                    }
                    if (roles.contains(Role.SESSION_STORE)) {
                        fault(
                                Keys.NODE_ROLES,
                                "session-store is not there yet: it comes with persistent sessions");
                    }
                });
    }

    private void routeStore() {
        if (!has(Role.ROUTE_STORE)) {
            return;
        }
        settings.find(Keys.RAFT_BIND)
                .filter(bind -> !isLoopback(bind) && settings.find(Keys.FABRIC_TLS).isEmpty())
                .ifPresent(bind ->
                        fault(
                                Keys.RAFT_BIND,
                                "'"
                                        + bind
                                        + "' is not on loopback: the Raft port has no cookie of its own and"
                                        + " needs fabric.tls there"));
        settings.find(Keys.RAFT_INITIAL_ROUTE_STORE)
                .ifPresent(initial ->
                        settings.find(Keys.NODE_NAME)
                                .filter(name ->
                                        initial.stream().noneMatch(a -> a.node().equals(name)))
                                .ifPresent(name ->
                                        fault(
                                                Keys.RAFT_INITIAL_ROUTE_STORE,
                                                "does not list this node, " + name)));
    }

    private void gateway() {
        if (!has(Role.GATEWAY)) {
            return;
        }
        if (!has(Role.ROUTE_STORE)
                && settings.find(Keys.DISCOVERY_SEEDS).filter(List::isEmpty).isPresent()) {
            fault(
                    Keys.DISCOVERY_SEEDS,
                    "is needed by a gateway: the route stores as [name@host:port, ...]");
        }
        settings.find(Keys.GATEWAY_LISTENERS)
                .ifPresent(listeners -> {
                    Set<String> names = new HashSet<>();
                    Set<HostPort> addresses = new HashSet<>();
                    for (Listener listener : listeners) {
                        if (!names.add(listener.name())) {
                            fault(
                                    Keys.GATEWAY_LISTENERS,
                                    "two listeners are called " + listener.name());
                        }
                        if (listener.bind().port() != 0 && !addresses.add(listener.bind())) {
                            fault(Keys.GATEWAY_LISTENERS, "two listeners bind " + listener.bind());
                        }
                    }
                });
        settings.find(Keys.AUTH_ANONYMOUS)
                .filter(anonymous -> !anonymous)
                .ifPresent(_ ->
                        fault(
                                Keys.AUTH_ANONYMOUS,
                                "'off' would refuse every client, since user files are not there yet; set it on"
                                        + " where the network may be trusted"));
    }

    private void admin() {
        boolean anonymous = settings.find(Keys.ADMIN_ANONYMOUS).orElse(false);
        boolean token = settings.find(Keys.ADMIN_TOKEN_FILE).isPresent();
        if (!anonymous && !token) {
            need(
                    Keys.ADMIN_TOKEN_FILE,
                    "is needed: a file with the token that the admin port asks for (or admin.anonymous: on, on"
                            + " loopback)");
        }
        if (anonymous && !token) {
            settings.find(Keys.ADMIN_BIND)
                    .filter(bind -> !isLoopback(bind))
                    .ifPresent(bind ->
                            fault(
                                    Keys.ADMIN_BIND,
                                    "'"
                                            + bind
                                            + "' is not on loopback: without a token the admin port answers"
                                            + " on loopback only"));
        }
    }

    private boolean has(Role role) {
        return settings.find(Keys.NODE_ROLES).filter(roles -> roles.contains(role)).isPresent();
    }

    private void need(ConfigKey<?> key, String problem) {
        if (settings.find(key).isEmpty() && !faulty.contains(key.path())) {
            fault(key, problem);
        }
    }

    private void fault(ConfigKey<?> key, String problem) {
        faults.add(new Fault(key.path(), problem, settings.origin(key)));
    }

    /// Whether the address can only be reached from this machine; names other than `localhost` count as not.
    static boolean isLoopback(HostPort address) {
        String host = address.host();
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
