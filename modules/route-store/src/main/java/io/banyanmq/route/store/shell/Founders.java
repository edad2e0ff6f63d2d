package io.banyanmq.route.store.shell;

import io.banyanmq.raft.kit.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What one initial node knows of the others, and what follows from it. A store is formed once: each of its initial
/// nodes has said that it has no data, and all have seen the same incarnations of one another. Or one of
/// them was formed already, with this very incarnation, and this node had not heard.
///
/// @param self this node
/// @param names all initial nodes
/// @param turn rises with every change of what this node has to say, so that an older word that arrives late is known
/// @param said the last word of each other one, by name
/// @param formedWith the peers this node was formed with, once it was
record Founders(
        Peer self,
        List<String> names,
        long turn,
        Map<String, Saying> said,
        Optional<List<Peer>> formedWith) {
    private static final int VERSION = 1;
    private static final int PEERS_MAX = 100;

    Founders {
        names = List.copyOf(names);
        said = Map.copyOf(said);
        formedWith = formedWith.map(List::copyOf);
    }

    /// What a node says: who it is, whom it has seen (or was formed with), itself included, by name.
    record Saying(Peer peer, long turn, boolean formed, List<Peer> peers) {
        Saying {
            peers = List.copyOf(peers);
        }

        byte[] encode() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeByte(VERSION);
                out.writeBoolean(formed);
                write(out, peer);
                out.writeLong(turn);
                out.writeByte(peers.size());
                for (Peer each : peers) {
                    write(out, each);
                }
            } catch (IOException e) {
                throw new IllegalStateException("bytes in memory cannot fail", e);
            }
            return bytes.toByteArray();
        }

        /// Reads what [#encode] wrote; `IllegalArgumentException` says what is wrong with it.
        static Saying decode(byte[] message) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
                int version = in.readUnsignedByte();
                if (version != VERSION) {
                    throw new IllegalArgumentException(
                            "founder of version " + version + ", expected " + VERSION);
                }
                boolean formed = in.readBoolean();
                Peer peer = peer(in);
                long turn = in.readLong();
                int count = in.readUnsignedByte();
                if (count > PEERS_MAX) {
                    throw new IllegalArgumentException(count + " founders, at most " + PEERS_MAX);
                }
                List<Peer> peers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    peers.add(peer(in));
                }
                return new Saying(peer, turn, formed, peers);
            } catch (IOException e) {
                throw new IllegalArgumentException("founder's message is cut short", e);
            }
        }

        private static void write(DataOutputStream out, Peer peer) throws IOException {
            out.writeUTF(peer.name());
            out.writeUTF(peer.incarnation());
            out.writeUTF(peer.address());
        }

        private static Peer peer(DataInputStream in) throws IOException {
            return new Peer(in.readUTF(), in.readUTF(), in.readUTF());
        }
    }

    /// What to do now.
    sealed interface Verdict {
        /// Hear more.
        record Wait() implements Verdict {}

        /// Form the store with these peers.
        record Form(List<Peer> peers) implements Verdict {
            public Form {
                peers = List.copyOf(peers);
            }
        }

        /// This node cannot be an initial one.
        record Excluded(String reason) implements Verdict {}
    }

    /// @param turn higher than any of an earlier run of this node
    static Founders of(Peer self, List<String> names, long turn) {
        return new Founders(self, names, turn, Map.of(), Optional.empty());
    }

    /// The same once this node was formed; being told again is no news, or founders would tell one another
    /// for ever.
    Founders formed(List<Peer> peers) {
        if (formedWith.isPresent()) {
            return this;
        }
        return new Founders(self, names, turn + 1, said, Optional.of(peers));
    }

    /// The same after another node spoke; what no initial node said is not heard.
    Founders heard(Saying saying) {
        String name = saying.peer().name();
        if (!names.contains(name) || name.equals(self.name())) {
            return this;
        }
        Saying before = said.get(name);
        if (before != null
                && before.peer().equals(saying.peer())
                && before.turn() >= saying.turn()) {
            return this;
        }
        Map<String, Saying> more = new TreeMap<>(said);
        more.put(name, saying);
        boolean news = before == null || !before.peer().equals(saying.peer());
        return new Founders(self, names, news ? turn + 1 : turn, more, formedWith);
    }

    /// What this node has to say.
    Saying saying() {
        return new Saying(self, turn, formedWith.isPresent(), formedWith.orElseGet(this::seen));
    }

    private List<Peer> seen() {
        Map<String, Peer> seen = new TreeMap<>();
        seen.put(self.name(), self);
        said.forEach((name, saying) -> seen.put(name, saying.peer()));
        return List.copyOf(seen.values());
    }

    Verdict verdict() {
        if (formedWith.isPresent()) {
            return new Verdict.Form(formedWith.get());
        }
        for (Saying saying : said.values()) {
            if (saying.formed()) {
                return saying.peers().contains(self)
                        ? new Verdict.Form(saying.peers())
                        : new Verdict.Excluded(
                                "the store was formed without "
                                        + self.id()
                                        + ", by "
                                        + saying.peers().stream().map(Peer::id).toList()
                                        + ": its data was lost; it has to join as a new peer");
            }
        }
        List<Peer> seen = seen();
        boolean allAgree =
                seen.size() == names.size()
                        && said.values().stream().allMatch(each -> each.peers().equals(seen));
        return allAgree ? new Verdict.Form(seen) : new Verdict.Wait();
    }
}
