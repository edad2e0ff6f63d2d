package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Epoch;

/// What a process learns of its gateway's life in the cluster. On the cluster's loop: return at once.
public interface ClusterListener {
    /// Clients are welcome: open listeners, become ready.
    void serving(Epoch epoch);

    /// Clients are not welcome until the next [#serving]; their connections are being closed.
    void gaveUp(Epoch epoch, String reason);

    /// A fault that a person must look at; it was logged.
    void alarm(String text);
}
