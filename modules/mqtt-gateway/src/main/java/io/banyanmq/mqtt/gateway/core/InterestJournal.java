package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.RouteChange;
import io.banyanmq.cluster.wire.RouteDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A gateway's interest in filters under one epoch, as the numbered source of the route store: who subscribes makes a count, a
/// count that becomes or leaves zero makes a change, changes go out in batches, in order.
///
/// ```
/// visible <= applied <= sent <= last
/// ```
///
/// A change is kept until it is visible. Subscribers wait at the change that last added their filter: when changes
/// become visible, the waiters of exactly those are looked at, so it does not matter how many wait.
final class InterestJournal {
    /// Changes in one batch, at most.
    static final int BATCH_CHANGES_MAX = 4_096;

    private static final int BATCH_CHARS_MAX = 256 << 10;
    private static final int BATCHES_IN_FLIGHT_MAX = 8;
    private static final String SHARE = "$share/";

    private final Epoch epoch;
    private final boolean ackLocally;
    private final Set<AgentRule> off;
    private final Map<String, Interest> interests = new HashMap<>();

    // Changes (visible, last], by number, in a ring.
    private @Nullable String[] filters = new String[1_024];
    private int[] weights = new int[1_024];
    private long[] digests = new long[1_024];
    private int[] waiters = new int[1_024];

    private long last;
    private long sent;
    private long applied;
    private long visible;
    private long digest;

    // Tokens in linked lists: `waiters` holds the first's place plus 1.
    private long[] tokens = new long[256];
    private int[] nextTokens = new int[256];
    private int freeToken;
    private int usedTokens;

    private final Deque<Batch> inFlight = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();

    private static final class Interest {
        int count;
        int weight;
        long lastAdd;
    }

    /// Changes up to `last` are proposed by `request`.
    record Batch(long request, long last, long sentNanos) {}

    /// Changes up to `number` were applied at `index` or before.
    private record Mark(long number, long index) {}

    InterestJournal(Epoch epoch, boolean ackLocally, Set<AgentRule> off) {
        this.epoch = epoch;
        this.ackLocally = ackLocally;
        this.off = off;
    }

    /// One more subscriber; `visibleNow` gets the token at once if it need not wait.
    void add(String filter, long token, LongConsumer visibleNow) {
        Interest interest = interests.computeIfAbsent(filter, _ -> new Interest());
        interest.count++;
        boolean first = interest.count == 1;
        if (first) {
            interest.lastAdd = last + 1;
        }
        update(filter, interest);
        boolean waits = first || !off.contains(AgentRule.SECOND_SUBSCRIBER_WAITS);
        if (ackLocally || !waits || interest.lastAdd <= visible) {
            visibleNow.accept(token);
        } else {
            park(interest.lastAdd, token);
        }
    }

    /// One subscriber less.
    void remove(String filter) {
        Interest interest = interests.get(filter);
        if (interest == null) {
            return;
        }
        interest.count--;
        update(filter, interest);
        if (interest.count == 0) {
            interests.remove(filter);
        }
    }

    private void update(String filter, Interest interest) {
        int weight =
                filter.startsWith(SHARE)
                        ? Integer.highestOneBit(interest.count)
                        : Math.min(interest.count, 1);
        if (weight == interest.weight) {
            return;
        }
        digest += RouteDigest.of(filter, weight) - RouteDigest.of(filter, interest.weight);
        interest.weight = weight;
        last++;
        if (last - visible > filters.length) {
            grow();
        }
        int slot = slot(last);
        filters[slot] = filter;
        weights[slot] = weight;
        digests[slot] = digest;
        waiters[slot] = 0;
    }

    /// The next batch to propose as `request`, or null if nothing waits or enough is under way.
    Command.@Nullable RouteChanges next(long request, long nanos) {
        if (sent == last || inFlight.size() >= BATCHES_IN_FLIGHT_MAX) {
            return null;
        }
        List<RouteChange> changes = new ArrayList<>((int) Math.min(last - sent, BATCH_CHANGES_MAX));
        long first = sent + 1;
        int chars = 0;
        while (sent < last && changes.size() < BATCH_CHANGES_MAX && chars < BATCH_CHARS_MAX) {
            int slot = slot(++sent);
            String filter = filters[slot];
            if (filter == null) {
                throw new IllegalStateException("change " + sent + " is gone");
            }
            chars += filter.length();
            changes.add(new RouteChange(filter, weights[slot]));
        }
        inFlight.addLast(new Batch(request, sent, nanos));
        if (off.contains(AgentRule.CHANGES_ARE_A_LIST)) {
            changes.sort(Comparator.comparingInt(RouteChange::weight).reversed());
        }
        return new Command.RouteChanges(epoch, first, changes, digests[slot(sent)]);
    }

