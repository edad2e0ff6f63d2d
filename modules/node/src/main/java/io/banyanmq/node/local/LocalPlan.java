package io.banyanmq.node.local;

import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.process.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Which nodes a local cluster has, where they listen, and the configuration of each.
///
/// @param routeStores how many, 1 or more
/// @param gateways how many, 1 or more
/// @param port of the first gateway's MQTT listener; the others follow. 0: any free one each
/// @param adminPort of the first gateway, likewise
record LocalPlan(int routeStores, int gateways, int port, int adminPort) {
    private static final String HOST = "127.0.0.1";

    /// A node with all its ports.
    ///
    /// @param raftPort 0 without a store
    /// @param mqttPort 0 without a gateway, and so for `wsPort`
    record Place(
            String name,
            String role,
            int fabricPort,
            int raftPort,
            int mqttPort,
            int wsPort,
            int adminPort) {
        String fullName() {
            return name + "@" + HOST;
        }
    }

    /// Chooses a free port for whatever has none yet.
    List<Place> places() throws StartException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Place> places = new ArrayList<>();
            for (int i = 1; i <= routeStores; i++) {
                places.add(
                        new Place(
                                "route" + i,
                                "route-store",
                                free(held),
                                free(held),
                                0,
                                0,
                                free(held)));
            }
            for (int i = 0; i < gateways; i++) {
                places.add(
                        new Place(
                                "gateway" + (i + 1),
                                "gateway",
                                free(held),
                                0,
                                port == 0 ? free(held) : port + i,
                                free(held),
                                adminPort == 0 ? free(held) : adminPort + i));
            }
            return places;
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, "no free ports on " + HOST + ": " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException _) {
                    // It was only held against being chosen twice.
                }
            }
        }
    }

    private static int free(List<ServerSocket> held) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST));
        held.add(socket);
        return socket.getLocalPort();
    }

    /// The configuration file of `place`, which is one of `all`.
    static String configuration(
            Place place, List<Place> all, String dataDirectory, String cookieFile) {
        StringBuilder yaml =
                new StringBuilder(
                        "# Written by banyan local up; the ports are those that the cluster formed with.\nbanyan:\n");
        line(
                yaml,
                "  node: {name: \"%s\", roles: [%s], data: \"%s\"}",
                place.fullName(),
                place.role,
                dataDirectory);
        line(yaml, "  cluster:");
        line(yaml, "    cookie-file: \"%s\"", cookieFile);
        line(yaml, "    discovery: {mode: static, seeds: [%s]}", stores(all, false));
        line(yaml, "  fabric: {bind: \"%s:%s\"}", HOST, place.fabricPort);
        if (place.raftPort != 0) {
            line(
                    yaml,
                    "  raft: {bind: \"%s:%s\", initial: {route-store: [%s]}}",
                    HOST,
                    place.raftPort,
                    stores(all, true));
        }
        if (place.mqttPort != 0) {
            line(
                    yaml,
                    "  gateway: {listeners: [{name: tcp, bind: \"%s:%s\"}, {name: ws, bind: \"%s:%s\", path: /mqtt}]}",
                    HOST,
                    place.mqttPort,
                    HOST,
                    place.wsPort);
        }
        line(yaml, "  auth: {anonymous: on}");
        line(yaml, "  admin: {bind: \"%s:%s\", anonymous: on}", HOST, place.adminPort);
        return yaml.toString();
    }

    private static String stores(List<Place> all, boolean raft) {
        StringBuilder list = new StringBuilder();
        for (Place place : all) {
            if (place.raftPort != 0) {
                list.append(list.isEmpty() ? "" : ", ")
                        .append('"')
                        .append(place.fullName())
                        .append(':')
                        .append(raft ? place.raftPort : place.fabricPort)
                        .append('"');
            }
        }
        return list.toString();
    }

    private static void line(StringBuilder yaml, String format, Object... values) {
        String text = format;
        for (Object value : values) {
            int hole = text.indexOf("%s");
            text = text.substring(0, hole) + value + text.substring(hole + 2);
        }
        yaml.append(text).append('\n');
    }
}
