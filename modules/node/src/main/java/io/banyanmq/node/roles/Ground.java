package io.banyanmq.node.roles;

import io.banyanmq.mqtt.gateway.Loops;
import java.security.SecureRandom;

/// What all nodes of a process stand on: event loops, randomness.
///
/// @param loops one for each processor: clients and links
/// @param home one more, for what gateways do beside messages: applying a scan of ten million routes takes a while
public record Ground(Loops loops, Loops home, SecureRandom random) implements AutoCloseable {
    /// Starts the threads.
    public static Ground open() {
        return new Ground(
                Loops.open(Runtime.getRuntime().availableProcessors(), "banyan-loop"),
                Loops.open(1, "banyan-cluster"),
                new SecureRandom());
    }

    @Override
    public void close() {
        home.close();
        loops.close();
    }
}
