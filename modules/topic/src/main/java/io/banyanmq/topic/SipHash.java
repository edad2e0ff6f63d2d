package io.banyanmq.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SipHash with one round a word and three at the end (Aumasson, Bernstein: *SipHash: a fast
/// short-input PRF*).
final class SipHash implements LevelHash {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    @Override
    public long hash(byte[] utf8, int from, int to) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // One round after each word, the tail's included, and three more that take no word in.
        int words = ((to - from) >>> 3) + 1;
        for (int round = 0, at = from; round < words + 3; round++, at += Long.BYTES) {
            long word = 0;
            if (round < words) {
                word =
                        to - at >= Long.BYTES
                                ? (long) WORD.get(utf8, at)
                                : tail(utf8, at, to, to - from);
            } else if (round == words) {
                v2 ^= 0xff;
            }
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32) + v3;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long tail(byte[] utf8, int from, int to, int length) {
        long word = (long) length << 56;
        for (int i = from, shift = 0; i < to; i++, shift += Byte.SIZE) {
            word |= (utf8[i] & 0xffL) << shift;
        }
        return word;
    }
}
