package io.banyanmq.topic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A prefix of filters in a [SubscriptionTable]: readers may follow any reference at any time.
final class TrieNode<S> extends Slot {
    private static final byte[] NAMELESS = {};

    private final byte[] level;

    /// The concrete next levels.
    volatile @Nullable Slot children;

    /// The next level `+`.
    volatile @Nullable TrieNode<S> plus;

    /// The next level `#`; it has subscribers and no levels after it.
    volatile @Nullable TrieNode<S> rest;

    /// The subscribers of filters that end here: one for the plain filter, one for each share name.
    volatile @Nullable Slot subscribers;

    /// A node for `+`, `#` or the root.
    TrieNode() {
        this(0, NAMELESS);
    }

    TrieNode(int hash, byte[] level) {
        super(hash);
        this.level = level;
    }

    @SuppressWarnings("unchecked") // children are nodes of this table
    @Nullable TrieNode<S> child(int hash, byte[] utf8, int from, int to) {
        return (TrieNode<S>) SlotSet.find(children, hash, utf8, from, to);
    }

    boolean isEmpty() {
        return subscribers == null && children == null && plus == null && rest == null;
    }

    @Override
    boolean isNamed(byte[] utf8, int from, int to) {
        return Arrays.equals(level, 0, level.length, utf8, from, to);
    }
}
