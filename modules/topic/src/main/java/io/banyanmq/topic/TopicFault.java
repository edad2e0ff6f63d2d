package io.banyanmq.topic;

import java.nio.charset.StandardCharsets;

/// Why a text is no topic name or no topic filter.
///
/// @param kind what is wrong
/// @param subject `topic name` or `topic filter`
/// @param excerpt the start of the offending text, printable, at most 64 characters
/// @param detail the actual value where a number says more, else empty
public record TopicFault(Kind kind, String subject, String excerpt, String detail) {

    private static final int EXCERPT_CHARS_MAX = 64;

    /// The rule that was broken, with the clause of MQTT 5 it comes from.
    public enum Kind {
        EMPTY("must have at least one character", "MQTT-4.7.3-1"),
        TOO_LONG("must not exceed 65535 bytes of UTF-8", "MQTT-4.7.3-3"),
        NUL("must not contain U+0000", "MQTT-4.7.3-2"),
        MALFORMED_UTF8("must be well-formed UTF-8", "MQTT-1.5.4-1"),
        WILDCARD_IN_NAME("must not contain '+' or '#'", "MQTT-4.7.0-1"),
        HASH_MISPLACED("'#' must be the whole of the last level", "MQTT-4.7.1-1"),
        PLUS_MISPLACED("'+' must be the whole of its level", "MQTT-4.7.1-2"),
        SHARE_NAME_EMPTY("the share name after '$share/' must not be empty", "MQTT-4.8.2-1"),
        SHARE_NAME_WILDCARD("the share name must not contain '+' or '#'", "MQTT-4.8.2-2"),
        SHARE_FILTER_MISSING("'$share/name/' must be followed by a topic filter", "MQTT-4.8.2-2"),
        SHARE_NESTED("a shared filter must not be shared again", "limit of this broker"),
        TOO_MANY_LEVELS("has more levels than the limit", "limit topic-levels");

        private final String rule;
        private final String clause;

        Kind(String rule, String clause) {
            this.rule = rule;
            this.clause = clause;
        }

        /// The clause of the specification, such as `MQTT-4.7.1-2`, or the limit that was passed.
        public String clause() {
            return clause;
        }
    }

    static TopicFault of(Kind kind, String subject, byte[] utf8, int off, int len, String detail) {
        int end = Math.min(len, EXCERPT_CHARS_MAX * 4);
        return new TopicFault(
                kind,
                subject,
                printable(new String(utf8, off, end, StandardCharsets.UTF_8)),
                detail);
    }

    static TopicFault of(Kind kind, String subject, String text, String detail) {
        return new TopicFault(kind, subject, printable(text), detail);
    }

    /// One line for logs and reason strings: `topic filter 'a/b+': '+' must be the whole of its
    /// level [MQTT-4.7.1-2]`.
    public String message() {
        String actual = detail.isEmpty() ? "" : " (" + detail + ")";
        return subject + " '" + excerpt + "': " + kind.rule + actual + " [" + kind.clause + "]";
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), EXCERPT_CHARS_MAX));
        for (int i = 0; i < text.length() && i < EXCERPT_CHARS_MAX; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > EXCERPT_CHARS_MAX ? out.append('…').toString() : out.toString();
    }
}
