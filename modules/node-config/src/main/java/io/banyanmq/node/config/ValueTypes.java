package io.banyanmq.node.config;

import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The kinds of values that keys have.
final class ValueTypes {
    /// A limit that is switched off.
    static final int OFF = Integer.MAX_VALUE;

    static final ValueType<String> TEXT =
            ValueType.scalar(
                    "text",
                    "1 to 255 characters",
                    text ->
                            text.isEmpty() || text.length() > 255
                                    ? Optional.empty()
                                    : Optional.of(text),
                    ValueTypes::quoted);

    static final ValueType<Boolean> BOOL =
            ValueType.scalar(
                    "boolean",
                    "a boolean (on, off, true, false, yes, no)",
                    text ->
                            switch (text.toLowerCase(Locale.ROOT)) {
                                case "on", "true", "yes" -> Optional.of(true);
                                case "off", "false", "no" -> Optional.of(false);
                                default -> Optional.empty();
                            },
                    value -> value ? "on" : "off");

    static final ValueType<Path> PATH =
            ValueType.scalar("path", "a path", ValueTypes::path, path -> quoted(path.toString()));

    static final ValueType<NodeName> NODE_NAME =
            ValueType.scalar(
                    "node name",
                    "a node name of the form name@host",
                    text -> attempt(text, NodeName::parse),
                    name -> quoted(name.toString()));

    static final ValueType<HostPort> ADDRESS =
            ValueType.scalar(
                    "address",
                    "an address of the form host:port or [v6]:port",
                    text -> attempt(text, HostPort::parse),
                    address -> quoted(address.toString()));

    static final ValueType<NodeAddress> NODE_ADDRESS =
            ValueType.scalar(
                    "node address",
                    "a node and its port of the form name@host:port",
                    text -> attempt(text, NodeAddress::parse),
                    address -> quoted(address.toString()));

    private ValueTypes() {}

    static ValueType<Integer> integer(int least, int most) {
        return ValueType.scalar(
                "integer " + least + " to " + most,
                "an integer from " + least + " to " + most,
                text -> attempt(text, Integer::valueOf).filter(n -> n >= least && n <= most),
                Object::toString);
    }

    /// A duration of at least `least`, at most `most`.
    static ValueType<Duration> duration(Duration least, Duration most) {
        return ValueType.scalar(
                "duration",
                "a duration from "
                        + written(least)
                        + " to "
                        + written(most)
                        + ", such as 500ms, 6s, 5m or 1h",
                text ->
                        parseDuration(text)
                                .filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0),
                ValueTypes::written);
    }

    /// A number of bytes of at least `least`, at most `most`.
    static ValueType<Integer> size(int least, int most) {
        return ValueType.scalar(
                "size",
                "a size from "
                        + writtenSize(least)
                        + " to "
                        + writtenSize(most)
                        + ", such as 1000, 512KiB or 8MiB",
                text -> parseSize(text).filter(n -> n >= least && n <= most),
                ValueTypes::writtenSize);
    }

    /// A number of bytes of at least `least`, or `off` ([#OFF]).
    static ValueType<Integer> sizeOrOff(int least) {
        return ValueType.scalar(
                "size or off",
                "a size from " + writtenSize(least) + " on, such as 512KiB or 8MiB, or off",
                text ->
                        text.equals("off")
                                ? Optional.of(OFF)
                                : parseSize(text).filter(n -> n >= least && n < OFF),
                ValueTypes::writtenSize);
    }

    /// A count of 1 or more, or `off` ([#OFF]).
    static ValueType<Integer> countOrOff() {
        return ValueType.scalar(
                "count or off",
                "a count of 1 or more, or off",
                text ->
                        text.equals("off")
                                ? Optional.of(OFF)
                                : attempt(text, Integer::valueOf).filter(n -> n > 0),
                value -> value == OFF ? "off" : value.toString());
    }

    /// One of the constants of an enum, written in lower case with hyphens.
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        StringBuilder names = new StringBuilder();
        for (E constant : constants) {
            names.append(names.isEmpty() ? "" : " | ").append(written(constant));
        }
        return ValueType.scalar(
                names.toString(),
                "one of " + names.toString().replace(" |", ","),
                text -> constants.stream().filter(e -> written(e).equals(text)).findFirst(),
                ValueTypes::written);
    }

    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    static String writtenSize(int bytes) {
        if (bytes == OFF) {
            return "off";
        }
        String[] units = {"", "KiB", "MiB", "GiB"};
        int unit = 0;
        while (unit < 3 && bytes >= 1_024 && bytes % 1_024 == 0) {
            bytes /= 1_024;
            unit++;
        }
        return bytes + units[unit];
    }

    static Optional<Duration> parseDuration(String text) {
        int digits = digits(text);
        return attempt(text.substring(0, digits), Long::valueOf)
                .filter(n -> n < 1_000_000_000_000L)
                .flatMap(n ->
                        switch (text.substring(digits)) {
                            case "ms" -> Optional.of(Duration.ofMillis(n));
                            case "s" -> Optional.of(Duration.ofSeconds(n));
                            case "m" -> Optional.of(Duration.ofMinutes(n));
                            case "h" -> Optional.of(Duration.ofHours(n));
                            default -> Optional.empty();
                        });
    }

    private static Optional<Integer> parseSize(String text) {
        int digits = digits(text);
        int shift =
                switch (text.substring(digits)) {
                    case "", "B" -> 0;
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> -1;
                };
        return shift < 0
                ? Optional.empty()
                : attempt(text.substring(0, digits), Integer::valueOf)
                        .filter(n -> n <= Integer.MAX_VALUE >> shift)
                        .map(n -> n << shift);
    }

    /// Text that YAML reads back as it is.
    static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(Character.isLetterOrDigit(c) || "_-./".indexOf(c) >= 0)) {
                return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            }
        }
        return text.isEmpty() ? "\"\"" : text;
    }

    private static int digits(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        return digits;
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> attempt(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
