import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.topic {
    requires static transitive org.jspecify;
}
