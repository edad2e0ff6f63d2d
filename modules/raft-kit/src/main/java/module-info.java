import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.raft.kit {
    requires static transitive org.jspecify;
    requires io.banyanmq.bundle.ratis;
    requires io.banyanmq.bundle.rocksdb;
    requires org.slf4j;
}
