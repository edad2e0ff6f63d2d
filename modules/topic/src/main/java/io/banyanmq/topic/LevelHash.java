package io.banyanmq.topic;

/// A keyed 64-bit hash of the bytes of one topic level. The key is secret, so a client cannot
/// choose levels that collide.
@FunctionalInterface
public interface LevelHash {
    /// The hash of `utf8[from..to)`.
    long hash(byte[] utf8, int from, int to);

    /// SipHash-1-3 under a key of 128 random bits.
    static LevelHash keyed(long key0, long key1) {
        return new SipHash(key0, key1);
    }
}
