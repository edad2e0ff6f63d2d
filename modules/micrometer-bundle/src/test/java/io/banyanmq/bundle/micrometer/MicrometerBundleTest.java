package io.banyanmq.bundle.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MicrometerBundleTest {
    @Test
    void scrapes_as_a_named_module() {
        assertThat(PrometheusMeterRegistry.class.getModule().getName())
                .isEqualTo("io.banyanmq.bundle.micrometer");
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try {
            new JvmMemoryMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            Counter.builder("banyan.test").tag("reason", "full").register(registry).increment(3);
            Timer.builder("banyan.wait")
                    .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(10))
                    .register(registry)
                    .record(Duration.ofMillis(2));

            String page = registry.scrape();

            assertThat(page)
                    .contains("banyan_test_total{reason=\"full\"} 3.0")
                    .contains("banyan_wait_seconds_bucket{le=\"0.01\"} 1")
                    .contains("jvm_memory_used_bytes");
        } finally {
            registry.close();
        }
    }
}
