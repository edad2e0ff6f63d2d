package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// A topic filter as the head of a key in an ordered store: unsigned byte order is level order, and
/// what is appended to the key cannot be mistaken for part of the filter.
///
/// ```
/// key    = level* END group suffix
/// level  = PLUS | HASH | LEVEL utf8* NUL
/// group  = NONE | SHARED utf8* NUL
/// END = 00   PLUS = 01   HASH = 02   LEVEL = 03   NUL = 00   NONE = 00   SHARED = 01
/// ```
///
/// U+0000 is in no filter [MQTT-4.7.3-2], so NUL needs no escape. Under one parent the filter that
/// ends there comes first, then `+`, `#`, and the concrete levels by their bytes. All filters that
/// match alike stand together, the plain one before the shared ones. [TrieWalk] matches over such
/// keys.
///
/// The format is stored: changing it breaks route stores on disk.
public final class FilterKey {
    static final byte END = 0;
    static final byte PLUS = 1;
    static final byte HASH = 2;
    static final byte LEVEL = 3;
    private static final byte NUL = 0;
    private static final byte NONE = 0;
    private static final byte SHARED = 1;

    private FilterKey() {}

    /// The key of `filter`, without a suffix; append one at will.
    public static byte[] encode(TopicFilter filter) {
        byte[] utf8 = filter.utf8();
        ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length + 16);
        int from = filter.start();
        while (from <= utf8.length) {
            int to = levelEnd(utf8, from);
            if (to - from == 1 && utf8[from] == '+') {
                out.write(PLUS);
            } else if (to - from == 1 && utf8[from] == '#') {
                out.write(HASH);
            } else {
                out.write(LEVEL);
                out.write(utf8, from, to - from);
                out.write(NUL);
            }
            from = to + 1;
        }
        out.write(END);
        if (filter.isShared()) {
            out.write(SHARED);
            int group = TopicRules.groupStart();
            out.write(utf8, group, filter.start() - 1 - group);
            out.write(NUL);
        } else {
            out.write(NONE);
        }
        return out.toByteArray();
    }

    /// The filter at the head of `key`, whatever follows.
    ///
    /// @throws IllegalArgumentException if no filter heads the key
    public static TopicFilter decode(byte[] key) {
        StringBuilder text = new StringBuilder(key.length);
        int at = 0;
        while (tag(key, at) != END) {
            int next = skipLevel(key, at);
            if (at > 0) {
                text.append('/');
            }
            switch (key[at]) {
                case PLUS -> text.append('+');
                case HASH -> text.append('#');
                default -> text.append(new String(key, at + 1, next - at - 2, UTF_8));
            }
            at = next;
        }
        int group = at + 1;
        if (tag(key, group) == SHARED) {
            int end = nul(key, group + 1);
            text.insert(0, "$share/" + new String(key, group + 1, end - group - 1, UTF_8) + "/");
        }
        return TopicFilter.of(text.toString());
    }

    /// Where the suffix begins: the number of bytes of [#encode] of the filter at the head of
    /// `key`.
    ///
    /// @throws IllegalArgumentException if no filter heads the key
    public static int suffixStart(byte[] key) {
        int at = 0;
        while (tag(key, at) != END) {
            at = skipLevel(key, at);
        }
        int group = at + 1;
        return tag(key, group) == SHARED ? nul(key, group + 1) + 1 : group + 1;
    }

    /// What is appended to a key after its filter.
    ///
    /// @throws IllegalArgumentException if no filter heads the key
    public static byte[] suffix(byte[] key) {
        return Arrays.copyOfRange(key, suffixStart(key), key.length);
    }

    /// The tag at `at`, which must be there and be known.
    static byte tag(byte[] key, int at) {
        if (at >= key.length || key[at] < END || key[at] > LEVEL) {
            throw malformed(key, at);
        }
        return key[at];
    }

    /// Where the level that begins at `at` ends.
    static int skipLevel(byte[] key, int at) {
        return key[at] == LEVEL ? nul(key, at + 1) + 1 : at + 1;
    }

    private static int nul(byte[] key, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == NUL) {
                return i;
            }
        }
        throw malformed(key, key.length);
    }

    private static int levelEnd(byte[] utf8, int from) {
        int to = from;
        while (to < utf8.length && utf8[to] != '/') {
            to++;
        }
        return to;
    }

    private static IllegalArgumentException malformed(byte[] key, int at) {
        return new IllegalArgumentException(
                "filter key of " + key.length + " bytes: no level, end or group at byte " + at);
    }
}
