package io.banyanmq.raft.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Peers that prove themselves to one another, with certificates that the JDK's keytool makes.
@Timeout(60)
class RaftTlsTest {
    private static final char[] PASSWORD = "secret".toCharArray();

    private final List<RaftNode> nodes = new ArrayList<>();

    @TempDir Path temp;

    @AfterEach
    void closeAll() {
        nodes.parallelStream().forEach(RaftNode::closeAbruptly);
    }

    @Test
    void peers_with_known_certificates_elect_a_leader_and_commit() throws Exception {
        List<Peer> peers = Store.peers(2);
        Path first = certificate("first");
        Path second = certificate("second");
        Path authorities = authorities("both", first, second);
        List<Replica> replicas =
                List.of(
                        form(peers, 0, new RaftTls(key(first), first, authorities)),
                        form(peers, 1, new RaftTls(key(second), second, authorities)));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> replicas.stream().anyMatch(Replica::leads));
        Replica leader = replicas.stream().filter(Replica::leads).findFirst().orElseThrow();
        assertThat(Store.get(leader.submit(Words.put("a", "1")).toCompletableFuture()))
                .isInstanceOf(Reply.Applied.class);
    }

    @Test
    void peer_with_an_unknown_certificate_is_not_listened_to() throws Exception {
        List<Peer> peers = Store.peers(2);
        Path first = certificate("first");
        Path stranger = certificate("stranger");
        List<Replica> replicas =
                List.of(
                        form(peers, 0, new RaftTls(key(first), first, authorities("one", first))),
                        form(
                                peers,
                                1,
                                new RaftTls(
                                        key(stranger),
                                        stranger,
                                        authorities("other", first, stranger))));

        await().during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(20))
                .until(() -> replicas.stream().noneMatch(Replica::leads));
    }

    private Replica form(List<Peer> peers, int self, RaftTls tls) throws RaftStartException {
        Peer peer = peers.get(self);
        RaftNode node =
                RaftNode.open(
                        Store.config(temp.resolve(peer.incarnation()), peer).withTls(tls),
                        reason -> {});
        nodes.add(node);
        return node.form(Store.GROUP, peers, new Words());
    }

    /// A self-signed certificate for this host, with its key beside it.
    private Path certificate(String name) throws Exception {
        Path store = temp.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-J-XX:TieredStopAtLevel=1",
                                "-genkeypair",
                                "-alias",
                                "node",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD),
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        Path certificate = temp.resolve(name + ".pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("node").getEncoded()));
        Files.writeString(
                key(certificate), pem("PRIVATE KEY", keys.getKey("node", PASSWORD).getEncoded()));
        return certificate;
    }

    private static Path key(Path certificate) {
        return certificate.resolveSibling(Disk.name(certificate).replace(".pem", ".key"));
    }

    private Path authorities(String name, Path... certificates) throws Exception {
        StringBuilder all = new StringBuilder();
        for (Path each : certificates) {
            all.append(Files.readString(each));
        }
        return Files.writeString(temp.resolve("known-to-" + name + ".pem"), all);
    }

    private static String pem(String kind, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }
}
