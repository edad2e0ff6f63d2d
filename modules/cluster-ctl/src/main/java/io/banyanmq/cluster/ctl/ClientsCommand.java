package io.banyanmq.cluster.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `clients`: who is connected to the asked gateway.
@Command(
        name = "clients",
        description = "The clients of the asked gateway.",
        subcommands = {ClientsCommand.Listing.class, ClientsCommand.Show.class})
final class ClientsCommand implements Callable<Integer> {
    @ParentCommand @Nullable ClusterCtl options;
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                ParentOptions.of(spec).commandLine(), "clients: one of list, show is missing");
    }

    /// `clients list`.
    @Command(name = "list", description = "The connected clients, by client id.")
    static final class Listing implements Callable<Integer> {
        @ParentCommand @Nullable ClientsCommand parent;

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    ParentOptions.of(ParentOptions.of(parent).options),
                    "/api/v1/clients",
                    (answer, out) -> {
                        List<List<String>> rows = new ArrayList<>();
                        for (JsonNode each : answer) {
                            rows.add(
                                    List.of(
                                            Output.text(each, "client"),
                                            Output.text(each, "address"),
                                            Output.text(each, "protocol"),
                                            Output.text(each, "subscriptions"),
                                            Output.text(each, "queued"),
                                            Output.text(each, "node")));
                        }
                        Output.columns(
                                out,
                                List.of(
                                        "CLIENT",
                                        "ADDRESS",
                                        "PROTOCOL",
                                        "SUBSCRIPTIONS",
                                        "QUEUED",
                                        "NODE"),
                                rows);
                    });
        }
    }

    /// `clients show`.
    @Command(
            name = "show",
            description = "All about one connected client; exit 1 if it is not connected here.")
    static final class Show implements Callable<Integer> {
        @ParentCommand @Nullable ClientsCommand parent;

        @Parameters(paramLabel = "ID", description = "The client id.")
        String client = "";

        @Override
        public Integer call() throws CtlException {
            return Asking.print(
                    ParentOptions.of(ParentOptions.of(parent).options),
                    "/api/v1/clients/" + AdminClient.escaped(client),
                    StatusCommand::print);
        }
    }
}
