package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Immutable binary data with value equality: payloads, passwords, correlation and authentication
/// data of packet records. [#toString()] shows only the length, as such data may be secret.
public final class Bytes {
    /// No bytes.
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of the array.
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /// A text as UTF-8.
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A copy of `length` bytes from `index`; the buffer's indices stay as they are.
    public static Bytes copyOf(ByteBuf buf, int index, int length) {
        if (length == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[length];
        buf.getBytes(index, copy);
        return new Bytes(copy);
    }

    /// How many bytes.
    public int length() {
        return bytes.length;
    }

    /// A copy, which the caller owns.
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /// Appends all bytes.
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /// The bytes read as UTF-8, with U+FFFD for what is not.
    public String toUtf8String() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
