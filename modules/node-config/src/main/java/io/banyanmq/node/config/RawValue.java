package io.banyanmq.node.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A value as written, before its key says what it means. `toString` is how it is quoted in a fault.
public sealed interface RawValue {
    Origin origin();

    /// Plain text, whatever YAML would have made of it: `on` stays `on`.
    record Scalar(String text, Origin origin) implements RawValue {
        @Override
        public String toString() {
            return text;
        }
    }

    /// A list.
    record Sequence(List<RawValue> items, Origin origin) implements RawValue {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return items.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// Named values in the order written.
    record Mapping(Map<String, RawValue> entries, Origin origin) implements RawValue {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String toString() {
            return entries.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }
}
