package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

/// A pair of names an application gave a meaning. The same name may appear many times and order
/// counts. MQTT 5 §1.5.7.
///
/// @param name any MQTT string, at most 65,535 bytes of UTF-8
/// @param value as `name`
public record UserProperty(String name, String value) {
    /// Both must be there.
    public UserProperty {
        requireNonNull(name, "name");
        requireNonNull(value, "value");
    }
}
