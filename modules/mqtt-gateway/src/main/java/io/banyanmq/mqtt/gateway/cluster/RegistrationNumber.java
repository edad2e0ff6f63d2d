package io.banyanmq.mqtt.gateway.cluster;

import java.io.IOException;

/// The registration number in the node's data directory, whose lock proves that no other process uses it.
public interface RegistrationNumber {
    /// The highest one used so far; 0 if none.
    long highest();

    /// Writes `number` and fsyncs it; when this returns, no crash can take it back. May block.
    ///
    /// @throws IOException if it cannot be written: the gateway must not register
    void raise(long number) throws IOException;
}
