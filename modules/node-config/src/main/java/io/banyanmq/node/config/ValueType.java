package io.banyanmq.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How the text of a value becomes a value.
///
/// @param <T> what it becomes
final class ValueType<T> {
    /// Reads a value; adds faults under `key` and answers null if it cannot.
    interface Reader<T> {
        @Nullable T read(String key, RawValue value, List<Fault> faults);
    }

    private final String name;
    private final boolean structured;
    private final Reader<T> reader;
    private final Function<T, String> writer;

    private ValueType(
            String name, boolean structured, Reader<T> reader, Function<T, String> writer) {
        this.name = name;
        this.structured = structured;
        this.reader = reader;
        this.writer = writer;
    }

    /// A type written as plain text. `expected` completes "'x' is not ...".
    static <T> ValueType<T> scalar(
            String name,
            String expected,
            Function<String, Optional<T>> read,
            Function<T, String> write) {
        return new ValueType<>(
                name,
                false,
                (key, value, faults) -> {
                    Optional<T> result =
                            value instanceof RawValue.Scalar scalar
                                    ? read.apply(scalar.text().strip())
                                    : Optional.empty();
                    if (result.isEmpty()) {
                        faults.add(Fault.unexpected(key, value, expected));
                    }
                    return result.orElse(null);
                },
                write);
    }

    /// A type written as a YAML mapping.
    static <T> ValueType<T> mapping(String name, Reader<T> reader, Function<T, String> write) {
        return new ValueType<>(name, true, reader, write);
    }

    /// A list of `item`; one scalar is read as comma-separated items, for options and the environment.
    static <T> ValueType<List<T>> listOf(ValueType<T> item) {
        return new ValueType<>(
                "list of " + item.name,
                true,
                (key, value, faults) -> readList(item, key, value, faults),
                items -> {
                    StringBuilder text = new StringBuilder("[");
                    for (T each : items) {
                        text.append(text.length() > 1 ? ", " : "").append(item.writer.apply(each));
                    }
                    return text.append(']').toString();
                });
    }

    private static <T> @Nullable List<T> readList(
            ValueType<T> item, String key, RawValue value, List<Fault> faults) {
        List<RawValue> raw =
                switch (value) {
                    case RawValue.Sequence sequence -> sequence.items();
                    case RawValue.Scalar scalar -> split(scalar);
                    case RawValue.Mapping mapping -> List.of(mapping);
                };
        List<T> items = new ArrayList<>(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            T each = item.read(key + "[" + i + "]", raw.get(i), faults);
            if (each != null) {
                items.add(each);
            }
        }
        return items.size() == raw.size() ? List.copyOf(items) : null;
    }

    private static List<RawValue> split(RawValue.Scalar scalar) {
        List<RawValue> items = new ArrayList<>();
        for (String part : scalar.text().split(",", -1)) {
            if (!part.isBlank()) {
                items.add(new RawValue.Scalar(part.strip(), scalar.origin()));
            }
        }
        return items;
    }

    @Nullable T read(String key, RawValue value, List<Fault> faults) {
        return reader.read(key, value, faults);
    }

    /// The value as a YAML flow text that [#read] takes.
    String write(T value) {
        return writer.apply(value);
    }

    String name() {
        return name;
    }

    /// Whether text of an option or variable that looks like YAML flow is to be parsed as such.
    boolean isStructured() {
        return structured;
    }
}
