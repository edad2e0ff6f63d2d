package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import tools.jackson.databind.JsonNode;

/// What commands that ask one question share.
final class Asking {
    private Asking() {}

    static JsonNode get(ClusterCtl options, String path) throws CtlException {
        try (AdminClient client = options.client()) {
            return client.get(path);
        }
    }

    /// Asks, prints, and is content.
    static int print(ClusterCtl options, String path, Output.Table table) throws CtlException {
        options.output().print(get(options, path), table);
        return ExitCode.OK;
    }
}