    /// The batch proposed as `request`, or null if it is no longer under way.
    @Nullable Batch batch(long request) {
        for (Batch batch : inFlight) {
            if (batch.request() == request) {
                return batch;
            }
        }
        return null;
    }

    /// When the oldest batch under way was sent; `nanos` if none is.
    long oldestSent(long nanos) {
        return inFlight.isEmpty() ? nanos : inFlight.getFirst().sentNanos();
    }

    /// Forgets what is under way: all that is not known to be applied is to be sent again.
    void rewind() {
        inFlight.clear();
        sent = applied;
    }

    /// The store wants `number` next. False if that was never made.
    boolean wanted(long number) {
        if (number > last) {
            return false;
        }
        inFlight.clear();
        sent = Math.max(applied, number - 1);
        return true;
    }

    /// The log has applied changes up to `number` at `index`, or before.
    void applied(long number, long index) {
        if (number <= applied || number > last) {
            return;
        }
        applied = number;
        sent = Math.max(sent, number);
        while (!inFlight.isEmpty() && inFlight.getFirst().last() <= number) {
            inFlight.removeFirst();
        }
        long atIndex = marks.isEmpty() ? index : Math.max(index, marks.getLast().index());
        if (!marks.isEmpty() && marks.getLast().index() == atIndex) {
            marks.removeLast();
        }
        marks.addLast(new Mark(number, atIndex));
    }

    /// The digest that the store must have after change `number`; `theirs` if that is too long ago to know.
    long digestAfter(long number, long theirs) {
        return number > visible && number <= last ? digests[slot(number)] : theirs;
    }

    /// The index that has to become visible next for nobody to wait any more; 0 if nobody does.
    long awaited() {
        return marks.isEmpty() ? 0 : marks.getLast().index();
    }

    /// `visible(index)` holds: hands on the tokens that waited for it.
    void visible(long index, LongConsumer now) {
        while (!marks.isEmpty() && marks.getFirst().index() <= index) {
            long upTo = marks.removeFirst().number();
            while (visible < upTo) {
                visible++;
                int slot = slot(visible);
                filters[slot] = null;
                release(waiters[slot], now);
                waiters[slot] = 0;
            }
        }
    }

    /// Changes that are not visible yet.
    long pending() {
        return last - visible;
    }

    long lastNumber() {
        return last;
    }

    private void park(long number, long token) {
        int place;
        if (freeToken > 0) {
            place = freeToken;
            freeToken = nextTokens[place - 1];
        } else {
            if (usedTokens == tokens.length) {
                tokens = Arrays.copyOf(tokens, usedTokens * 2);
                nextTokens = Arrays.copyOf(nextTokens, usedTokens * 2);
            }
            place = ++usedTokens;
        }
        int slot = slot(number);
        tokens[place - 1] = token;
        nextTokens[place - 1] = waiters[slot];
        waiters[slot] = place;
    }

    private void release(int first, LongConsumer now) {
        int place = first;
        while (place > 0) {
            int next = nextTokens[place - 1];
            now.accept(tokens[place - 1]);
            nextTokens[place - 1] = freeToken;
            freeToken = place;
            place = next;
        }
    }

    private int slot(long number) {
        return (int) number & (filters.length - 1);
    }

    private void grow() {
        int before = filters.length;
        int after = before * 2;
        @Nullable String[] f = new String[after];
        int[] w = new int[after];
        long[] d = new long[after];
        int[] t = new int[after];
        for (long n = visible + 1; n < last; n++) {
            int from = (int) n & (before - 1);
            int to = (int) n & (after - 1);
            f[to] = filters[from];
            w[to] = weights[from];
            d[to] = digests[from];
            t[to] = waiters[from];
        }
        filters = f;
        weights = w;
        digests = d;
        waiters = t;
    }
}
