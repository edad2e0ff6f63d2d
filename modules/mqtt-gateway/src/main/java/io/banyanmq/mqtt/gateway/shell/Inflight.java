package io.banyanmq.mqtt.gateway.shell;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The outgoing QoS 1 and 2 messages that a client has not settled yet: at most its window of them, each under a packet
/// identifier of its own. MQTT 5 §4.3, §4.9.
final class Inflight {
    private static final byte FREE = 0;
    private static final byte AWAITS_PUBACK = 1;
    private static final byte AWAITS_PUBREC = 2;
    private static final byte AWAITS_PUBCOMP = 3;

    private static final int CAPACITY_INITIAL = 16;
    private static final int CAPACITY_MAX = 1 << 16;

    /// What came of an acknowledgement.
    enum Outcome {
        /// Its message took the next step, or had taken it before.
        DONE,
        /// No message has its packet identifier.
        UNKNOWN,
        /// The message with its packet identifier awaits another packet: the client breaks the protocol.
        OUT_OF_ORDER
    }

    private final int windowMax;
    private int used;
    private int last;

    /// At most half full below [#CAPACITY_MAX]; identifier i is at `i & mask` and nowhere else.
    private byte[] states = {};

    private char[] ids = {};

    /// What was sent under an identifier, kept only for shared subscriptions.
    private @Nullable HeldMessage @Nullable [] held;

    Inflight(int windowMax) {
        this.windowMax = windowMax;
    }

    /// Takes a place in the window.
    ///
    /// @param qos 1 or 2
    /// @return a packet identifier, 1..65,535; 0 if the window is full
    int take(int qos) {
        if (used == windowMax) {
            return 0;
        }
        if (2 * used >= states.length && states.length < CAPACITY_MAX) {
            grow();
        }
        int mask = states.length - 1;
        int id = last;
        do {
            id = id == 0xFFFF ? 1 : id + 1;
        } while (states[id & mask] != FREE);
        last = id;
        used++;
        states[id & mask] = (byte) qos;
        ids[id & mask] = (char) id;
        return id;
    }

    private void grow() {
        int capacity = Math.max(CAPACITY_INITIAL, 2 * states.length);
        byte[] oldStates = states;
        char[] oldIds = ids;
        @Nullable HeldMessage @Nullable [] oldHeld = held;
        states = new byte[capacity];
        ids = new char[capacity];
        held = oldHeld == null ? null : new @Nullable HeldMessage[capacity];
        for (int i = 0; i < oldStates.length; i++) {
            if (oldStates[i] != FREE) {
                int slot = oldIds[i] & (capacity - 1);
                states[slot] = oldStates[i];
                ids[slot] = oldIds[i];
                if (held != null && oldHeld != null) {
                    held[slot] = oldHeld[i];
                }
            }
        }
    }

    /// Keeps what is sent under an identifier until it is settled.
    void hold(int id, HeldMessage message) {
        if (held == null) {
            held = new @Nullable HeldMessage[states.length];
        }
        held[id & (states.length - 1)] = message;
    }

    /// PUBACK came; it settles a message of QoS 1.
    Outcome puback(int id) {
        return settle(id, AWAITS_PUBACK);
    }

    /// PUBREC came. It is done, too, if it repeats one that was awaited: PUBREL is the answer to both.
    ///
    /// @param refused with a reason code of 0x80 or above: nothing follows, the identifier is free
    ///     [MQTT-4.3.3-4]
    Outcome pubrec(int id, boolean refused) {
        int slot = slot(id);
        if (slot < 0) {
            return Outcome.UNKNOWN;
        }
        if (states[slot] == AWAITS_PUBACK) {
            return Outcome.OUT_OF_ORDER;
        }
        if (states[slot] == AWAITS_PUBREC) {
            drop(slot);
            states[slot] = AWAITS_PUBCOMP;
            if (refused) {
                free(slot);
            }
        }
        return Outcome.DONE;
    }

    /// PUBCOMP came; it settles a message of QoS 2.
    Outcome pubcomp(int id) {
        return settle(id, AWAITS_PUBCOMP);
    }

    private Outcome settle(int id, byte state) {
        int slot = slot(id);
        if (slot < 0) {
            return Outcome.UNKNOWN;
        }
        if (states[slot] != state) {
            return Outcome.OUT_OF_ORDER;
        }
        drop(slot);
        free(slot);
        return Outcome.DONE;
    }

    private int slot(int id) {
        int slot = id & (states.length - 1);
        return states.length > 0 && states[slot] != FREE && ids[slot] == id ? slot : -1;
    }

    private void free(int slot) {
        states[slot] = FREE;
        used--;
    }

    private void drop(int slot) {
        if (held != null) {
            HeldMessage message = held[slot];
            if (message != null) {
                message.release();
                held[slot] = null;
            }
        }
    }

    /// Messages that are not settled.
    int size() {
        return used;
    }

    boolean isFull() {
        return used == windowMax;
    }

    /// Gives up everything, and hands what was held to `action` with the QoS it was sent at; who takes it, releases it.
    void clear(BiConsumer<HeldMessage, Integer> action) {
        @Nullable HeldMessage @Nullable [] messages = held;
        if (messages != null) {
            for (int i = 0; i < messages.length; i++) {
                HeldMessage message = messages[i];
                if (message != null) {
                    action.accept(message, (int) states[i]);
                }
            }
        }
        held = null;
        Arrays.fill(states, FREE);
        used = 0;
    }
}
