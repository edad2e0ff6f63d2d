import org.jspecify.annotations.NullMarked;

/// Topic names and filters: their rules, and the tables that match one against many of the other.
/// No dependencies, no threads, no I/O.
@NullMarked
module io.banyanmq.topic {
    requires static transitive org.jspecify;

    exports io.banyanmq.topic;
}
