package io.banyanmq.node.config;

/// Where a value came from, for a person to find it: `banyan.yaml:12`, `environment BANYAN_NODE_NAME`,
/// `option --port`, `default`.
public record Origin(String text) {
    /// The table's own default.
    public static final Origin DEFAULT = new Origin("default");

    static Origin line(String file, int line) {
        return new Origin(file + ":" + line);
    }

    static Origin variable(String name) {
        return new Origin("environment " + name);
    }

    /// A command line option.
    public static Origin option(String name) {
        return new Origin("option " + name);
    }

    @Override
    public String toString() {
        return text;
    }
}
