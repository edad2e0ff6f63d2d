import org.jspecify.annotations.NullMarked;

/// `cluster-ctl`: asks and steers a running cluster through a node's admin port.
@NullMarked
module io.banyanmq.cluster.ctl {
    requires static transitive org.jspecify;
    requires io.banyanmq.node.config;
    requires info.picocli;
    requires java.net.http;
    requires org.yaml.snakeyaml;
    requires tools.jackson.databind;

    opens io.banyanmq.cluster.ctl to
            info.picocli;
}
