package io.banyanmq.raft.kit;

import java.util.Arrays;
import java.util.Optional;

/// Arithmetic on ordered keys.
public final class Keys {
    private Keys() {}

    /// The smallest key above every key that begins with `prefix`; empty when there is none, which
    /// is so only for prefixes of nothing but 0xFF bytes.
    public static Optional<byte[]> afterPrefix(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] after = Arrays.copyOf(prefix, last + 1);
                after[last]++;
                return Optional.of(after);
            }
        }
        return Optional.empty();
    }
}
