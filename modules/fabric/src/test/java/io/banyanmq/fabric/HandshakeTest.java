package io.banyanmq.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.Handshake;
import io.banyanmq.fabric.core.Handshake.Acceptor;
import io.banyanmq.fabric.core.Handshake.Done;
import io.banyanmq.fabric.core.Handshake.Initiator;
import io.banyanmq.fabric.core.Handshake.Message;
import io.banyanmq.fabric.core.Handshake.Reason;
import io.banyanmq.fabric.core.Handshake.Refuse;
import io.banyanmq.fabric.core.Handshake.Self;
import io.banyanmq.fabric.core.Handshake.Send;
import io.banyanmq.fabric.core.Handshake.Step;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The pure handshake with its real proofs.
final class HandshakeTest {
    private static final NodeName GATEWAY = NodeName.parse("gateway1@10.0.0.11");
    private static final NodeName STORE = NodeName.parse("store1@10.0.0.1");
    private static final byte[] OPEN_CHANNEL = {};

    private final Initiator initiator = initiator("banyan", "right", STORE, 1);
    private final Acceptor acceptor = acceptor("banyan", "right", 2);

    @Test
    void both_sides_learn_who_the_other_is() {
        Message challenge =
                sent(acceptor.on(FrameType.HELLO, initiator.hello().body(), OPEN_CHANNEL));
        Message proof = sent(initiator.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
        Done accepted = (Done) acceptor.on(FrameType.PROOF, proof.body(), OPEN_CHANNEL);
        assertThat(accepted.peer().node()).isEqualTo(GATEWAY);
        assertThat(accepted.peer().incarnation()).isEqualTo(new Incarnation(1, 1));
        assertThat(accepted.peer().purpose()).isEqualTo("store");
        Message welcome = Objects.requireNonNull(accepted.last());
        Done initiated = (Done) initiator.on(FrameType.WELCOME, welcome.body(), OPEN_CHANNEL);
        assertThat(initiated.peer().node()).isEqualTo(STORE);
        assertThat(initiated.peer().incarnation()).isEqualTo(new Incarnation(2, 2));
    }

    @Test
    void a_wrong_cookie_of_the_initiator_is_refused_before_the_acceptor_proves_anything() {
        Initiator wrong = initiator("banyan", "wrong", STORE, 1);
        Message challenge = sent(acceptor.on(FrameType.HELLO, wrong.hello().body(), OPEN_CHANNEL));
        Message proof = sent(wrong.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
        Refuse refuse = (Refuse) acceptor.on(FrameType.PROOF, proof.body(), OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_COOKIE);
        assertThat(refuse.claimed()).isEqualTo(GATEWAY);
        assertThat(refuse.detail())
                .contains("gateway1@10.0.0.11", "store1@10.0.0.1")
                .doesNotContain("right");
        Refuse heard = (Refuse) wrong.on(FrameType.REFUSED, told(refuse).body(), OPEN_CHANNEL);
        assertThat(heard.reason()).isEqualTo(Reason.WRONG_COOKIE);
        assertThat(heard.claimed()).isEqualTo(STORE);
    }

    @Test
    void an_acceptor_that_does_not_know_the_cookie_is_not_believed() {
        Acceptor impostor = acceptor("banyan", "wrong", 2);
        Message challenge =
                sent(impostor.on(FrameType.HELLO, initiator.hello().body(), OPEN_CHANNEL));
        sent(initiator.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
        byte[] madeUp =
                new CookieProver(cookie("wrong"))
                        .prove(
                                "acceptor",
                                initiator.hello().body(),
                                challenge.body(),
                                OPEN_CHANNEL);
        Refuse refuse = (Refuse) initiator.on(FrameType.WELCOME, madeUp, OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_COOKIE);
        assertThat(refuse.claimed()).isEqualTo(STORE);
    }

    @Test
    void a_proof_cannot_be_reflected_to_its_sender() {
        Message challenge =
                sent(acceptor.on(FrameType.HELLO, initiator.hello().body(), OPEN_CHANNEL));
        Message proof = sent(initiator.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
        Step reflected = initiator.on(FrameType.WELCOME, proof.body(), OPEN_CHANNEL);
        assertThat(((Refuse) reflected).reason()).isEqualTo(Reason.WRONG_COOKIE);
    }

    @Test
    void a_proof_of_another_connection_is_worth_nothing() {
        Message challenge =
                sent(acceptor.on(FrameType.HELLO, initiator.hello().body(), OPEN_CHANNEL));
        Message proof = sent(initiator.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
        Acceptor next = acceptor("banyan", "right", 3);
        sent(next.on(FrameType.HELLO, initiator.hello().body(), OPEN_CHANNEL));
        Step replayed = next.on(FrameType.PROOF, proof.body(), OPEN_CHANNEL);
        assertThat(((Refuse) replayed).reason()).isEqualTo(Reason.WRONG_COOKIE);
    }

    @Test
    void a_proof_of_another_tls_channel_is_worth_nothing() {
        Message challenge =
                sent(acceptor.on(FrameType.HELLO, initiator.hello().body(), new byte[] {1}));
        Message proof = sent(initiator.on(FrameType.CHALLENGE, challenge.body(), new byte[] {1}));
        Step relayed = acceptor.on(FrameType.PROOF, proof.body(), new byte[] {2});
        assertThat(((Refuse) relayed).reason()).isEqualTo(Reason.WRONG_COOKIE);
    }

    @Test
    void another_cluster_is_refused_by_name() {
        Initiator stranger = initiator("other", "right", STORE, 1);
        Refuse refuse =
                (Refuse) acceptor.on(FrameType.HELLO, stranger.hello().body(), OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_CLUSTER);
        assertThat(refuse.detail()).contains("'other'", "'banyan'");
    }

    @Test
    void another_version_is_refused_by_number() {
        byte[] hello = initiator.hello().body().clone();
        hello[5] = 9;
        Refuse refuse = (Refuse) acceptor.on(FrameType.HELLO, hello, OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_VERSION);
        assertThat(refuse.detail()).contains("version 9", "this node 1");
    }

    @Test
    void another_node_at_the_address_is_refused_by_name() {
        Initiator elsewhere = initiator("banyan", "right", NodeName.parse("store2@10.0.0.2"), 1);
        Message challenge =
                sent(acceptor.on(FrameType.HELLO, elsewhere.hello().body(), OPEN_CHANNEL));
        Refuse refuse = (Refuse) elsewhere.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_NODE);
        assertThat(refuse.detail()).contains("expected store2@10.0.0.2", "found store1@10.0.0.1");
    }

    @Test
    void a_purpose_that_is_not_offered_is_refused() {
        Initiator wrong =
                new Initiator(self("banyan", "right", GATEWAY, 1), "gossip", STORE, nonce(1));
        Refuse refuse = (Refuse) acceptor.on(FrameType.HELLO, wrong.hello().body(), OPEN_CHANNEL);
        assertThat(refuse.reason()).isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    void a_message_cut_anywhere_or_flipped_anywhere_is_never_believed() {
        byte[] hello = initiator.hello().body();
        for (int cut = 0; cut < hello.length; cut++) {
            Step step =
                    acceptor("banyan", "right", 2)
                            .on(FrameType.HELLO, Arrays.copyOf(hello, cut), OPEN_CHANNEL);
            assertThat(step).as("cut at %d", cut).isInstanceOf(Refuse.class);
        }
        for (int at = 0; at < hello.length; at++) {
            byte[] flipped = hello.clone();
            flipped[at] ^= 1;
            Initiator honest = initiator("banyan", "right", STORE, 1);
            Acceptor judge = acceptor("banyan", "right", 2);
            if (judge.on(FrameType.HELLO, flipped, OPEN_CHANNEL)
                    instanceof Send(Message challenge)) {
                Message proof =
                        sent(honest.on(FrameType.CHALLENGE, challenge.body(), OPEN_CHANNEL));
                assertThat(judge.on(FrameType.PROOF, proof.body(), OPEN_CHANNEL))
                        .as("flipped at %d", at)
                        .isInstanceOf(Refuse.class);
            }
        }
    }

    @Test
    void messages_out_of_turn_are_refused() {
        assertThat(acceptor.on(FrameType.PROOF, new byte[32], OPEN_CHANNEL))
                .isInstanceOf(Refuse.class);
        assertThat(initiator.on(FrameType.WELCOME, new byte[32], OPEN_CHANNEL))
                .isInstanceOf(Refuse.class);
        assertThat(acceptor.on(FrameType.MESSAGE, new byte[0], OPEN_CHANNEL))
                .isInstanceOf(Refuse.class);
    }

    private static Message sent(Step step) {
        return ((Send) step).message();
    }

    private static Message told(Refuse refuse) {
        return Objects.requireNonNull(refuse.tell());
    }

    private static Initiator initiator(
            String cluster, String cookie, NodeName expected, int nonce) {
        return new Initiator(self(cluster, cookie, GATEWAY, 1), "store", expected, nonce(nonce));
    }

    private static Acceptor acceptor(String cluster, String cookie, int nonce) {
        return new Acceptor(self(cluster, cookie, STORE, 2), Set.of("store", "link"), nonce(nonce));
    }

    private static Self self(String cluster, String cookie, NodeName node, long id) {
        return new Self(cluster, node, new Incarnation(id, id), new CookieProver(cookie(cookie)));
    }

    private static Cookie cookie(String text) {
        return Cookie.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] nonce(int fill) {
        byte[] nonce = new byte[Handshake.NONCE_BYTES];
        Arrays.fill(nonce, (byte) fill);
        return nonce;
    }
}
