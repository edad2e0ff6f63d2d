import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.bundle.micrometer {
    requires static transitive org.jspecify;
}
