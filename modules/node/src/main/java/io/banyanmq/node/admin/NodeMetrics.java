package io.banyanmq.node.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/// The meters of a node. They read what the parts count anyway, when somebody scrapes.
///
/// Names begin with `banyan_`; counters end in `_total`.
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final List<Runnable> before = new CopyOnWriteArrayList<>();

    /// What counters read: Micrometer holds it weakly, and a counter whose source is collected stands still.
    private final List<DoubleSupplier> counted = new CopyOnWriteArrayList<>();

    /// The meters of this process, and none of any role yet.
    public NodeMetrics() {}

    /// Adds what the JVM and the process say of themselves.
    public NodeMetrics withJvm() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        return this;
    }

    /// A value that goes up and down.
    ///
    /// @param tags names and values in turn
    public NodeMetrics gauge(String name, String help, DoubleSupplier value, String... tags) {
        Gauge.builder(name, value::getAsDouble)
                .description(help)
                .tags(Tags.of(tags))
                .register(registry);
        return this;
    }

    /// A value that only rises.
    ///
    /// @param name without `_total`
    /// @param tags names and values in turn
    public NodeMetrics counter(String name, String help, DoubleSupplier value, String... tags) {
        counted.add(value);
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(Tags.of(tags))
                .register(registry);
        return this;
    }

    /// Runs `task` before each scrape: it may add meters that have become known.
    public NodeMetrics beforeScrape(Runnable task) {
        before.add(task);
        return this;
    }

    /// The page that Prometheus reads.
    public String scrape() {
        before.forEach(Runnable::run);
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
