package io.banyanmq.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `banyan dev` and its faults as processes of their own.
class DevProcessTest {
    private static final Pattern READY =
            Pattern.compile(
                    "BanyanMQ ready in [0-9.]+ s  mqtt 127\\.0\\.0\\.1:(\\d+)  ws 127\\.0\\.0\\.1:\\d+/mqtt  admin"
                            + " http://127\\.0\\.0\\.1:(\\d+)");
    private static final long END_SECONDS_MAX = 60;

    private final List<Process> started = new ArrayList<>();

    @TempDir Path temporary;

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void says_one_line_when_ready_refuses_what_is_taken_and_ends_with_0() throws Exception {
        String data = temporary.resolve("data").toString();
        Process dev =
                banyan("dev", "--port", "0", "--ws-port", "0", "--admin-port", "0", "--data", data);
        BufferedReader out = dev.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        assertThat(ready.matches()).as("standard output: %s", line).isTrue();

        assertFault(
                69,
                "data directory " + data + "/node1 is in use by process " + dev.pid(),
                "dev",
                "--port",
                "0",
                "--data",
                data);
        assertFault(
                69,
                "port of listener tcp 127.0.0.1:"
                        + ready.group(1)
                        + " cannot be opened: Address already in use"
                        + " (gateway.listeners, from option --port, --ws-port, --bind)",
                "dev",
                "--port",
                ready.group(1),
                "--ws-port",
                "0",
                "--data",
                temporary.resolve("other").toString());

        dev.toHandle().destroy(); // Process.destroy() would close its output, too
        assertThat(out.readLine()).isNull();
        assertThat(dev.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(dev.exitValue()).isZero();
    }

    @Test
    void a_typo_and_an_unknown_verb_are_told_in_one_line() throws Exception {
        assertFault(
                78,
                "the configuration has faults:\noption --set: gateway.limit.packet: unknown key; did you mean"
                        + " 'gateway.limits.packet'?",
                "dev",
                "--data",
                temporary.toString(),
                "--set",
                "gateway.limit.packet=1");
        assertFault(64, "no such verb: devv; see banyan help", "devv");
        assertFault(64, "dev: unknown option --prot; see banyan dev --help", "dev", "--prot", "1");
    }

    private void assertFault(int exitCode, String message, String... arguments)
            throws IOException, InterruptedException {
        Process process = banyan(arguments);
        // What Java itself has to say about native access does not count.
        String err =
                process.errorReader(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("WARNING: "))
                        .collect(Collectors.joining("\n"));
        assertThat(process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(err).isEqualTo("banyan: " + message);
        assertThat(process.exitValue()).isEqualTo(exitCode);
    }

    private Process banyan(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED,io.netty.common,io.banyanmq.bundle.rocksdb"));
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            command.addAll(
                    List.of("-p", modulePath, "-m", "io.banyanmq.node/io.banyanmq.node.Main"));
        } else {
            command.addAll(
                    List.of("-cp", System.getProperty("java.class.path"), "io.banyanmq.node.Main"));
        }
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }
}
