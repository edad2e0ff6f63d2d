package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/// MQTT's UTF-8: well-formed as in RFC 3629 (no surrogates, no overlong forms, nothing above
/// U+10FFFF) and without U+0000. MQTT 5 §1.5.4. Control characters and non-characters, which a
/// receiver *may* refuse, pass.
///
/// ASCII, nearly all that is seen, is checked eight bytes at a time.
final class Utf8 {
    /// What [#scan] found besides well-formed text; bits.
    static final int WILDCARD = 1;

    static final int NULL = 2;
    static final int ILL_FORMED = 4;

    /// Longest string a two-byte length prefix can announce.
    static final int STRING_BYTES_MAX = 65_535;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long PLUSES = ONES * '+';
    private static final long HASHES = ONES * '#';

    private Utf8() {}

    /// Looks through `length` bytes from `index`.
    ///
    /// @return 0 for a good text without `+` and `#`; else the bits of what is in it
    static int scan(ByteBuf buf, int index, int length) {
        int end = index + length;
        int at = index;
        int found = 0;
        while (end - at >= Long.BYTES) {
            long word = buf.getLong(at);
            // Exact for bytes below 0x80: the high bit of a lane rises only at or above a zero.
            long zero = (word - ONES) | ((word ^ PLUSES) - ONES) | ((word ^ HASHES) - ONES);
            if (((word | zero) & HIGH_BITS) != 0) {
                if ((word & HIGH_BITS) != 0) {
                    return found | scanSlowly(buf, at, end);
                }
                found |= ((word - ONES) & HIGH_BITS) != 0 ? NULL : 0;
                found |= (((word ^ PLUSES) - ONES) & HIGH_BITS) != 0 ? WILDCARD : 0;
                found |= (((word ^ HASHES) - ONES) & HIGH_BITS) != 0 ? WILDCARD : 0;
            }
            at += Long.BYTES;
        }
        return at == end ? found : (found | scanSlowly(buf, at, end));
    }

    private static int scanSlowly(ByteBuf buf, int from, int end) {
        int found = 0;
        int at = from;
        while (at < end) {
            int b = buf.getByte(at);
            if (b >= 0) {
                if (b == 0) {
                    found |= NULL;
                } else if (b == '+' || b == '#') {
                    found |= WILDCARD;
                }
                at++;
            } else {
                int size = sequenceLength(buf, at, end);
                if (size == 0) {
                    return found | ILL_FORMED;
                }
                at += size;
            }
        }
        return found;
    }

    /// The length of the well-formed multi-byte sequence at `at`, 0 if it is not one. The ranges
    /// are those of Unicode's table 3-7.
    private static int sequenceLength(ByteBuf buf, int at, int end) {
        int lead = buf.getByte(at) & 0xFF;
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || end - at < size) {
            return 0;
        }
        int second = buf.getByte(at + 1) & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((buf.getByte(at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    /// How many bytes a text takes, without its length prefix.
    ///
    /// @throws IllegalArgumentException if MQTT cannot carry it: a lone surrogate, U+0000, or more
    ///     than 65,535 bytes
    static int encodedLength(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException("U+0000 at character " + i + " of a string");
            } else if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException(
                        "lone surrogate at character " + i + " of a string");
            }
        }
        if (bytes > STRING_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "string of " + bytes + " bytes, at most " + STRING_BYTES_MAX);
        }
        return bytes;
    }
}
