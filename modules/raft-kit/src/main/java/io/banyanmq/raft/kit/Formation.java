package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// What a replica remembers of its beginning, in the file `formation` of its directory: formation
/// happens once, and a replica whose data vanished must not begin a second time under the same id.
///
/// @param group the group
/// @param self the peer that this replica is
/// @param initial the peers that formed the group together; empty for a peer that joined later
/// @param complete whether the Raft log was created; until then nothing was voted or stored
public record Formation(Group group, Peer self, List<Peer> initial, boolean complete) {
    private static final String FILE = "formation";
    private static final String VERSION = "1";

    public Formation {
        initial = List.copyOf(initial);
    }

    Formation completed() {
        return new Formation(group, self, initial, true);
    }

    /// Reads what lies in `directory`; empty if no replica was formed there.
    static Optional<Formation> read(Path directory) throws RaftStartException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            String version = property(properties, "version");
            if (!version.equals(VERSION)) {
                throw new IllegalArgumentException("version " + version + ", expected " + VERSION);
            }
            List<Peer> initial = new ArrayList<>();
            int count = Integer.parseInt(property(properties, "peers"));
            for (int i = 0; i < count; i++) {
                initial.add(peer(properties, "peer." + i));
            }
            return Optional.of(
                    new Formation(
                            new Group(
                                    property(properties, "cluster"), property(properties, "group")),
                            peer(properties, "self"),
                            initial,
                            Boolean.parseBoolean(property(properties, "complete"))));
        } catch (IOException | IllegalArgumentException e) {
            throw new RaftStartException(
                    RaftStartException.Fault.CORRUPT,
                    file + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /// Writes it into `directory`, all or not at all.
    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        line(text, "version", VERSION);
        line(text, "cluster", group.cluster());
        line(text, "group", group.name());
        line(text, "complete", Boolean.toString(complete));
        line(text, "self", self);
        line(text, "peers", Integer.toString(initial.size()));
        for (int i = 0; i < initial.size(); i++) {
            line(text, "peer." + i, initial.get(i));
        }
        Files.createDirectories(directory);
        Disk.writeDurably(directory.resolve(FILE), text.toString().getBytes(UTF_8));
    }

    private static Peer peer(Properties properties, String key) {
        return new Peer(
                property(properties, key + ".name"),
                property(properties, key + ".incarnation"),
                property(properties, key + ".address"));
    }

    private static void line(StringBuilder text, String key, Peer peer) {
        line(text, key + ".name", peer.name());
        line(text, key + ".incarnation", peer.incarnation());
        line(text, key + ".address", peer.address());
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private static String property(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("no line " + key + "=");
        }
        return value;
    }
}
