package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.DecoderLimits;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketDecoder;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.PublishFrame;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.Sender;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.core.ClientTerms;
import io.banyanmq.mqtt.gateway.core.WillRules;
import io.banyanmq.mqtt.gateway.core.WillRules.Fate;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;

/// The wills of one loop's clients: published when due, and when the gateway has its lease.
final class Wills {
    private static final int PACKET_ID_UNUSED = 1;

    private final Lane lane;

    /// Wills that wait for their delay, of all loops.
    private final ConcurrentMap<String, Delayed> delayed;

    /// Wills that are due and wait for the lease.
    private List<Packet.Will> due = new ArrayList<>();

    private final Message message;
    private final PublishFrame frame = new PublishFrame();
    private final PacketDecoder decoder =
            new PacketDecoder(MqttVersion.V5, Sender.CLIENT, DecoderLimits.DEFAULT);

    Wills(Lane lane, ConcurrentMap<String, Delayed> delayed) {
        this.lane = lane;
        this.delayed = delayed;
        message = new Message(lane.allocator);
    }

    /// A connection has ended.
    void carryOut(String clientId, Fate fate) {
        switch (fate) {
            case Fate.Discarded() -> {}
            case Fate.Now(Packet.Will will) -> publish(will);
            case Fate.Later(Packet.Will will, long seconds) -> delay(clientId, will, seconds);
        }
    }

    private void delay(String clientId, Packet.Will will, long seconds) {
        Delayed later = new Delayed(this, clientId, will);
        Delayed before = delayed.put(clientId, later);
        if (before != null) {
            before.publishOnItsLoop();
        }
        lane.wheel.arm(later, lane.wheel.now() + TimerWheel.ticks(seconds * 1_000));
    }

    /// A client has connected: its delayed will is cancelled, or published as its session has ended.
    void connected(ClientTerms terms) {
        Delayed will = delayed.isEmpty() ? null : delayed.remove(terms.clientId());
        if (will != null && !WillRules.cancelledBy(terms)) {
            will.publishOnItsLoop();
        }
    }

    /// The lease may be back.
    void retry() {
        if (!due.isEmpty() && lane.mayAcknowledge()) {
            List<Packet.Will> now = due;
            due = new ArrayList<>();
            now.forEach(this::publish);
        }
    }

    private void publish(Packet.Will will) {
        if (!lane.mayAcknowledge()) {
            due.add(will);
            return;
        }
        lane.counters.increment(Counter.WILLS_PUBLISHED);
        Packet.Publish publish =
                new Packet.Publish(
                        false,
                        will.qos(),
                        will.retain(),
                        will.topic(),
                        will.qos() == Qos.AT_MOST_ONCE ? 0 : PACKET_ID_UNUSED,
                        will.properties().without(Property.WILL_DELAY_INTERVAL),
                        will.payload());
        ByteBuf buffer = lane.allocator.directBuffer();
        try {
            Lane.encoder(MqttVersion.V5).encode(publish, buffer);
            decoder.publish(buffer, 0, buffer.writerIndex(), frame);
            send();
        } catch (MalformedPacketException e) {
            throw new IllegalStateException("a will that was accepted is not well-formed", e);
        } finally {
            buffer.release();
        }
    }

    private void send() {
        Receivers receivers =
                lane.matcher.find(frame.buffer(), frame.topicIndex(), frame.topicLength());
        if (receivers.refusal != null) {
            return;
        }
        message.set(frame, MqttVersion.V5, receivers, System.nanoTime());
        lane.deliver(message, receivers, null);
        if (!receivers.isPlain()) {
            lane.forwarding.route(message, receivers, null, Forwarding.NOBODY_WAITS);
        }
        message.done();
    }

    void close() {
        message.release();
    }

    /// A will that waits for its delay.
    static final class Delayed extends TimerWheel.Timer {
        private final Wills wills;
        private final String clientId;
        private final Packet.Will will;

        Delayed(Wills wills, String clientId, Packet.Will will) {
            this.wills = wills;
            this.clientId = clientId;
            this.will = will;
        }

        @Override
        void expire() {
            if (wills.delayed.remove(clientId, this)) {
                wills.publish(will);
            }
        }

        /// Does not wait for the delay; it must have been taken from the map.
        void publishOnItsLoop() {
            wills.lane.run(() -> wills.publish(will));
        }
    }
}
