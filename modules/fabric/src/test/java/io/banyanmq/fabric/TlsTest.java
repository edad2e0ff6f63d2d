package io.banyanmq.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mutual TLS with certificates that the JDK's keytool makes.
final class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final NodeName A = NodeName.parse("a@127.0.0.1");
    private static final NodeName B = NodeName.parse("b@127.0.0.1");

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir private static Path directory = Path.of("");
    private static Path a = Path.of("");
    private static Path b = Path.of("");
    private static Path elsewhere = Path.of("");

    private final MultiThreadIoEventLoopGroup loops = Transport.best().newLoops(1, "tls");
    private final List<Fabric> fabrics = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        a = certificate("a", "san=ip:127.0.0.1");
        b = certificate("b", "san=email:b@127.0.0.1");
        elsewhere = certificate("elsewhere", "san=dns:elsewhere.example");
    }

    @AfterEach
    void close() throws InterruptedException {
        fabrics.forEach(Fabric::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }

    @Test
    void certificates_that_name_the_nodes_or_their_hosts_let_them_talk_with_or_without_a_cookie()
            throws Exception {
        Path both = authorities(a, b);
        assertThat(firstWord(fabric(A, "secret", a, both), fabric(B, "secret", b, both), LONG))
                .isEqualTo("opened");
        assertThat(firstWord(fabric(A, null, a, both), fabric(B, null, b, both), LONG))
                .isEqualTo("opened");
    }

    @Test
    void a_wrong_cookie_a_wrong_name_and_an_unknown_authority_are_refused_under_tls()
            throws Exception {
        Path all = authorities(a, b, elsewhere);
        assertThat(firstWord(fabric(A, "secret", a, all), fabric(B, "other", b, all), SHORT))
                .as("another cookie")
                .isNull();
        assertThat(
                        firstWord(
                                fabric(A, "secret", a, all),
                                fabric(B, "secret", elsewhere, all),
                                SHORT))
                .as("a certificate of another host")
                .isNull();
        assertThat(
                        firstWord(
                                fabric(A, "secret", a, all),
                                fabric(B, "secret", b, authorities(b)),
                                SHORT))
                .as("a certificate that nobody here signed")
                .isNull();
    }

    @Test
    void a_plain_peer_and_a_missing_file_are_told_apart() throws Exception {
        Fabric plain = open(config(B, "secret"));
        assertThat(firstWord(fabric(A, "secret", a, authorities(a)), plain, SHORT)).isNull();
        assertThatThrownBy(() -> FabricTls.fromPem(directory.resolve("no.pem"), a, a))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no.pem");
    }

    /// What the initiator hears first within a while; null if nothing.
    private @Nullable String firstWord(Fabric initiator, Fabric acceptor, Duration patience)
            throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        acceptor.onConversation(
                Purpose.STORE, conversation -> new Quiet(new LinkedBlockingQueue<>()));
        HostPort address = acceptor.listenTcp("127.0.0.1", 0);
        initiator.converse(
                Purpose.STORE, new Destination(B, address), loops.next(), new Quiet(heard));
        return heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Quiet(BlockingQueue<String> heard) implements ConversationHandler {
        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void received(byte[] message) {}

        @Override
        public void closed(String why) {}
    }

    private Fabric fabric(
            NodeName node, @Nullable String cookie, Path certificate, Path authorities)
            throws IOException {
        FabricTls tls = FabricTls.fromPem(certificate, key(certificate), authorities);
        FabricConfig config =
                cookie == null
                        ? new FabricConfig(
                                "banyan",
                                node,
                                new Incarnation(1, 2),
                                Cookie.none(),
                                java.util.Optional.of(tls),
                                1 << 20,
                                1 << 20,
                                1 << 20,
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5))
                        : config(node, cookie).withTls(tls);
        return open(config);
    }

    private static FabricConfig config(NodeName node, String cookie) {
        return FabricConfig.of(
                "banyan",
                node,
                new Incarnation(1, 2),
                Cookie.of(cookie.getBytes(StandardCharsets.UTF_8)));
    }

    private Fabric open(FabricConfig config) {
        Fabric fabric = new Fabric(config, Transport.best(), loops, new SecureRandom());
        fabrics.add(fabric);
        return fabric;
    }

    /// A self-signed certificate, with its key beside it.
    private static Path certificate(String name, String extension)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "node",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                extension,
                                "-validity",
                                "30",
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
        Path certificate = directory.resolve(name + ".pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("node").getEncoded()));
        Files.writeString(
                key(certificate), pem("PRIVATE KEY", keys.getKey("node", PASSWORD).getEncoded()));
        return certificate;
    }

    private static Path key(Path certificate) {
        return Path.of(certificate.toString().replace(".pem", ".key"));
    }

    private static Path authorities(Path... certificates) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path each : certificates) {
            all.append(Files.readString(each));
        }
        return Files.writeString(directory.resolve("ca" + certificates.length + ".pem"), all);
    }

    private static String pem(String kind, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }
}
