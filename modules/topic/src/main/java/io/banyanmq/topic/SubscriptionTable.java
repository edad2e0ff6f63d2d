package io.banyanmq.topic;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An exact table from topic filters to subscribers: a trie by levels.
///
/// Any thread may change it, one at a time under a lock of its own; readers take no lock and never
/// wait. A reader sees every subscription whose [#add] returned before it began and that is not
/// removed before it ends. A match looks at no more nodes than the filters that lead along the
/// topic have made.
///
/// Whoever keeps the result of a match reads [#version] *before* matching, and matches again when
/// it has changed.
///
/// @param <S> a subscriber, known by identity: typically one subscription with its options
public final class SubscriptionTable<S> {
    private final LevelHash levelHash;
    private final ReentrantLock writing = new ReentrantLock();
    private final TrieNode<S> root = new TrieNode<>();
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong filters = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();

    /// What [#remove] found.
    public enum Removal {
        /// It was the filter's last subscriber: the filter is gone.
        LAST,
        /// Others still subscribe to the filter.
        OTHERS_REMAIN,
        /// The subscriber was not there; nothing has changed.
        ABSENT
    }

    /// @param levelHash the keyed hash of levels; the [TopicLevels] to be matched share it
    public SubscriptionTable(LevelHash levelHash) {
        this.levelHash = levelHash;
    }

    /// Adds a subscriber to a filter; true if it is the filter's first. The same subscriber may not
    /// be added twice to a filter: nobody looks, for looking would make n subscribers cost n².
    public boolean add(TopicFilter filter, S subscriber) {
        writing.lock();
        try {
            TrieNode<S> node = path(filter);
            Subscribers<S> subscribers = subscribersAt(node, filter);
            boolean first = subscribers == null;
            if (subscribers == null) {
                subscribers = new Subscribers<>(groupHash(filter), filter);
                subscribers.add(subscriber);
                node.subscribers = SlotSet.with(node.subscribers, subscribers);
                filters.setRelease(filters.getPlain() + 1);
            } else {
                subscribers.add(subscriber);
            }
            subscriptions.setRelease(subscriptions.getPlain() + 1);
            changed();
            return first;
        } finally {
            writing.unlock();
        }
    }

    /// Removes a subscriber from a filter.
    public Removal remove(TopicFilter filter, S subscriber) {
        writing.lock();
        try {
            Deque<TrieNode<S>> path = new ArrayDeque<>();
            TrieNode<S> node = find(filter, path);
            Subscribers<S> subscribers = node == null ? null : subscribersAt(node, filter);
            if (node == null || subscribers == null || !subscribers.remove(subscriber)) {
                return Removal.ABSENT;
            }
            subscriptions.setRelease(subscriptions.getPlain() - 1);
            boolean last = subscribers.size() == 0;
            if (last) {
                node.subscribers = SlotSet.without(node.subscribers, subscribers);
                filters.setRelease(filters.getPlain() - 1);
                prune(path);
            }
            changed();
            return last ? Removal.LAST : Removal.OTHERS_REMAIN;
        } finally {
            writing.unlock();
        }
    }

    /// Puts `successor` in the place of `old`, so that no reader finds neither or both; false, and
    /// nothing changed, if `old` is not there.
    public boolean replace(TopicFilter filter, S old, S successor) {
        writing.lock();
        try {
            Subscribers<S> subscribers = find(filter);
            boolean replaced = subscribers != null && subscribers.replace(old, successor);
            if (replaced) {
                changed();
            }
            return replaced;
        } finally {
            writing.unlock();
        }
    }

    /// Hands the subscribers of every filter that matches to `visitor`, each filter once, in no
    /// order. Allocates nothing.
    ///
    /// @throws IllegalArgumentException if `topic` was made with another hash
    public void match(TopicLevels topic, Consumer<? super Subscribers<S>> visitor) {
        topic.checkHash(levelHash);
        topic.clearStack();
        TrieNode<S> node = root;
        int depth = 0;
        while (node != null) {
            boolean wild = topic.wildAt(depth);
            TrieNode<S> rest = node.rest;
            if (rest != null && wild) {
                visit(rest, visitor);
            }
            TrieNode<S> next = null;
            if (depth == topic.count()) {
                visit(node, visitor);
            } else {
                TrieNode<S> plus = node.plus;
                if (plus != null && wild) {
                    topic.push(plus, depth + 1, 0);
                }
                int hash = (int) topic.hash(depth);
                next = node.child(hash, topic.utf8(), topic.from(depth), topic.to(depth));
                depth++;
            }
            if (next == null) {
                next = node(topic.pop());
                depth = topic.poppedDepth();
            }
            node = next;
        }
    }

    /// The subscribers of exactly this filter; null if there are none.
    public @Nullable Subscribers<S> find(TopicFilter filter) {
        TrieNode<S> node = find(filter, null);
        return node == null ? null : subscribersAt(node, filter);
    }

    /// Hands the subscribers of every filter to `visitor`, in no order; for lists and audits. What
    /// changes meanwhile may be missed or seen.
    public void forEach(Consumer<? super Subscribers<S>> visitor) {
        forEachNode(node -> visit(node, visitor));
    }

