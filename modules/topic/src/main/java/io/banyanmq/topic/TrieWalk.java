package io.banyanmq.topic;

import static io.banyanmq.topic.FilterKey.END;
import static io.banyanmq.topic.FilterKey.HASH;
import static io.banyanmq.topic.FilterKey.LEVEL;
import static io.banyanmq.topic.FilterKey.PLUS;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Matches a topic against the ordered keys of [FilterKey]: any sorted store is a topic trie.
///
/// The walk looks at one key at a time. A key whose filter matches is handed on, and the next one
/// follows, so all suffixes of a filter come in order. Any other key tells, compared with the
/// topic, the least greater key that could still match, and the walk seeks there: the number of
/// seeks depends on the branches that the topic touches, not on the number of keys.
public final class TrieWalk {
    private static final byte[] MATCH = {};

    private final byte[][] topic;
    private final boolean dollar;

    private TrieWalk(byte[] utf8) {
        this.topic = split(utf8);
        this.dollar = utf8.length > 0 && utf8[0] == '$';
    }

    /// An ordered set of keys, each headed by a filter as [FilterKey] writes it.
    public interface OrderedKeys {
        /// The least key that is `key` or greater, in unsigned byte order; null if there is none.
        byte @Nullable [] ceiling(byte[] key);

        /// The least key greater than `key`, which is the one returned last.
        default byte @Nullable [] higher(byte[] key) {
            return ceiling(Arrays.copyOf(key, key.length + 1));
        }
    }

    /// Hands every key whose filter matches the topic to `sink`, in key order, each once.
    ///
    /// @param topic a valid topic name in UTF-8
    /// @throws IllegalArgumentException if `keys` has a key that no filter heads
    public static void match(OrderedKeys keys, byte[] topic, Consumer<byte[]> sink) {
        TrieWalk walk = new TrieWalk(topic);
        byte[] key = keys.ceiling(new byte[] {END});
        while (key != null) {
            byte[] target = walk.judge(key);
            if (target == null) {
                return;
            }
            if (target.length == 0) {
                sink.accept(key);
                key = keys.higher(key);
            } else {
                key = keys.ceiling(target);
            }
        }
    }

    /// The least key greater than `key` that could match, null if there is none; empty if `key`
    /// matches.
    private byte @Nullable [] judge(byte[] key) {
        int at = 0;
        int plusAt = -1; // the last `+` on the way: the only level where an alternative is left
        for (int depth = 0; ; depth++) {
            boolean more = depth < topic.length;
            boolean wild = depth > 0 || !dollar; // [MQTT-4.7.2-1]
            switch (FilterKey.tag(key, at)) {
                case END -> {
                    if (!more) {
                        return MATCH;
                    }
                    return prefixThen(key, at, wild ? PLUS : LEVEL);
                }
                case PLUS -> {
                    if (!wild) {
                        return concrete(key, at, depth);
                    }
                    if (!more) {
                        return prefixThen(key, at, HASH);
                    }
                    plusAt = at;
                }
                case HASH -> {
                    if (wild) {
                        return MATCH;
                    }
                    return concrete(key, at, depth);
                }
                default -> {
                    int order = more ? compareLevel(key, at, topic[depth]) : 1;
                    if (order < 0) {
                        return concrete(key, at, depth);
                    }
                    if (order > 0) {
                        return plusAt < 0 ? null : prefixThen(key, plusAt, HASH);
                    }
                }
            }
            at = FilterKey.skipLevel(key, at);
        }
    }

    private static int compareLevel(byte[] key, int at, byte[] level) {
        int end = FilterKey.skipLevel(key, at) - 1;
        return Arrays.compareUnsigned(key, at + 1, end, level, 0, level.length);
    }

    private static byte[] prefixThen(byte[] key, int length, byte tag) {
        byte[] target = Arrays.copyOf(key, length + 1);
        target[length] = tag;
        return target;
    }

    private byte[] concrete(byte[] key, int length, int depth) {
        byte[] level = topic[depth];
        byte[] target = Arrays.copyOf(key, length + level.length + 2);
        target[length] = LEVEL;
        System.arraycopy(level, 0, target, length + 1, level.length);
        target[target.length - 1] = 0;
        return target;
    }

    private static byte[][] split(byte[] utf8) {
        int count = 1;
        for (byte b : utf8) {
            if (b == '/') {
                count++;
            }
        }
        byte[][] levels = new byte[count][];
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from;
            while (to < utf8.length && utf8[to] != '/') {
                to++;
            }
            levels[i] = Arrays.copyOfRange(utf8, from, to);
            from = to + 1;
        }
        return levels;
    }
}
