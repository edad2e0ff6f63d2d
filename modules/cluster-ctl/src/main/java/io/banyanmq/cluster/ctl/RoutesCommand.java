package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `routes`: the replicated route table.
@Command(
        name = "routes",
        description = "The route table: which topic filters lead to which nodes.",
        subcommands = {
            RoutesCommand.Listing.class,
            RoutesCommand.Match.class,
            RoutesCommand.Stats.class,
            RoutesCommand.Verify.class
        })
final class RoutesCommand implements Callable<Integer> {
    @ParentCommand @Nullable ClusterCtl options;
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                ParentOptions.of(spec).commandLine(),
                "routes: one of list, match, stats, verify is missing");
    }

    private static ClusterCtl options(@Nullable RoutesCommand parent) {
        return ParentOptions.of(ParentOptions.of(parent).options);
    }

    /// `routes list`.
    @Command(name = "list", description = "All routes in key order, one filter a line.")
    static final class Listing implements Callable<Integer> {
        @ParentCommand @Nullable RoutesCommand parent;

        @Option(names = "--tree", description = "As a tree of topic levels.")
        boolean tree;

        @Option(
                names = "--prefix",
                paramLabel = "P",
                description = "Only filters that begin so; a node lists at most 200,000.")
        String prefix = "";

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    options(parent),
                    "/api/v1/routes"
                            + (prefix.isEmpty() ? "" : AdminClient.query("prefix", prefix)),
                    tree ? RoutesCommand::tree : RoutesCommand::lines);
        }
    }

    /// `routes match`.
    @Command(name = "match", description = "The routes that a message to TOPIC takes.")
    static final class Match implements Callable<Integer> {
        @ParentCommand @Nullable RoutesCommand parent;

        @Parameters(paramLabel = "TOPIC", description = "A topic name, without wildcards.")
        String topic = "";

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    options(parent),
                    "/api/v1/routes/match" + AdminClient.query("topic", topic),
                    RoutesCommand::lines);
        }
    }

    /// `routes stats`.
    @Command(name = "stats", description = "How many routes there are, by kind and by node.")
    static final class Stats implements Callable<Integer> {
        @ParentCommand @Nullable RoutesCommand parent;

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    options(parent),
                    "/api/v1/routes/stats",
                    (answer, out) -> {
                        out.println("index     " + Output.text(answer, "index"));
                        out.println("filters   " + Output.text(answer, "filters"));
                        out.println("routes    " + Output.text(answer, "routes"));
                        out.println("wildcard  " + Output.text(answer, "wildcard"));
                        out.println("shared    " + Output.text(answer, "shared"));
                        List<List<String>> rows = new ArrayList<>();
                        for (JsonNode node : answer.path("nodes")) {
                            rows.add(
                                    List.of(
                                            Output.text(node, "name"),
                                            Output.text(node, "routes")));
                        }
                        Output.columns(out, List.of("NODE", "ROUTES"), rows);
                    });
        }
    }

    /// `routes verify`.
    @Command(
            name = "verify",
            description =
                    "Compares each source's own digest with the routes that are stored; exit 1 if one differs.")
    static final class Verify implements Callable<Integer> {
        @ParentCommand @Nullable RoutesCommand parent;

        @Override
        public Integer call() throws CtlException {
            ClusterCtl options = options(parent);
            JsonNode answer = Asking.get(options, "/api/v1/routes/verify");
            options.output().print(answer, Verify::table);
            return answer.path("ok").asBoolean(false) ? ExitCode.OK : ExitCode.FAILED;
        }

        private static void table(JsonNode answer, PrintWriter out) {
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode source : answer.path("sources")) {
                rows.add(
                        List.of(
                                Output.text(source, "node"),
                                Output.text(source, "epoch"),
                                Output.text(source, "routes"),
                                Output.text(source, "number"),
                                Output.text(source, "digest"),
                                source.path("ok").asBoolean(false)
                                        ? "ok"
                                        : "DIFFERS " + Output.text(source, "stored")));
            }
            Output.columns(
                    out, List.of("NODE", "EPOCH", "ROUTES", "NUMBER", "DIGEST", "VERDICT"), rows);
        }
    }

    private static Map<String, String> briefNames(JsonNode routes) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode route : routes) {
            route.path("destinations").forEach(name -> names.add(name.asString("")));
        }
        return Output.shortened(names);
    }

    private static String destinations(JsonNode route, Map<String, String> brief) {
        List<String> names = new ArrayList<>();
        route.path("destinations")
                .forEach(name -> names.add(brief.getOrDefault(name.asString(""), "?")));
        return String.join(", ", names);
    }

    private static void lines(JsonNode routes, PrintWriter out) {
        Map<String, String> brief = briefNames(routes);
        for (JsonNode route : routes) {
            out.println(Output.text(route, "filter") + " -> " + destinations(route, brief));
        }
    }

    private static void tree(JsonNode routes, PrintWriter out) {
        Map<String, String> brief = briefNames(routes);
        String[] above = {};
        for (JsonNode route : routes) {
            String[] levels = route.path("filter").asString("").split("/", -1);
            int same = 0;
            while (same < Math.min(levels.length - 1, above.length)
                    && levels[same].equals(above[same])) {
                same++;
            }
            for (int i = same; i < levels.length; i++) {
                out.println(
                        "  ".repeat(i)
                                + (levels[i].isEmpty() ? "\"\"" : levels[i])
                                + (i == levels.length - 1
                                        ? " -> " + destinations(route, brief)
                                        : ""));
            }
            above = levels;
        }
    }
}
