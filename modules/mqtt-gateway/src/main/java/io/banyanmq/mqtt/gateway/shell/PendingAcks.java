package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.ReasonCode;

/// The publishes of one client that peers have not taken yet, or that stand behind such: PUBACK and PUBREC go out in the order
/// of the PUBLISHes [MQTT-4.6.0-2], [MQTT-4.6.0-3]. Bounded by the client's receive maximum.
final class PendingAcks {
    private static final int CAPACITY_INITIAL = 16;
    private static final int[] NONE = {};

    /// Packet identifier, QoS above it, reason code above that; entry s is at `s & mask`.
    private int[] what = NONE;

    /// How many peers have to take it yet.
    private int[] awaited = NONE;

    private int head;
    private int tail;

    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
    }

    /// Appends a publish that waits for its caller alone, until [#taken] is called for it.
    ///
    /// @return its number here
    int add(int packetId, int qos, ReasonCode code) {
        if (size() == what.length) {
            grow();
        }
        int slot = tail & (what.length - 1);
        what[slot] = packetId | qos << 16 | code.value() << 18;
        awaited[slot] = 1;
        return tail++;
    }

    private void grow() {
        int capacity = Math.max(CAPACITY_INITIAL, what.length * 2);
        int[] newWhat = new int[capacity];
        int[] newAwaited = new int[capacity];
        for (int i = head; i != tail; i++) {
            newWhat[i & (capacity - 1)] = what[i & (what.length - 1)];
            newAwaited[i & (capacity - 1)] = awaited[i & (what.length - 1)];
        }
        what = newWhat;
        awaited = newAwaited;
    }

    /// One more has to take it.
    void await(int number) {
        awaited[number & (what.length - 1)]++;
    }

    /// One has taken it.
    void taken(int number) {
        awaited[number & (what.length - 1)]--;
    }

    /// Whether the oldest can be acknowledged.
    boolean isHeadTaken() {
        return head != tail && awaited[head & (what.length - 1)] == 0;
    }

    int headPacketId() {
        return what[head & (what.length - 1)] & 0xFFFF;
    }

    int headQos() {
        return what[head & (what.length - 1)] >> 16 & 0x03;
    }

    ReasonCode headCode() {
        return ReasonCode.of(what[head & (what.length - 1)] >> 18).orElseThrow();
    }

    void removeHead() {
        head++;
    }
}
