package io.banyanmq.node.config;

import java.util.Locale;
import java.util.Optional;

/// One key of the configuration.
///
/// @param path `gateway.limits.packet`; in a file it stands below `banyan:`
/// @param type how it is read and written
/// @param fallback the default as it would be written in a file; empty: no default
/// @param doc one sentence or two for the reference page
/// @param <T> what the value becomes
record ConfigKey<T>(String path, ValueType<T> type, Optional<String> fallback, String doc) {
    /// The environment variable that sets it.
    String variable() {
        return "BANYAN_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
