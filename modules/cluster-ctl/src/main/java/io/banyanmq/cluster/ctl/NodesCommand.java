package io.banyanmq.cluster.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `nodes`: who belongs to the cluster, as the asked node sees it.
@Command(name = "nodes", description = "The nodes of the cluster, as the asked node sees them.")
final class NodesCommand implements Callable<Integer> {
    @ParentCommand @Nullable ClusterCtl options;

    @Override
    public Integer call() throws CtlException {
        return Asking.print(
                ParentOptions.of(options),
                "/api/v1/nodes",
                (answer, out) -> {
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode node : answer) {
                        rows.add(
                                List.of(
                                        Output.text(node, "name"),
                                        Output.text(node, "roles"),
                                        Output.text(node, "state"),
                                        Output.text(node, "epoch"),
                                        Output.text(node, "fabric")));
                    }
                    Output.columns(out, List.of("NAME", "ROLES", "STATE", "EPOCH", "FABRIC"), rows);
                });
    }
}