    /// How many nodes the trie has.
    long nodes() {
        AtomicLong nodes = new AtomicLong();
        forEachNode(node -> nodes.incrementAndGet());
        return nodes.get();
    }

    private void forEachNode(Consumer<TrieNode<S>> visitor) {
        Deque<TrieNode<S>> todo = new ArrayDeque<>();
        todo.push(root);
        while (!todo.isEmpty()) {
            TrieNode<S> node = todo.pop();
            visitor.accept(node);
            TrieNode<S> rest = node.rest;
            if (rest != null) {
                todo.push(rest);
            }
            TrieNode<S> plus = node.plus;
            if (plus != null) {
                todo.push(plus);
            }
            SlotSet.<TrieNode<S>>forEach(node.children, todo::push);
        }
    }

    /// Differs after every change from what it was before.
    public long version() {
        return version.get();
    }

    /// How many filters have subscribers.
    public long filters() {
        return filters.get();
    }

    /// How many subscribers there are, counted once a filter.
    public long subscriptions() {
        return subscriptions.get();
    }

    /// After the change is visible, so that a result kept under the new version has it.
    private void changed() {
        version.setRelease(version.getPlain() + 1);
    }

    /// The node of a filter, made if it is missing.
    private TrieNode<S> path(TopicFilter filter) {
        byte[] utf8 = filter.utf8();
        TrieNode<S> node = root;
        for (int from = filter.start(), to; from <= utf8.length; from = to + 1) {
            to = levelEnd(utf8, from);
            TrieNode<S> next = step(node, utf8, from, to);
            if (next == null) {
                next = attach(node, utf8, from, to);
            }
            node = next;
        }
        return node;
    }

    private @Nullable TrieNode<S> find(TopicFilter filter, @Nullable Deque<TrieNode<S>> path) {
        byte[] utf8 = filter.utf8();
        TrieNode<S> node = root;
        for (int from = filter.start(), to; node != null && from <= utf8.length; from = to + 1) {
            if (path != null) {
                path.push(node);
            }
            to = levelEnd(utf8, from);
            node = step(node, utf8, from, to);
        }
        if (path != null && node != null) {
            path.push(node);
        }
        return node;
    }

    private @Nullable TrieNode<S> step(TrieNode<S> node, byte[] utf8, int from, int to) {
        if (isLevel(utf8, from, to, '+')) {
            return node.plus;
        }
        if (isLevel(utf8, from, to, '#')) {
            return node.rest;
        }
        return node.child((int) levelHash.hash(utf8, from, to), utf8, from, to);
    }

    private TrieNode<S> attach(TrieNode<S> node, byte[] utf8, int from, int to) {
        TrieNode<S> next;
        if (isLevel(utf8, from, to, '+')) {
            next = new TrieNode<>();
            node.plus = next;
        } else if (isLevel(utf8, from, to, '#')) {
            next = new TrieNode<>();
            node.rest = next;
        } else {
            byte[] level = Arrays.copyOfRange(utf8, from, to);
            next = new TrieNode<>((int) levelHash.hash(utf8, from, to), level);
            node.children = SlotSet.with(node.children, next);
        }
        return next;
    }

    /// Takes away the nodes that nothing needs any more, from the leaf up.
    private static <S> void prune(Deque<TrieNode<S>> path) {
        TrieNode<S> node = path.pop();
        while (!path.isEmpty() && node.isEmpty()) {
            TrieNode<S> parent = path.pop();
            if (parent.plus == node) {
                parent.plus = null;
            } else if (parent.rest == node) {
                parent.rest = null;
            } else {
                parent.children = SlotSet.without(parent.children, node);
            }
            node = parent;
        }
    }

    private static <S> void visit(TrieNode<S> node, Consumer<? super Subscribers<S>> visitor) {
        SlotSet.forEach(node.subscribers, visitor);
    }

    private @Nullable Subscribers<S> subscribersAt(TrieNode<S> node, TopicFilter filter) {
        int from = filter.isShared() ? TopicRules.groupStart() : 0;
        int to = filter.isShared() ? filter.start() - 1 : 0;
        Slot slot = SlotSet.find(node.subscribers, groupHash(filter), filter.utf8(), from, to);
        return slot == null ? null : subscribersOf(slot);
    }

    private int groupHash(TopicFilter filter) {
        return filter.isShared()
                ? (int) levelHash.hash(filter.utf8(), TopicRules.groupStart(), filter.start() - 1)
                : 0;
    }

    @SuppressWarnings("unchecked") // the stack holds what match pushed
    private static <S> @Nullable TrieNode<S> node(@Nullable Object popped) {
        return (TrieNode<S>) popped;
    }

    @SuppressWarnings("unchecked") // the subscribers at a node of this table
    private Subscribers<S> subscribersOf(Slot slot) {
        return (Subscribers<S>) slot;
    }

    private static boolean isLevel(byte[] utf8, int from, int to, char wildcard) {
        return to - from == 1 && utf8[from] == wildcard;
    }

    private static int levelEnd(byte[] utf8, int from) {
        int to = from;
        while (to < utf8.length && utf8[to] != '/') {
            to++;
        }
        return to;
    }
}
