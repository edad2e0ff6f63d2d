package io.banyanmq.fabric.core;

import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How two nodes get to know each other. Four messages; the initiator proves first:
///
/// ```
/// initiator                               acceptor
///   Hello(version, purpose, cluster, name, incarnation, nonce) ->
///                    <- Challenge(name, incarnation, nonce)
///   Proof(mac) ->
///                    <- Welcome(mac)
/// ```
///
/// Either side may answer `Refused(reason, text)` instead and close. A proof is HMAC-SHA256, keyed with the cluster's
/// cookie, over the prover's role, the whole `Hello` and `Challenge` (so: cluster, both names, both nonces, the purpose)
/// and, under TLS, the channel's exported keying material. The role keeps a proof from being reflected, the
/// exporter from being relayed into another channel. The cookie itself never travels.
///
/// Pure: nonces, exporter and the [Prover] that knows the cookie come in, messages come out.
@SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares messages
public final class Handshake {
    public static final int VERSION = 1;
    public static final int NONCE_BYTES = 32;

    /// No message of a handshake is longer; checked before it is read.
    public static final int MESSAGE_BYTES_MAX = 4_096;

    private static final int MAGIC = 0x424e594e; // "BNYN"
    private static final int TEXT_BYTES_MAX = 600;

    private Handshake() {}

    /// A message and its frame type.
    public record Message(FrameType type, byte[] body) {}

    /// Knows the cluster's cookie.
    public interface Prover {
        /// The proof of it for `role` over these parts.
        byte[] prove(String role, byte[] hello, byte[] challenge, byte[] exporter);

        /// Compares two proofs in a time that says nothing about where they differ.
        boolean same(byte[] wanted, byte[] got);
    }

    /// Who takes part on this side.
    public record Self(String cluster, NodeName node, Incarnation incarnation, Prover prover) {
        @Override
        public String toString() {
            return node + " of cluster '" + cluster + "'";
        }
    }

    /// Who is at the other end, once proven.
    public record Peer(NodeName node, Incarnation incarnation, String purpose) {}

    /// Why a handshake failed.
    public enum Reason {
        MALFORMED(1, "malformed handshake"),
        WRONG_VERSION(2, "wrong protocol version"),
        WRONG_CLUSTER(3, "wrong cluster name"),
        WRONG_NODE(4, "another node answers at this address"),
        WRONG_COOKIE(5, "wrong cookie"),
        WRONG_CERTIFICATE(6, "certificate does not name the node"),
        WRONG_PURPOSE(7, "purpose not offered here"),
        NOT_WELCOME(8, "not welcome now");

        private final int code;
        private final String text;

        Reason(int code, String text) {
            this.code = code;
            this.text = text;
        }

        public String text() {
            return text;
        }

        static Reason of(int code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            return MALFORMED;
        }
    }

    /// What a party does next.
    public sealed interface Step {}

    /// Send, and wait for the answer.
    public record Send(Message message) implements Step {}

    /// The peer is proven; send `last` if there is one, then go on.
    public record Done(Peer peer, @Nullable Message last) implements Step {}

    /// It failed: log `reason` and `detail` with the peer's claimed name (if any), send `tell` if there is
    /// one, close.
    public record Refuse(
            Reason reason, String detail, @Nullable NodeName claimed, @Nullable Message tell)
            implements Step {}

    /// Builds a `Refused` message.
    public static Message refused(Reason reason, String detail) {
        Writer out = new Writer(TEXT_BYTES_MAX + 8);
        out.buffer.put((byte) reason.code);
        out.text(detail);
        return new Message(FrameType.REFUSED, out.toBytes());
    }

    /// The side that opened the connection.
    public static final class Initiator {
        private final Self self;
        private final String purpose;
        private final @Nullable NodeName expected;
        private final byte[] hello;
        private byte @Nullable [] challenge;
        private @Nullable Peer peer;

