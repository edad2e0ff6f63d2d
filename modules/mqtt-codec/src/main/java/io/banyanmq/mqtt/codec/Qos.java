package io.banyanmq.mqtt.codec;

/// Quality of service. MQTT 5 §4.3.
public enum Qos {
    /// QoS 0: sent once, never acknowledged.
    AT_MOST_ONCE(0),
    /// QoS 1: acknowledged by PUBACK, may arrive twice.
    AT_LEAST_ONCE(1),
    /// QoS 2: PUBREC, PUBREL, PUBCOMP; arrives once.
    EXACTLY_ONCE(2);

    private static final Qos[] VALUES = values();

    private final int value;

    Qos(int value) {
        this.value = value;
    }

    /// The level of a wire value.
    ///
    /// @param value 0, 1 or 2
    /// @throws IllegalArgumentException for any other value
    public static Qos of(int value) {
        if (value < 0 || value > 2) {
            throw new IllegalArgumentException("QoS " + value + ", must be 0, 1 or 2");
        }
        return VALUES[value];
    }

    /// The value on the wire: 0, 1 or 2.
    public int value() {
        return value;
    }
}
