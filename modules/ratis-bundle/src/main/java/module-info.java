import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.bundle.ratis {
    requires static transitive org.jspecify;
}
