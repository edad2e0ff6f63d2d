package io.banyanmq.route.store.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// The fields of a row, one after the other: varints, fixed eight bytes, texts. Every row begins with the version of
/// its format.
final class Fields {
    private Fields() {}

    /// Appends fields.
    static final class Writer {
        private byte[] bytes = new byte[48];
        private int size;

        /// A row of format `version`.
        static Writer row(int version) {
            return new Writer().number(version);
        }

        Writer number(long value) {
            room(10);
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[size++] = (byte) rest;
            return this;
        }

        Writer fixed(long value) {
            room(8);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes[size++] = (byte) (value >>> shift);
            }
            return this;
        }

        Writer text(String text) {
            return bytes(text.getBytes(UTF_8));
        }

        Writer bytes(byte[] some) {
            number(some.length);
            room(some.length);
            System.arraycopy(some, 0, bytes, size, some.length);
            size += some.length;
            return this;
        }

        byte[] done() {
            return Arrays.copyOf(bytes, size);
        }

        private void room(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }
    }

    /// Reads fields in the order of their writing.
    static final class Reader {
        private final byte[] bytes;
        private int at;

        private Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        static Reader of(byte[] row) {
            return new Reader(row);
        }

        /// A row of `what`, which must be of format `version`.
        ///
        /// @throws IllegalStateException if it is not: the data directory is newer than this program, or damaged
        static Reader row(String what, int version, byte[] bytes) {
            Reader reader = new Reader(bytes);
            long found = bytes.length == 0 ? -1 : reader.number();
            if (found != version) {
                throw new IllegalStateException(
                        "row of " + what + ": format " + found + ", this node knows " + version);
            }
            return reader;
        }

        long number() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        int count() {
            return Math.toIntExact(number());
        }

        long fixed() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = (value << 8) | (bytes[at++] & 0xff);
            }
            return value;
        }

        String text() {
            return new String(bytes(), UTF_8);
        }

        byte[] bytes() {
            int length = count();
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }
    }
}
