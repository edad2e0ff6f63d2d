package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `status`: the asked node, in a dozen lines.
@Command(name = "status", description = "The state of the asked node: roles, epoch, lease, Raft.")
final class StatusCommand implements Callable<Integer> {
    private static final String PATH = "/api/v1/status";

    @ParentCommand @Nullable ClusterCtl options;

    @Option(names = "--watch", description = "Print it again every second until interrupted.")
    boolean watch;

    @Override
    public Integer call() throws CtlException {
        ClusterCtl all = ParentOptions.of(options);
        Asking.print(all, PATH, StatusCommand::print);
        if (watch) {
            CountDownLatch interrupted = new CountDownLatch(1);
            try {
                while (!interrupted.await(1, TimeUnit.SECONDS)) {
                    Asking.print(all, PATH, StatusCommand::print);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        return ExitCode.OK;
    }

    static void print(JsonNode answer, PrintWriter out) {
        List<String> lines = new ArrayList<>();
        lines(answer, "", lines);
        lines.forEach(out::println);
    }

    private static void lines(JsonNode object, String prefix, List<String> into) {
        object.properties()
                .forEach(entry -> {
                    String name = prefix + entry.getKey();
                    if (entry.getValue().isObject()) {
                        lines(entry.getValue(), name + ".", into);
                    } else if (entry.getValue().isArray() && entry.getValue().path(0).isObject()) {
                        for (int i = 0; i < entry.getValue().size(); i++) {
                            lines(entry.getValue().get(i), name + "[" + i + "].", into);
                        }
                    } else {
                        into.add(
                                name
                                        + " ".repeat(Math.max(1, 34 - name.length()))
                                        + Output.text(object, entry.getKey()));
                    }
                });
    }
}
