package io.banyanmq.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    @Test
    void counter_goes_on_after_a_collection() {
        AtomicLong count = new AtomicLong();
        try (NodeMetrics metrics = new NodeMetrics()) {
            metrics.counter("banyan.test.things", "Things.", () -> count.get());
            System.gc();
            count.set(7);
            assertThat(metrics.scrape()).contains("banyan_test_things_total 7.0");
        }
    }
}