        /// @param expected who has to answer; null if whoever answers will do
        public Initiator(Self self, String purpose, @Nullable NodeName expected, byte[] nonce) {
            this.self = self;
            this.purpose = purpose;
            this.expected = expected;
            Writer out = new Writer(MESSAGE_BYTES_MAX);
            out.buffer.putInt(MAGIC).putShort((short) VERSION);
            out.text(purpose);
            out.text(self.cluster);
            out.text(self.node.toString());
            out.buffer.putLong(self.incarnation.high()).putLong(self.incarnation.low());
            out.nonce(nonce);
            hello = out.toBytes();
        }

        public Message hello() {
            return new Message(FrameType.HELLO, hello);
        }

        /// The peer's name as it claims it; null before it did.
        public @Nullable NodeName claimed() {
            return peer == null ? expected : peer.node;
        }

        /// The peer's next message came; `exporter` is keying material of the TLS channel, or empty.
        public Step on(FrameType type, byte[] body, byte[] exporter) {
            try {
                return switch (type) {
                    case CHALLENGE -> challenged(body, exporter);
                    case WELCOME -> welcomed(body, exporter);
                    case REFUSED -> refusedBy(body, claimed());
                    default -> malformed("unexpected " + type, claimed());
                };
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                return malformed("unreadable " + type + ": " + e.getMessage(), claimed());
            }
        }

        private Step challenged(byte[] body, byte[] exporter) {
            if (challenge != null) {
                return malformed("a second challenge", claimed());
            }
            Reader in = new Reader(body);
            NodeName name = NodeName.parse(in.text());
            Peer claimed = new Peer(name, in.incarnation(), purpose);
            in.nonce();
            in.end();
            if (expected != null && !expected.equals(name)) {
                return refuse(Reason.WRONG_NODE, "expected " + expected + ", found " + name, name);
            }
            peer = claimed;
            challenge = body;
            return new Send(
                    new Message(
                            FrameType.PROOF,
                            self.prover.prove("initiator", hello, body, exporter)));
        }

        private Step welcomed(byte[] body, byte[] exporter) {
            Peer claimed = peer;
            byte[] challenged = challenge;
            if (claimed == null || challenged == null) {
                return malformed("a welcome before the challenge", expected);
            }
            byte[] wanted = self.prover.prove("acceptor", hello, challenged, exporter);
            return self.prover.same(wanted, body)
                    ? new Done(claimed, null)
                    : refuse(Reason.WRONG_COOKIE, "its proof of the cookie is wrong", claimed.node);
        }
    }

    /// The side that listens.
    public static final class Acceptor {
        private final Self self;
        private final Set<String> offered;
        private final byte[] nonce;
        private byte @Nullable [] hello;
        private byte @Nullable [] challenge;
        private @Nullable Peer peer;

        public Acceptor(Self self, Set<String> offered, byte[] nonce) {
            this.self = self;
            this.offered = Set.copyOf(offered);
            this.nonce = nonce.clone();
        }

        /// The peer's name as it claims it; null before it did.
        public @Nullable NodeName claimed() {
            return peer == null ? null : peer.node;
        }

        /// The peer's next message came; `exporter` is keying material of the TLS channel, or empty.
        public Step on(FrameType type, byte[] body, byte[] exporter) {
            try {
                return switch (type) {
                    case HELLO -> greeted(body);
                    case PROOF -> proven(body, exporter);
                    case REFUSED -> refusedBy(body, claimed());
                    default -> malformed("unexpected " + type, claimed());
                };
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                return malformed("unreadable " + type + ": " + e.getMessage(), claimed());
            }
        }

