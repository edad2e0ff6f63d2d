/// The messages of log, feed and store conversations as protoc writes them, for `cluster-wire` alone.
module io.banyanmq.cluster.proto {
    requires transitive com.google.protobuf;

    exports io.banyanmq.cluster.proto to
            io.banyanmq.cluster.wire;
}
