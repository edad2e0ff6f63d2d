package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/// MQTT's variable byte integer: seven bits a byte, least significant first, at most four bytes.
/// MQTT 5 §1.5.5.
final class VariableByteInteger {
    /// The largest value, 268,435,455.
    static final int MAX = 0x0FFF_FFFF;

    private VariableByteInteger() {}

    /// How many bytes a value takes, 1..4.
    ///
    /// @throws IllegalArgumentException if the value is negative or above [#MAX]
    static int size(int value) {
        if ((value & ~MAX) != 0) {
            throw new IllegalArgumentException(
                    "variable byte integer " + value + ", must be 0.." + MAX);
        }
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }

    /// Appends a value of 0..[#MAX].
    static void write(ByteBuf out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
