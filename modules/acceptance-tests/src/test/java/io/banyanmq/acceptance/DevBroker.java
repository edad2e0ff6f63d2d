package io.banyanmq.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// One `./banyan dev` for all tests of a run, with TCP, WebSocket, TLS and WSS listeners.
final class DevBroker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static DevBroker shared;

    private final int base;
    private final Path certificate;
    private final Process process;
    private final String ready;

    private DevBroker(int base, Path certificate, Process process, String ready) {
        this.base = base;
        this.certificate = certificate;
        this.process = process;
        this.ready = ready;
    }

    static synchronized DevBroker get() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::stop));
        }
        return shared;
    }

    private static DevBroker start() {
        try {
            int base = LocalCluster.freePorts(5);
            Path directory = Files.createTempDirectory(Program.WORK, "dev");
            Path key = directory.resolve("key.pem");
            Path certificate = directory.resolve("cert.pem");
            Program.run(
                            Duration.ofSeconds(60),
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-days",
                            "2",
                            "-subj",
                            "/CN=localhost",
                            "-addext",
                            "subjectAltName=DNS:localhost,IP:127.0.0.1",
                            "-keyout",
                            key.toString(),
                            "-out",
                            certificate.toString())
                    .ok();
            Path config = directory.resolve("banyan.yaml");
            Files.writeString(
                    config,
                    """
                    banyan:
                      gateway:
                        listeners:
                          - {name: tcp, bind: "127.0.0.1:TCP"}
                          - {name: ws, bind: "127.0.0.1:WS", path: /mqtt}
                          - {name: tls, bind: "127.0.0.1:TLS", cert: "CERT", key: "KEY"}
                          - {name: wss, bind: "127.0.0.1:SEC", path: /mqtt, cert: "CERT", key: "KEY"}
                    """
                            .replace("TCP", Integer.toString(base))
                            .replace("WS", Integer.toString(base + 1))
                            .replace("TLS", Integer.toString(base + 2))
                            .replace("SEC", Integer.toString(base + 3))
                            .replace("CERT", certificate.toString())
                            .replace("KEY", key.toString()));
            ProcessBuilder builder =
                    new ProcessBuilder(
                                    Program.ROOT.resolve("banyan").toString(),
                                    "dev",
                                    "--config",
                                    config.toString(),
                                    "--admin-port",
                                    Integer.toString(base + 4),
                                    "--data",
                                    directory.resolve("data").toString())
                            .redirectError(directory.resolve("dev.log").toFile());
            builder.environment().put("BANYAN_NO_BUILD", "1");
            Process process = builder.start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String ready = out.readLine();
            if (ready == null || !ready.startsWith("BanyanMQ ready")) {
                throw new AssertionError(
                        "no ready line: "
                                + ready
                                + "\n"
                                + Files.readString(directory.resolve("dev.log")));
            }
            return new DevBroker(base, certificate, process, ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int mqttPort() {
        return base;
    }

    int wsPort() {
        return base + 1;
    }

    int tlsPort() {
        return base + 2;
    }

    int wssPort() {
        return base + 3;
    }

    String admin() {
        return "http://127.0.0.1:" + (base + 4);
    }

    Path certificate() {
        return certificate;
    }

    String ready() {
        return ready;
    }

    void awaitSubscription(String filter) {
        await().atMost(Duration.ofSeconds(30)).until(() -> filters().contains(filter));
    }

    private List<String> filters() {
        JsonNode rows =
                JSON.readTree(
                        Program.banyan(
                                        "ctl",
                                        "--admin",
                                        admin(),
                                        "-o",
                                        "json",
                                        "subscriptions",
                                        "list")
                                .ok());
        return rows.valueStream().map(row -> row.get("filter").asString()).toList();
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
