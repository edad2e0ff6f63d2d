package io.banyanmq.cluster.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `subscriptions`: who subscribed to what at the asked gateway.
@Command(
        name = "subscriptions",
        description = "The subscriptions of the asked gateway's clients.",
        subcommands = SubscriptionsCommand.Listing.class)
final class SubscriptionsCommand implements Callable<Integer> {
    @ParentCommand @Nullable ClusterCtl options;
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                ParentOptions.of(spec).commandLine(), "subscriptions: list is missing");
    }

    /// `subscriptions list`.
    @Command(name = "list", description = "The subscriptions, by client and filter.")
    static final class Listing implements Callable<Integer> {
        @ParentCommand @Nullable SubscriptionsCommand parent;

        @Option(names = "--client", paramLabel = "ID", description = "Only those of this client.")
        @Nullable String client;

        @Option(
                names = "--filter",
                paramLabel = "F",
                description = "Only those to exactly this filter.")
        @Nullable String filter;

        @Override
        public Integer call() throws CtlException {
            List<String> query = new ArrayList<>();
            if (client != null) {
                query.add("client=" + AdminClient.escaped(client));
            }
            if (filter != null) {
                query.add("filter=" + AdminClient.escaped(filter));
            }
            return Asking.print(
                    ParentOptions.of(ParentOptions.of(parent).options),
                    "/api/v1/subscriptions"
                            + (query.isEmpty() ? "" : "?" + String.join("&", query)),
                    (answer, out) -> {
                        List<List<String>> rows = new ArrayList<>();
                        for (JsonNode each : answer) {
                            rows.add(
                                    List.of(
                                            Output.text(each, "client"),
                                            Output.text(each, "filter"),
                                            Output.text(each, "qos"),
                                            Output.text(each, "node")));
                        }
                        Output.columns(out, List.of("CLIENT", "FILTER", "QOS", "NODE"), rows);
                    });
        }
    }
}
