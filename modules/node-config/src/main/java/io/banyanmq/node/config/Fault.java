package io.banyanmq.node.config;

/// One thing that is wrong with a configuration.
///
/// @param key the full path, `gateway.limits.packet` or `gateway.listeners[1].bind`
/// @param problem what is wrong, with the value and what was expected, as the rest of a sentence
/// @param origin where the value came from
public record Fault(String key, String problem, Origin origin) {
    static Fault unexpected(String key, RawValue value, String expected) {
        return new Fault(
                key, "'" + shortened(value.toString()) + "' is not " + expected, value.origin());
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 77) + "...";
    }

    /// `banyan.yaml:12: gateway.limits.packet: 'lots' is not a size such as 512KiB or 8MiB`.
    @Override
    public String toString() {
        return origin + ": " + key + ": " + problem;
    }
}
