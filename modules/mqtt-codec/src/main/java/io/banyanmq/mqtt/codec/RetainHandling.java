package io.banyanmq.mqtt.codec;

/// What a subscription wants of the retained messages that match it; before MQTT 5 always [#SEND].
/// MQTT 5 §3.8.3.1.
public enum RetainHandling {
    /// Send retained messages at every SUBSCRIBE.
    SEND(0),
    /// Send them only if the subscription did not exist before.
    SEND_IF_NEW(1),
    /// Never send them at SUBSCRIBE.
    NEVER(2);

    private static final RetainHandling[] VALUES = values();

    private final int value;

    RetainHandling(int value) {
        this.value = value;
    }

    /// The option of a wire value.
    ///
    /// @param value 0, 1 or 2
    /// @throws IllegalArgumentException for any other value
    public static RetainHandling of(int value) {
        if (value < 0 || value > 2) {
            throw new IllegalArgumentException("retain handling " + value + ", must be 0, 1 or 2");
        }
        return VALUES[value];
    }

    /// The value on the wire: 0, 1 or 2.
    public int value() {
        return value;
    }
}
