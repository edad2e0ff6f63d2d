package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.core.ClientTerms;

/// How long one connection may stay silent: first the time for CONNECT, then one and a half keep-alives [MQTT-3.1.2-22],
/// last the time to hang up.
final class KeepAlive extends TimerWheel.Timer {
    private static final long CONNECT_MILLIS_MAX = 10_000;
    private static final long HANG_UP_MILLIS_MAX = 2_000;

    private final Connection connection;
    private final TimerWheel wheel;
    private long lastReadTick;

    /// In force once the client is connected; 0 for none.
    private int seconds;

    KeepAlive(Connection connection) {
        this.connection = connection;
        this.wheel = connection.lane.wheel;
    }

    /// The socket is open: CONNECT has to come.
    void awaitConnect() {
        wheel.arm(this, wheel.now() + TimerWheel.ticks(CONNECT_MILLIS_MAX));
    }

    /// CONNECT has come.
    void begin(ClientTerms terms) {
        seconds = terms.keepAliveSeconds();
        if (seconds > 0) {
            wheel.arm(this, due());
        } else {
            wheel.disarm(this);
        }
    }

    /// Something has come, or it is us who do not read.
    void heard() {
        lastReadTick = wheel.now();
    }

    /// The client has been told the last; it has to close.
    void awaitHangUp() {
        wheel.arm(this, wheel.now() + TimerWheel.ticks(HANG_UP_MILLIS_MAX));
    }

    void stop() {
        wheel.disarm(this);
    }

    private long due() {
        return lastReadTick + TimerWheel.ticks(seconds * 1_500L);
    }

    @Override
    void expire() {
        if (connection.isConnected() && connection.isPaused()) {
            heard();
        }
        if (connection.isConnected() && due() > wheel.now()) {
            wheel.arm(this, due());
        } else {
            connection.timeIsUp(seconds);
        }
    }
}
