package io.banyanmq.cluster.wire;

import java.util.Optional;

/// The settings that live in the log, so that every replica applies alike. A node's file gives them at
/// first formation only.
public enum LogOption {
    /// Milliseconds of committed silence after which an epoch ends, where a renewal does not carry its own.
    TTL_MILLIS("cluster.lease.ttl", 6_000, 600, 600_000);

    private final String key;
    private final long initial;
    private final long least;
    private final long most;

    LogOption(String key, long initial, long least, long most) {
        this.key = key;
        this.initial = initial;
        this.least = least;
        this.most = most;
    }

    public String key() {
        return key;
    }

    public long initial() {
        return initial;
    }

    /// The option called `key`, or empty.
    public static Optional<LogOption> of(String key) {
        for (LogOption option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /// `value`, or the bound that it is beyond.
    public long clamp(long value) {
        return Math.clamp(value, least, most);
    }

    /// Reads a value; empty if it is not a number within the option's bounds.
    public Optional<Long> read(String value) {
        try {
            long number = Long.parseLong(value);
            return number >= least && number <= most ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
