package io.banyanmq.node;

import io.banyanmq.node.config.EffectiveSetting;
import io.banyanmq.node.config.ExitCode;
import io.banyanmq.node.config.Listener;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.process.StartException;
import io.banyanmq.node.roles.Ground;
import io.banyanmq.node.roles.Node;
import io.banyanmq.node.roles.Reach;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process with one or more nodes, from its start to its end: by SIGTERM or SIGINT, which ends it with exit code
/// 0, or because a node cannot go on.
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final long CLOSE_SECONDS_MAX = 20;

    private final Outside outside;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<String> fatal = new AtomicReference<>("");

    /// A node to start.
    record Planned(NodeConfig config, List<EffectiveSetting> settings, Reach reach) {
        Planned {
            settings = List.copyOf(settings);
        }
    }

    /// What a process has outside of it.
    ///
    /// @param out gets data, such as the one line that says that all are ready
    /// @param halt ends the process at once with an exit code
    record Outside(PrintStream out, IntConsumer halt) {}

    Running(Outside outside) {
        this.outside = outside;
    }

    /// Runs the nodes until the process is told to end.
    ///
    /// @return the exit code
    /// @throws StartException if one cannot start; then none is left
    int run(List<Planned> plan, Ground ground) throws StartException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endOfProcess, "shutdown"));
        Deque<Node> nodes = new ArrayDeque<>();
        try {
            for (Planned each : plan) {
                nodes.addLast(
                        Node.start(
                                each.config(),
                                each.settings(),
                                each.reach(),
                                ground,
                                Version.text(),
                                this::cannotGoOn));
            }
            if (awaitReady(nodes)) {
                outside.out().println(readyLine(nodes));
                outside.out().flush();
                stop.join();
            }
        } finally {
            while (!nodes.isEmpty()) {
                nodes.removeLast().close();
            }
            closed.countDown();
        }
        return fatal.get().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /// Whether all became ready before the process was told to end.
    private boolean awaitReady(Deque<Node> nodes) throws StartException, InterruptedException {
        for (Node node : nodes) {
            CompletableFuture<?> either = CompletableFuture.anyOf(node.ready(), stop);
            try {
                either.get();
            } catch (ExecutionException e) {
                throw startFailure(e);
            }
        }
        return !stop.isDone();
    }

    private static StartException startFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartException known) {
                return known;
            }
        }
        return new StartException(ExitCode.FAILED, String.valueOf(failure.getMessage()), failure);
    }

    private void cannotGoOn(String reason) {
        if (fatal.compareAndSet("", reason)) {
            LOG.atError().addKeyValue("reason", reason).log("the node cannot go on");
            stop.complete(null);
        }
    }

    /// Runs when the process ends, for whatever reason. A signal ends it with the default exit code of signals unless this
    /// does, once all is closed.
    private void endOfProcess() {
        if (closed.getCount() == 0) {
            return; // main returned by itself
        }
        stop.complete(null);
        int code = ExitCode.FAILED;
        try {
            if (closed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                code = fatal.get().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
            } else {
                System.err.println(
                        "banyan: not stopped within " + CLOSE_SECONDS_MAX + " s; giving up");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        outside.halt().accept(code);
    }

    private static String readyLine(Deque<Node> nodes) {
        Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1_000.0;
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "BanyanMQ ready in %.1f s", seconds));
        for (Node node : nodes) {
            for (Listener listener : node.config().gateway().listeners()) {
                InetSocketAddress bound = node.listeners().get(listener.name());
                if (bound != null && !bound.getAddress().getHostAddress().contains(":")) {
                    line.append("  ")
                            .append(scheme(listener))
                            .append(' ')
                            .append(bound.getAddress().getHostAddress());
                    line.append(':').append(bound.getPort()).append(listener.path().orElse(""));
                }
            }
            line.append("  admin http://").append(node.adminAddress());
        }
        return line.toString();
    }

    private static String scheme(Listener listener) {
        return (listener.path().isPresent() ? "ws" : "mqtt")
                + (listener.tls().isPresent() ? "s" : "");
    }
}
