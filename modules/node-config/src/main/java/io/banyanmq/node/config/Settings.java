package io.banyanmq.node.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The value that each key got, and from where.
final class Settings {
    private record Setting(Object value, Origin origin) {}

    private final Map<ConfigKey<?>, Setting> values = new LinkedHashMap<>();

    <T> void put(ConfigKey<T> key, T value, Origin origin) {
        values.put(key, new Setting(value, origin));
    }

    @SuppressWarnings("unchecked") // put() only stores a T under a ConfigKey<T>
    <T> Optional<T> find(ConfigKey<T> key) {
        @Nullable Setting setting = values.get(key);
        return setting == null ? Optional.empty() : Optional.of((T) setting.value);
    }

    /// The value of a key that was checked to have one.
    <T> T get(ConfigKey<T> key) {
        return find(key)
                .orElseThrow(() -> new IllegalStateException(key.path() + " was not checked"));
    }

    Origin origin(ConfigKey<?> key) {
        @Nullable Setting setting = values.get(key);
        return setting == null ? Origin.DEFAULT : setting.origin;
    }
}
