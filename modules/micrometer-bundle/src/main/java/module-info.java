/// Micrometer with its Prometheus registry, the Prometheus metric model behind that, and
/// HdrHistogram, as one module: none of the published jars is modular.
///
/// Exported is what instruments code, what binds the JVM and Netty, and what a scrape needs.
module io.banyanmq.bundle.micrometer {
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires jdk.unsupported;
    requires static io.netty.buffer;
    requires static io.netty.common;
    requires static io.netty.transport;
    requires static java.desktop;
    requires static java.sql;

    exports io.micrometer.common;
    exports io.micrometer.core.instrument;
    exports io.micrometer.core.instrument.binder;
    exports io.micrometer.core.instrument.binder.jvm;
    exports io.micrometer.core.instrument.binder.netty4;
    exports io.micrometer.core.instrument.binder.system;
    exports io.micrometer.core.instrument.config;
    exports io.micrometer.core.instrument.distribution;
    exports io.micrometer.core.instrument.search;
    exports io.micrometer.core.instrument.simple;
    exports io.micrometer.prometheusmetrics;
    exports io.prometheus.metrics.expositionformats;
    exports io.prometheus.metrics.model.registry;
    exports io.prometheus.metrics.model.snapshots;
    exports org.HdrHistogram;
}
