package io.banyanmq.mqtt.gateway.shell;

/// Lets one loop's share of the gateway's connects a second pass; a second's worth at once at most.
final class ConnectRate {
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private final double perSecond;
    private double tokens;
    private long lastNanos;

    /// @param gatewayPerSecond 0 for no limit
    ConnectRate(int gatewayPerSecond, int laneCount, long nowNanos) {
        perSecond = (double) gatewayPerSecond / laneCount;
        tokens = Math.max(1, perSecond);
        lastNanos = nowNanos;
    }

    boolean admits(long nowNanos) {
        if (perSecond == 0) {
            return true;
        }
        double gained = (nowNanos - lastNanos) * perSecond / NANOS_A_SECOND;
        tokens = Math.min(Math.max(1, perSecond), tokens + gained);
        lastNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