        private Step greeted(byte[] body) {
            if (hello != null) {
                return malformed("a second hello", claimed());
            }
            Reader in = new Reader(body);
            if (in.buffer.getInt() != MAGIC) {
                return malformed("not a fabric connection", null);
            }
            int version = in.buffer.getShort() & 0xffff;
            if (version != VERSION) {
                return refuse(
                        Reason.WRONG_VERSION,
                        "it speaks version " + version + ", this node " + VERSION,
                        null);
            }
            String purpose = in.text();
            String cluster = in.text();
            NodeName name = NodeName.parse(in.text());
            Peer claimed = new Peer(name, in.incarnation(), purpose);
            in.nonce();
            in.end();
            if (!cluster.equals(self.cluster)) {
                return refuse(
                        Reason.WRONG_CLUSTER,
                        name
                                + " is of cluster '"
                                + printable(cluster)
                                + "', "
                                + self.node
                                + " of '"
                                + self.cluster
                                + "'",
                        name);
            }
            if (!offered.contains(purpose)) {
                return refuse(
                        Reason.WRONG_PURPOSE,
                        self.node + " does not offer '" + printable(purpose) + "'",
                        name);
            }
            peer = claimed;
            hello = body;
            Writer out = new Writer(MESSAGE_BYTES_MAX);
            out.text(self.node.toString());
            out.buffer.putLong(self.incarnation.high()).putLong(self.incarnation.low());
            out.nonce(nonce);
            byte[] answer = out.toBytes();
            challenge = answer;
            return new Send(new Message(FrameType.CHALLENGE, answer));
        }

        private Step proven(byte[] body, byte[] exporter) {
            Peer claimed = peer;
            byte[] greeting = hello;
            byte[] challenged = challenge;
            if (claimed == null || greeting == null || challenged == null) {
                return malformed("a proof before the hello", null);
            }
            byte[] wanted = self.prover.prove("initiator", greeting, challenged, exporter);
            if (!self.prover.same(wanted, body)) {
                return refuse(
                        Reason.WRONG_COOKIE,
                        "the cookies of " + claimed.node + " and " + self.node + " differ",
                        claimed.node);
            }
            byte[] own = self.prover.prove("acceptor", greeting, challenged, exporter);
            return new Done(claimed, new Message(FrameType.WELCOME, own));
        }
    }

    private static Refuse refuse(Reason reason, String detail, @Nullable NodeName claimed) {
        return new Refuse(reason, detail, claimed, refused(reason, detail));
    }

    private static Refuse malformed(String detail, @Nullable NodeName claimed) {
        return refuse(Reason.MALFORMED, detail, claimed);
    }

    private static Refuse refusedBy(byte[] body, @Nullable NodeName claimed) {
        Reader in = new Reader(body);
        Reason reason = Reason.of(in.buffer.get());
        return new Refuse(reason, "refused by the peer: " + printable(in.text()), claimed, null);
    }

    /// A peer's text on its way into a log: no control characters.
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    private static final class Writer {
        private final ByteBuffer buffer;

        Writer(int bytesMax) {
            buffer = ByteBuffer.allocate(bytesMax);
        }

        void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(bytes.length, TEXT_BYTES_MAX);
            buffer.putShort((short) length).put(bytes, 0, length);
        }

        void nonce(byte[] nonce) {
            if (nonce.length != NONCE_BYTES) {
                throw new IllegalArgumentException("nonce of " + nonce.length + " bytes");
            }
            buffer.put(nonce);
        }

        byte[] toBytes() {
            byte[] bytes = new byte[buffer.position()];
            buffer.get(0, bytes);
            return bytes;
        }
    }

    private static final class Reader {
        private final ByteBuffer buffer;

        Reader(byte[] body) {
            buffer = ByteBuffer.wrap(body);
        }

        String text() {
            int length = buffer.getShort() & 0xffff;
            if (length > TEXT_BYTES_MAX) {
                throw new IllegalArgumentException("text of " + length + " bytes");
            }
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        Incarnation incarnation() {
            return new Incarnation(buffer.getLong(), buffer.getLong());
        }

        void nonce() {
            buffer.get(new byte[NONCE_BYTES]);
        }

        void end() {
            if (buffer.hasRemaining()) {
                throw new IllegalArgumentException(buffer.remaining() + " bytes too many");
            }
        }
    }
}
