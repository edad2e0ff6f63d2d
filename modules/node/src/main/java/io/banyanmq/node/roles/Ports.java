package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.node.config.EffectiveSetting;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.Listener;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.config.NodeConfig.Role;
import io.banyanmq.node.process.StartException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at all ports of a node before anything is opened, so that a taken one is told in one line, with the setting
/// that names it.
final class Ports {
    private final List<EffectiveSetting> settings;

    private Ports(List<EffectiveSetting> settings) {
        this.settings = settings;
    }

    /// @param tcp whether the fabric listens on a port
    /// @throws StartException if one cannot be bound
    static void check(NodeConfig config, List<EffectiveSetting> settings, boolean tcp)
            throws StartException {
        Ports ports = new Ports(settings);
        if (config.node().roles().contains(Role.GATEWAY)) {
            for (Listener listener : config.gateway().listeners()) {
                ports.check(
                        "port of listener " + listener.name(),
                        "gateway.listeners",
                        listener.bind());
            }
        }
        ports.check("admin port", "admin.bind", config.admin().bind());
        if (tcp) {
            ports.check("fabric port", "fabric.bind", config.fabric().bind());
        }
        if (config.node().roles().contains(Role.ROUTE_STORE)) {
            ports.check("Raft port", "raft.bind", config.raft().bind());
        }
    }

    private void check(String what, String key, HostPort address) throws StartException {
        InetSocketAddress bind = new InetSocketAddress(address.host(), address.port());
        if (bind.isUnresolved()) {
            throw refused(what, key, address, "unknown host", null);
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(bind);
        } catch (IOException e) {
            throw refused(what, key, address, String.valueOf(e.getMessage()), e);
        }
    }

    private StartException refused(
            String what, String key, HostPort address, String why, @Nullable IOException cause) {
        String origin =
                settings.stream()
                        .filter(setting -> setting.key().equals(key))
                        .findFirst()
                        .map(setting -> ", from " + setting.origin())
                        .orElse("");
        String message =
                what + " " + address + " cannot be opened: " + why + " (" + key + origin + ")";
        return cause == null
                ? new StartException(ExitCode.UNAVAILABLE, message)
                : new StartException(ExitCode.UNAVAILABLE, message, cause);
    }
}
