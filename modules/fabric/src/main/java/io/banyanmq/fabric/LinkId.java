package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.Epoch;

/// Which numbered source a link is: lane `lane` of the gateway whose epoch is `sender`, as the gateway of epoch `receiver` sees
/// it. A restart of either end is another epoch, so numbers can never be confused with a predecessor's.
public record LinkId(Epoch sender, int lane, Epoch receiver) {
    public LinkId {
        if (lane < 0 || lane > 0xffff) {
            throw new IllegalArgumentException("lane " + lane + " is not 0..65535");
        }
    }

    @Override
    public String toString() {
        return sender + "/" + lane + "->" + receiver;
    }
}
