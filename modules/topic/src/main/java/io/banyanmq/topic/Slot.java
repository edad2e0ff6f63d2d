package io.banyanmq.topic;

/// Something with a name in a [SlotSet], or the set itself in its holder's place.
abstract sealed class Slot permits SlotSet, Subscribers, TrieNode {
    final int hash;

    Slot(int hash) {
        this.hash = hash;
    }

    abstract boolean isNamed(byte[] utf8, int from, int to);
}
