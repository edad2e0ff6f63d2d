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
    private long lastNanos;
    private boolean held;
    private long deadline;

    private record Sent(long serial, long nanos, int ttlMillis) {}

    Lease(Epoch epoch, Set<AgentRule> off) {
        this.epoch = epoch;
        this.off = off;
    }

    boolean due(long nanos) {
        return serial == 0 || nanos - lastNanos >= RENEW_NANOS;
    }

    /// The renewal to send at `nanos`, which is now. With a ttl lower than before it moves the deadline, too: from now on the log may
    /// count with that, whether this gateway hears of it or not.
    Renewal renew(int ttlMillis, long feedIndex, long nanos) {
        serial++;
        lastNanos = nanos;
        Sent renewal = new Sent(serial, nanos, ttlMillis);
        sent.addLast(renewal);
        if (sent.size() > REMEMBERED) {
            sent.removeFirst(); // at one every half second, its deadline is long past
        }
        if (held && !off.contains(AgentRule.LOWER_TTL_COUNTS_WHEN_SENT)) {
            deadline = earlier(deadline, until(renewal, nanos));
        }
        return new Renewal(epoch, serial, ttlMillis, feedIndex);
    }

    /// The feed shows that the log accepted `confirmed`: sets the deadline. False if it is none of those sent, or an old one.
    boolean confirmed(long confirmed, long nanos) {
        while (!sent.isEmpty() && sent.getFirst().serial() < confirmed) {
            sent.removeFirst();
        }
        if (sent.isEmpty() || sent.getFirst().serial() != confirmed) {
            return false;
        }
        held = true;
        deadline = until(sent.removeFirst(), nanos);
        if (!off.contains(AgentRule.LOWER_TTL_COUNTS_WHEN_SENT)) {
            for (Sent later : sent) {
                deadline = earlier(deadline, until(later, nanos));
            }
        }
        return true;
    }

    /// How long the log is sure to count the epoch as live once it accepted `renewal`.
    private long until(Sent renewal, long nanos) {
        long from = off.contains(AgentRule.DEADLINE_FROM_SENDING) ? nanos : renewal.nanos();
        long ttlNanos = renewal.ttlMillis() * NANOS_A_MILLI;
        return from + (off.contains(AgentRule.TWO_THIRDS_OF_TTL) ? ttlNanos : ttlNanos / 3 * 2);
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
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
