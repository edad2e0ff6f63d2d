import org.jspecify.annotations.NullMarked;

/// The configuration of a node: the table of all keys, the layers that give them values, and the immutable
/// record that comes out, or every fault at once.
@NullMarked
module io.banyanmq.node.config {
    requires static transitive org.jspecify;
    requires transitive io.banyanmq.cluster.wire;
    requires org.yaml.snakeyaml;

    exports io.banyanmq.node.config;
}
