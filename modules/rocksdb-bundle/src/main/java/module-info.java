import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.bundle.rocksdb {
    requires static transitive org.jspecify;
}
