import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.chaos {
    requires static transitive org.jspecify;
}
