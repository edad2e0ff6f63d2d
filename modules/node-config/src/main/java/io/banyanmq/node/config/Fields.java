package io.banyanmq.node.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of a value that is a mapping, while it is read.
final class Fields {
    private final String key;
    private final RawValue value;
    private final Map<String, RawValue> entries;
    private final List<Fault> faults;
    private final int faultsBefore;

    private Fields(String key, RawValue value, Map<String, RawValue> entries, List<Fault> faults) {
        this.key = key;
        this.value = value;
        this.entries = entries;
        this.faults = faults;
        this.faultsBefore = faults.size();
    }

    /// The fields of `value`, with a fault for each that is not in `known`, or a single one, and no fields, if
    /// it is not a mapping; then `expected` completes "'x' is not ...".
    static Fields of(
            String key, RawValue value, Set<String> known, String expected, List<Fault> faults) {
        if (!(value instanceof RawValue.Mapping mapping)) {
            Fields none = new Fields(key, value, Map.of(), faults);
            faults.add(Fault.unexpected(key, value, expected));
            return none;
        }
        Fields fields = new Fields(key, value, mapping.entries(), faults);
        mapping.entries()
                .forEach((name, item) -> {
                    if (!known.contains(name)) {
                        faults.add(
                                new Fault(
                                        key + "." + name,
                                        "unknown key" + Similar.to(name, known),
                                        item.origin()));
                    }
                });
        return fields;
    }

    boolean has(String field) {
        return entries.containsKey(field);
    }

    <T> @Nullable T read(String field, ValueType<T> type) {
        RawValue item = entries.get(field);
        return item == null ? null : type.read(key + "." + field, item, faults);
    }

    <T> @Nullable T need(String field, ValueType<T> type) {
        if (!has(field) && value instanceof RawValue.Mapping) {
            faults.add(new Fault(key + "." + field, "is needed: " + type.name(), value.origin()));
        }
        return read(field, type);
    }

    /// Whether a fault was found since the reading of this mapping began.
    boolean faulty() {
        return faults.size() > faultsBefore;
    }
}
