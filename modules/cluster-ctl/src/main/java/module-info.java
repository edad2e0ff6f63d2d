import org.jspecify.annotations.NullMarked;

@NullMarked
module io.banyanmq.cluster.ctl {
    requires static transitive org.jspecify;
    requires info.picocli;
    requires java.net.http;
}
