package io.banyanmq.node.local;

import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.process.StartException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A cluster of processes on loopback, described in a directory: `nodes.json`, a configuration and a log for each
/// node, `cookie`, and `data/`.
///
/// It ends only processes that it started: pid and start time must agree.
final class LocalCluster {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final long STOP_MILLIS_MAX = 20_000;
    private static final long POLL_MILLIS = 100;
    private static final int ASK_MILLIS_MAX = 2_000;

    private final Path directory;
    private List<LocalNode> nodes;

    private LocalCluster(Path directory, List<LocalNode> nodes) {
        this.directory = directory;
        this.nodes = nodes;
    }

    /// Whether a cluster was made in `directory` before.
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve("nodes.json"));
    }

    /// The cluster of `directory`.
    static LocalCluster read(Path directory) throws StartException {
        Path file = directory.resolve("nodes.json");
        if (!Files.exists(file)) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, "no local cluster in " + directory + " (no nodes.json)");
        }
        try {
            return new LocalCluster(
                    directory, JSON.readValue(file.toFile(), new TypeReference<>() {}));
        } catch (JacksonException e) {
            throw new StartException(
                    ExitCode.BAD_DATA, file + " makes no sense: " + e.getOriginalMessage(), e);
        }
    }

    /// Lays out a new cluster.
    static LocalCluster create(Path directory, LocalPlan plan) throws StartException {
        List<LocalPlan.Place> places = plan.places();
        List<LocalNode> nodes = new ArrayList<>();
        try {
            for (LocalPlan.Place place : places) {
                Path configuration = directory.resolve(place.name() + ".yaml");
                Files.writeString(
                        configuration,
                        LocalPlan.configuration(
                                place,
                                places,
                                directory.resolve("data").resolve(place.name()).toString(),
                                directory.resolve("cookie").toString()));
                boolean gateway = place.mqttPort() != 0;
                nodes.add(
                        new LocalNode(
                                place.fullName(),
                                List.of(place.role()),
                                null,
                                null,
                                gateway ? "127.0.0.1:" + place.mqttPort() : null,
                                gateway ? "127.0.0.1:" + place.wsPort() + "/mqtt" : null,
                                "http://127.0.0.1:" + place.adminPort(),
                                directory.resolve(place.name() + ".log").toString(),
                                List.of()));
            }
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.DENIED, directory + " cannot be written: " + e.getMessage(), e);
        }
        LocalCluster cluster = new LocalCluster(directory, nodes);
        cluster.write();
        return cluster;
    }

    List<LocalNode> nodes() {
        return List.copyOf(nodes);
    }

    /// The node called `name`, in full or without its host.
    LocalNode node(String name) throws StartException {
        return nodes.stream()
                .filter(node -> node.calledAs(name))
                .findFirst()
                .orElseThrow(() ->
                        new StartException(
                                ExitCode.USAGE,
                                "no node "
                                        + name
                                        + " here; there are "
                                        + nodes.stream().map(LocalNode::briefName).toList()));
    }

    /// Starts a node that is down.
    void start(LocalNode node, List<String> moreArguments) throws StartException {
        List<String> arguments = new ArrayList<>(moreArguments);
        arguments.add("--config"); // the last one wins
        arguments.add(directory.resolve(node.briefName() + ".yaml").toString());
        ProcessHandle process = NodeProcess.start(arguments, Path.of(node.log()));
        update(node, now -> now.running(process, moreArguments));
    }

    /// Waits until all of `names` say that they are ready.
    ///
    /// @throws StartException if one ends, or if it takes longer than `millisMax`
    void awaitReady(List<String> names, long millisMax)
            throws StartException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        Deque<String> waiting = new ArrayDeque<>(names);
        while (!waiting.isEmpty()) {
            if (isReady(node(waiting.getFirst()))) {
                waiting.removeFirst();
                continue;
            }
            for (String name : waiting) {
                LocalNode node = node(name);
                if (node.process().isEmpty()) {
                    throw new StartException(
                            ExitCode.UNAVAILABLE,
                            node.briefName() + " ended: " + lastLine(Path.of(node.log())));
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new StartException(
                        ExitCode.TIMEOUT,
                        "not ready within "
                                + millisMax / 1_000
                                + " s: "
                                + waiting
                                + "; see their logs in "
                                + directory);
            }
            pause();
        }
    }

    /// Asks a node whether it is ready.
    static boolean isReady(LocalNode node) {
        HttpURLConnection request = null;
        try {
            request =
                    (HttpURLConnection)
                            URI.create(node.admin() + "/health/ready").toURL().openConnection();
            request.setConnectTimeout(ASK_MILLIS_MAX);
            request.setReadTimeout(ASK_MILLIS_MAX);
            return request.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException _) {
            return false;
        } finally {
            if (request != null) {
                request.disconnect(); // A refusal would keep its connection, and the node's are
                // counted.
            }
        }
    }

    /// Ends these nodes: asks them to, and after a while makes them.
    void stop(List<LocalNode> stopping) throws StartException, InterruptedException {
        List<ProcessHandle> processes = new ArrayList<>();
        for (LocalNode node : stopping) {
            if (node.process().isPresent()) {
                ProcessHandle process = node.process().get();
                NodeProcess.signal(process, "CONT"); // one that is paused hears nothing else
                process.destroy();
                processes.add(process);
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS_MAX);
        for (ProcessHandle process : processes) {
            try {
                process.onExit()
                        .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException _) {
                process.destroyForcibly();
                awaitEnd(process);
            }
        }
        for (LocalNode node : stopping) {
            update(node, LocalNode::down);
        }
    }

    /// SIGKILL.
    void kill(LocalNode node) throws StartException, InterruptedException {
        ProcessHandle process = alive(node);
        process.destroyForcibly();
        awaitEnd(process);
        update(node, LocalNode::down);
    }

    /// SIGSTOP or SIGCONT.
    void signal(LocalNode node, String signal) throws StartException, InterruptedException {
        NodeProcess.signal(alive(node), signal);
    }

    private static ProcessHandle alive(LocalNode node) throws StartException {
        return node.process()
                .orElseThrow(() ->
                        new StartException(
                                ExitCode.UNAVAILABLE, node.briefName() + " is not running"));
    }

    private static void awaitEnd(ProcessHandle process)
            throws InterruptedException, StartException {
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            throw new StartException(ExitCode.FAILED, "process " + process.pid() + " does not end");
        }
    }

    private void update(LocalNode node, UnaryOperator<LocalNode> change) throws StartException {
        nodes =
                nodes.stream()
                        .map(each -> each.name().equals(node.name()) ? change.apply(each) : each)
                        .toList();
        write();
    }

    private void write() throws StartException {
        Path next = directory.resolve("nodes.json.next");
        try {
            Files.writeString(next, JSON.writeValueAsString(nodes) + "\n");
            Files.move(next, directory.resolve("nodes.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.DENIED, directory + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String lastLine(Path log) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .orElse("its log " + log + " is empty");
        } catch (IOException _) {
            return "its log " + log + " cannot be read";
        }
    }

    private static void pause() throws InterruptedException {
        var _ = new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
}
