package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.Renewal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// The right to acknowledge under one epoch: until the *sending* of the last renewal that the log accepted, plus two thirds
/// of the ttl that it carried, on the gateway's own clock.
final class Lease {
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final long RENEW_NANOS = 500 * NANOS_A_MILLI;
    private static final int REMEMBERED = 2_048;

    private final Epoch epoch;
    private final Set<AgentRule> off;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long serial;
    private boolean held;
    private long deadline;

    private record Sent(long serial, long nanos, int ttlMillis) {}

    Lease(Epoch epoch, Set<AgentRule> off) {
        this.epoch = epoch;
        this.off = off;
    }

    boolean due(long nanos) {
        return sent.isEmpty() || nanos - sent.getLast().nanos() >= RENEW_NANOS;
    }

    /// The renewal to send at `nanos`, which is now.
    Renewal renew(int ttlMillis, long feedIndex, long nanos) {
        serial++;
        sent.addLast(new Sent(serial, nanos, ttlMillis));
        if (sent.size() > REMEMBERED) {
            sent.removeFirst(); // at one every half second, its deadline is long past
        }
        return new Renewal(epoch, serial, ttlMillis, feedIndex);
    }

    /// The feed shows that the log accepted `confirmed`. Whether that moved the deadline.
    boolean confirmed(long confirmed, long nanos) {
        while (!sent.isEmpty() && sent.getFirst().serial() < confirmed) {
            sent.removeFirst();
        }
        if (sent.isEmpty() || sent.getFirst().serial() != confirmed) {
            return false;
        }
        Sent renewal = sent.getFirst();
        long from = off.contains(AgentRule.DEADLINE_FROM_SENDING) ? nanos : renewal.nanos();
        long ttlNanos = renewal.ttlMillis() * NANOS_A_MILLI;
        long until =
                from + (off.contains(AgentRule.TWO_THIRDS_OF_TTL) ? ttlNanos : ttlNanos / 3 * 2);
        if (held && until - deadline <= 0) {
            return false;
        }
        held = true;
        deadline = until;
        return true;
    }

    /// Whether the deadline lies ahead.
    boolean inTime(long nanos) {
        return held && deadline - nanos > 0;
    }

    /// Whether there was a deadline, and it passed more than `holdNanos` ago.
    boolean lost(long nanos, long holdNanos) {
        return held && nanos - deadline > holdNanos;
    }

    long deadline() {
        return deadline;
    }
}
