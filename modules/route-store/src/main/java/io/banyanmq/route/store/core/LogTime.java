package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Command;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;

/// Time as the log counts it, and which index the newest tick of some time ago had.
final class LogTime {
    private static final int FORMAT = 1;

    private long millis;
    private long wallClockMillis;
    private long term;
    private long number;
    private final Deque<Mark> marks = new ArrayDeque<>();

    /// At `millis` of log time the newest tick was at `index`.
    private record Mark(long millis, long index) {}

    /// Lets the time of a tick pass; returns the milliseconds that counted.
    int pass(long entryTerm, long index, Command.Tick tick, Set<StoreRule> off) {
        boolean otherTerm = tick.term() != entryTerm && !off.contains(StoreRule.TICK_HAS_TERM);
        boolean repeat =
                tick.term() == term
                        && tick.number() <= number
                        && !off.contains(StoreRule.TICK_IS_NUMBERED);
        int counted = otherTerm || repeat ? 0 : Math.max(0, tick.elapsedMillis());
        if (!off.contains(StoreRule.ELAPSED_IS_CAPPED)) {
            counted = Math.min(counted, TickPlanner.ELAPSED_MILLIS_MAX);
        }
        if (!otherTerm && !repeat) {
            term = tick.term();
            number = tick.number();
        }
        millis += counted;
        wallClockMillis = Math.max(wallClockMillis, tick.wallClockMillis());
        Mark last = marks.peekLast();
        if (last != null && last.millis() == millis) {
            marks.removeLast();
        }
        marks.addLast(new Mark(millis, index));
        return counted;
    }

    /// The index of the newest tick that is at least `agoMillis` old; 0 if none is known.
    long indexAgo(long agoMillis) {
        Iterator<Mark> newestFirst = marks.descendingIterator();
        while (newestFirst.hasNext()) {
            Mark mark = newestFirst.next();
            if (millis - mark.millis() >= agoMillis) {
                return mark.index();
            }
        }
        return 0;
    }

    /// Forgets what [#indexAgo] of `agoMillisMax` and less does not need.
    void forget(long agoMillisMax) {
        while (marks.size() > 1) {
            Mark oldest = marks.removeFirst();
            Mark next = marks.getFirst();
            if (millis - next.millis() < agoMillisMax) {
                marks.addFirst(oldest);
                return;
            }
        }
    }

    long millis() {
        return millis;
    }

    long wallClockMillis() {
        return wallClockMillis;
    }

    byte[] row() {
        Fields.Writer row =
                Fields.Writer.row(FORMAT)
                        .number(millis)
                        .number(wallClockMillis)
                        .number(term)
                        .number(number)
                        .number(marks.size());
        for (Mark mark : marks) {
            row.number(mark.millis()).number(mark.index());
        }
        return row.done();
    }

    static LogTime of(byte[] row) {
        Fields.Reader in = Fields.Reader.row("meta/time", FORMAT, row);
        LogTime time = new LogTime();
        time.millis = in.number();
        time.wallClockMillis = in.number();
        time.term = in.number();
        time.number = in.number();
        for (int i = in.count(); i > 0; i--) {
            time.marks.addLast(new Mark(in.number(), in.number()));
        }
        return time;
    }
}
