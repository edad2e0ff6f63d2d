package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One listening address of a gateway.
///
/// @param name unique among the gateway's listeners
/// @param bind where to listen; port 0 takes any free one
/// @param path of WebSocket; empty: plain MQTT
/// @param tls empty: in the clear
/// @param advertise what clients are told to reach this gateway at; empty: nothing
public record Listener(
        String name,
        HostPort bind,
        Optional<String> path,
        Optional<Tls> tls,
        Optional<HostPort> advertise) {

    /// PEM files of a TLS listener.
    ///
    /// @param clientCa who signs the certificates that clients must show; empty: none asked
    public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

    /// Plain MQTT or WebSocket in the clear.
    public static Listener plain(String name, HostPort bind) {
        return new Listener(name, bind, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// WebSocket at `path`, in the clear.
    public static Listener webSocket(String name, HostPort bind, String path) {
        return new Listener(name, bind, Optional.of(path), Optional.empty(), Optional.empty());
    }

    static final ValueType<Listener> TYPE =
            ValueType.mapping(
                    "listener {name, bind, path, cert, key, client-ca, advertise}",
                    Listener::read,
                    Listener::write);

    private static final Set<String> FIELDS =
            Set.of("name", "bind", "path", "cert", "key", "client-ca", "advertise");

    private static @Nullable Listener read(String key, RawValue value, List<Fault> faults) {
        Fields fields =
                Fields.of(
                        key,
                        value,
                        FIELDS,
                        "a listener such as {name: tcp, bind: \"127.0.0.1:1883\"}",
                        faults);
        String name = fields.read("name", ValueTypes.TEXT);
        HostPort bind = fields.need("bind", ValueTypes.ADDRESS);
        String path = fields.read("path", ValueTypes.TEXT);
        Path certificate = fields.read("cert", ValueTypes.PATH);
        Path privateKey = fields.read("key", ValueTypes.PATH);
        Path clientCa = fields.read("client-ca", ValueTypes.PATH);
        HostPort advertise = fields.read("advertise", ValueTypes.ADDRESS);
        if (path != null && !path.startsWith("/")) {
            faults.add(
                    new Fault(
                            key + ".path", "'" + path + "' does not begin with /", value.origin()));
        }
        if (fields.has("cert") != fields.has("key")) {
            faults.add(
                    new Fault(
                            key,
                            "cert and key belong together; only one is given",
                            value.origin()));
        } else if (clientCa != null && certificate == null) {
            faults.add(new Fault(key + ".client-ca", "needs cert and key", value.origin()));
        }
        if (fields.faulty() || bind == null) {
            return null;
        }
        return new Listener(
                name != null ? name : bind.toString(),
                bind,
                Optional.ofNullable(path),
                certificate != null && privateKey != null
                        ? Optional.of(
                                new Tls(certificate, privateKey, Optional.ofNullable(clientCa)))
                        : Optional.empty(),
                Optional.ofNullable(advertise));
    }

    private static String write(Listener listener) {
        List<String> parts = new ArrayList<>();
        parts.add("name: " + ValueTypes.quoted(listener.name));
        parts.add("bind: " + ValueTypes.ADDRESS.write(listener.bind));
        listener.path.ifPresent(path -> parts.add("path: " + ValueTypes.quoted(path)));
        listener.tls.ifPresent(tls -> {
            parts.add("cert: " + ValueTypes.PATH.write(tls.certificate));
            parts.add("key: " + ValueTypes.PATH.write(tls.key));
            tls.clientCa.ifPresent(ca -> parts.add("client-ca: " + ValueTypes.PATH.write(ca)));
        });
        listener.advertise.ifPresent(to -> parts.add("advertise: " + ValueTypes.ADDRESS.write(to)));
        return "{" + String.join(", ", parts) + "}";
    }
}
