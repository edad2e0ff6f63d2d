package io.banyanmq.mqtt.gateway.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Many coarse timers of one loop at the price of two references each. Time is counted in ticks of [#TICK_MILLIS];
/// a timer runs in the tick it is due in, or later if the loop was late.
///
/// Arming and disarming are O(1). A timer due beyond one turn of the wheel is passed over once a turn.
final class TimerWheel {
    /// Length of a tick.
    static final int TICK_MILLIS = 250;

    private static final int SLOTS = 1_024;

    private static final long IDLE = 0;
    private static final long FIRING = -1;

    private final Timer[] heads = new Timer[SLOTS];
    private long now;

    TimerWheel() {
        for (int i = 0; i < SLOTS; i++) {
            Timer head = new Timer.Head();
            head.previous = head;
            head.next = head;
            heads[i] = head;
        }
    }

    /// Ticks from the beginning.
    long now() {
        return now;
    }

    /// At least this many milliseconds as ticks.
    static long ticks(long millis) {
        return (millis + TICK_MILLIS - 1) / TICK_MILLIS + 1;
    }

    /// Arms a timer, which may be armed already.
    void arm(Timer timer, long dueTick) {
        disarm(timer);
        timer.due = Math.max(dueTick, now + 1);
        Timer head = heads[(int) (timer.due & (SLOTS - 1))];
        timer.next = head;
        timer.previous = head.previous;
        link(head.previous).next = timer;
        head.previous = timer;
    }

    /// Disarms a timer, which may be idle.
    void disarm(Timer timer) {
        if (timer.next != null) {
            link(timer.next).previous = timer.previous;
            link(timer.previous).next = timer.next;
            timer.next = null;
            timer.previous = null;
        }
        timer.due = IDLE;
    }

    /// Goes on to a tick, and runs all that is due by then.
    void advanceTo(long tick) {
        while (now < tick) {
            now++;
            run(heads[(int) (now & (SLOTS - 1))]);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a timer is itself and nothing else
    private void run(Timer head) {
        List<Timer> due = new ArrayList<>();
        for (Timer timer = link(head.next); timer != head; ) {
            Timer next = link(timer.next);
            if (timer.due <= now) {
                disarm(timer);
                timer.due = FIRING;
                due.add(timer);
            }
            timer = next;
        }
        for (Timer timer : due) {
            // One that ran before may have disarmed or armed this one.
            if (timer.due == FIRING) {
                timer.due = IDLE;
                timer.expire();
            }
        }
    }

    private static Timer link(@Nullable Timer timer) {
        if (timer == null) {
            throw new IllegalStateException("timer is not armed");
        }
        return timer;
    }

    /// Something that happens later. A timer is of one wheel.
    abstract static class Timer {
        private @Nullable Timer previous;
        private @Nullable Timer next;
        private long due;

        /// Runs once; may arm any timer again, this one too.
        abstract void expire();

        private static final class Head extends Timer {
            @Override
            void expire() {
                throw new IllegalStateException("the head of a slot is no timer");
            }
        }
    }
}
