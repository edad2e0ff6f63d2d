/// RocksDB's Java binding as a module of its own, with the libraries for Linux (glibc) on x86_64
/// and aarch64 only: the published jar carries ninety megabytes for other systems.
module io.banyanmq.bundle.rocksdb {
    exports org.rocksdb;
    exports org.rocksdb.util;
}
