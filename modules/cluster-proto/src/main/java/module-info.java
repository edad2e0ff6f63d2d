import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.cluster.proto {
    requires static transitive org.jspecify;
    requires transitive com.google.protobuf;
}
