package io.banyanmq.cluster.wire;

import java.util.HexFormat;

/// The random identity of a data directory: 128 bits, drawn once when the directory is first used.
/// A wiped disk is another incarnation, whatever its node is called.
public record Incarnation(long high, long low) {
    /// Reads the 32 hexadecimal digits that [#toString] writes.
    public static Incarnation parse(String hex) {
        if (hex.length() != 32) {
            throw new IllegalArgumentException(
                    "incarnation '" + hex + "' has " + hex.length() + " characters, not 32");
        }
        return new Incarnation(
                HexFormat.fromHexDigitsToLong(hex, 0, 16),
                HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
