package io.banyanmq.node.local;

import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.process.StartException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts nodes as processes of their own: the same Java with the same module path as this one.
final class NodeProcess {
    private static final List<String> JVM =
            List.of(
                    "-Xms48m",
                    "-Xmx384m",
                    "-XX:+UseSerialGC",
                    "-XX:CICompilerCount=2",
                    "-XX:ActiveProcessorCount="
                            + Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4));

    private NodeProcess() {}

    /// Starts a node with `arguments` behind the verb `node`; its output is appended to `log`. It outlives this
    /// process.
    static ProcessHandle start(List<String> arguments, Path log) throws StartException {
        List<String> command = new ArrayList<>();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            command.add(setsid.toString()); // A Ctrl-C that ends `local up` is not for them.
        }
        command.addAll(java());
        command.add("node");
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .toHandle();
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, "cannot start a node: " + e.getMessage(), e);
        }
    }

    /// How this process was started, up to its main module, with the memory and compilers of a node.
    private static List<String> java() throws StartException {
        List<String> java = new ArrayList<>();
        try {
            String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
            for (String argument : line.split("\0", -1)) {
                if (argument.equals("-m") || argument.equals("--module")) {
                    java.addAll(JVM);
                    java.add("-m");
                    java.add("io.banyanmq.node/io.banyanmq.node.Main");
                    return java;
                }
                if (argument.startsWith("-XX:AOTCache=")) {
                    Path cache =
                            Path.of(argument.substring("-XX:AOTCache=".length()))
                                    .resolveSibling("broker.aot");
                    if (Files.exists(cache)) {
                        java.add("-XX:AOTCache=" + cache);
                    }
                } else if (!ownMemory(argument)) {
                    java.add(argument);
                }
            }
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "local needs /proc to start nodes like itself: " + e.getMessage(),
                    e);
        }
        throw new StartException(
                ExitCode.UNAVAILABLE, "local starts nodes only when it runs as a module (java -m)");
    }

    private static boolean ownMemory(String argument) {
        return argument.startsWith("-Xm")
                || argument.startsWith("-XX:TieredStopAtLevel")
                || (argument.startsWith("-XX:+Use") && argument.endsWith("GC"));
    }

    /// Sends a signal that Java has no word for: `STOP`, `CONT`.
    static void signal(ProcessHandle process, String signal)
            throws StartException, InterruptedException {
        try {
            Process kill =
                    new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                            .inheritIO()
                            .start();
            if (kill.waitFor() != 0) {
                throw new StartException(
                        ExitCode.FAILED, "kill -" + signal + " " + process.pid() + " failed");
            }
        } catch (IOException e) {
            throw new StartException(ExitCode.UNAVAILABLE, "cannot run kill: " + e.getMessage(), e);
        }
    }
}
