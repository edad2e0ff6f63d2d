package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.banyanmq.topic.TopicFault.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is a topic name and what a topic filter: MQTT 5 §4.7 and §4.8.2, and the limit on levels.
///
/// A check answers null for a valid text and a [TopicFault] otherwise; it allocates nothing for a
/// valid one given as bytes.
///
/// @param levelsMax most levels of a name or filter, 1..65536; of a shared filter the part after
///     the share name counts
public record TopicRules(int levelsMax) {

    /// Most bytes of a name or filter [MQTT-4.7.3-3].
    public static final int BYTES_MAX = 65_535;

    /// The specification alone: a text of 65,535 bytes cannot have more levels than this.
    public static final TopicRules UNLIMITED = new TopicRules(BYTES_MAX + 1);

    private static final String NAME = "topic name";
    private static final String FILTER = "topic filter";
    private static final byte[] SHARE = "$share/".getBytes(UTF_8);

    public TopicRules {
        if (levelsMax < 1 || levelsMax > BYTES_MAX + 1) {
            throw new IllegalArgumentException("topic-levels " + levelsMax + ", must be 1..65536");
        }
    }

    /// Whether these bytes are a topic name. That they are well-formed UTF-8 is the codec's to
    /// check.
    public @Nullable TopicFault checkName(byte[] utf8, int off, int len) {
        if (len == 0 || len > BYTES_MAX) {
            return length(NAME, utf8, off, len);
        }
        int levels = 1;
        for (int i = off, end = off + len; i < end; i++) {
            switch (utf8[i]) {
                case '/' -> levels++;
                case '+', '#' -> {
                    return TopicFault.of(Kind.WILDCARD_IN_NAME, NAME, utf8, off, len, "");
                }
                case 0 -> {
                    return TopicFault.of(Kind.NUL, NAME, utf8, off, len, "");
                }
                default -> {}
            }
        }
        return levels > levelsMax ? levels(NAME, utf8, off, len, levels) : null;
    }

    /// Whether this text is a topic name, well-formed Unicode included.
    public @Nullable TopicFault checkName(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        TopicFault fault = checkName(utf8, 0, utf8.length);
        return fault == null && !new String(utf8, UTF_8).equals(text)
                ? TopicFault.of(Kind.MALFORMED_UTF8, NAME, text, "")
                : fault;
    }

    /// Whether these bytes are a topic filter, shared or not, well-formed UTF-8 included.
    public @Nullable TopicFault checkFilter(byte[] utf8) {
        if (utf8.length == 0 || utf8.length > BYTES_MAX) {
            return length(FILTER, utf8, 0, utf8.length);
        }
        Kind shape = filterShape(utf8);
        if (shape != null) {
            return TopicFault.of(shape, FILTER, utf8, 0, utf8.length, "");
        }
        int levels = levelCount(utf8, filterStart(utf8));
        return levels > levelsMax ? levels(FILTER, utf8, 0, utf8.length, levels) : null;
    }

    /// Whether this text is a topic filter, shared or not.
    public @Nullable TopicFault checkFilter(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        TopicFault fault = checkFilter(utf8);
        return fault == null && !new String(utf8, UTF_8).equals(text)
                ? TopicFault.of(Kind.MALFORMED_UTF8, FILTER, text, "")
                : fault;
    }

    /// The topic filter these bytes are; they are copied.
    ///
    /// @throws InvalidTopicException if they are none
    public TopicFilter filter(byte[] utf8) {
        byte[] own = utf8.clone();
        TopicFault fault = checkFilter(own);
        if (fault != null) {
            throw new InvalidTopicException(fault);
        }
        return new TopicFilter(own, filterStart(own));
    }

    /// The topic filter this text is.
    ///
    /// @throws InvalidTopicException if it is none
    public TopicFilter filter(String text) {
        TopicFault fault = checkFilter(text);
        if (fault != null) {
            throw new InvalidTopicException(fault);
        }
        byte[] utf8 = text.getBytes(UTF_8);
        return new TopicFilter(utf8, filterStart(utf8));
    }

    private static @Nullable Kind filterShape(byte[] utf8) {
        boolean ascii = true;
        for (byte b : utf8) {
            if (b == 0) {
                return Kind.NUL;
            }
            ascii &= b > 0;
        }
        if (!ascii && !Arrays.equals(new String(utf8, UTF_8).getBytes(UTF_8), utf8)) {
            return Kind.MALFORMED_UTF8;
        }
        return startsWithShare(utf8, 0) ? sharedShape(utf8) : wildcards(utf8, 0);
    }

    private static @Nullable Kind sharedShape(byte[] utf8) {
        int slash = SHARE.length;
        for (; slash < utf8.length && utf8[slash] != '/'; slash++) {
            if (utf8[slash] == '+' || utf8[slash] == '#') {
                return Kind.SHARE_NAME_WILDCARD;
            }
        }
        if (slash == SHARE.length) {
            return Kind.SHARE_NAME_EMPTY;
        }
        if (slash + 1 >= utf8.length) {
            return Kind.SHARE_FILTER_MISSING;
        }
        return startsWithShare(utf8, slash + 1) ? Kind.SHARE_NESTED : wildcards(utf8, slash + 1);
    }

    private static @Nullable Kind wildcards(byte[] utf8, int from) {
        for (int i = from; i < utf8.length; i++) {
            boolean starts = i == from || utf8[i - 1] == '/';
            boolean last = i == utf8.length - 1;
            if (utf8[i] == '#' && !(starts && last)) {
                return Kind.HASH_MISPLACED;
            }
            if (utf8[i] == '+' && !(starts && (last || utf8[i + 1] == '/'))) {
                return Kind.PLUS_MISPLACED;
            }
        }
        return null;
    }

    /// Where the part that is matched begins: after `$share/group/`, else 0. The filter must be
    /// valid.
    static int filterStart(byte[] utf8) {
        if (!startsWithShare(utf8, 0)) {
            return 0;
        }
        int slash = SHARE.length;
        while (utf8[slash] != '/') {
            slash++;
        }
        return slash + 1;
    }

    static int groupStart() {
        return SHARE.length;
    }

    static boolean startsWithShare(byte[] utf8, int from) {
        return utf8.length - from >= SHARE.length
                && Arrays.equals(utf8, from, from + SHARE.length, SHARE, 0, SHARE.length);
    }

    private static int levelCount(byte[] utf8, int from) {
        int levels = 1;
        for (int i = from; i < utf8.length; i++) {
            if (utf8[i] == '/') {
                levels++;
            }
        }
        return levels;
    }

    private static TopicFault length(String subject, byte[] utf8, int off, int len) {
        return len == 0
                ? new TopicFault(Kind.EMPTY, subject, "", "")
                : TopicFault.of(Kind.TOO_LONG, subject, utf8, off, len, len + " bytes");
    }

    private TopicFault levels(String subject, byte[] utf8, int off, int len, int levels) {
        String detail = levels + ", at most " + levelsMax;
        return TopicFault.of(Kind.TOO_MANY_LEVELS, subject, utf8, off, len, detail);
    }
}
