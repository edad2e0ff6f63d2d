package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.PublishFrame;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a PUBLISH from a client of this loop to everybody who wants it. One a loop.
///
/// In the usual case (known topic, same protocol and QoS, small payload) nothing is allocated, decoded or encoded: the frame is
/// checked where it lies and copied to each receiver.
final class Publishing {
    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private static final Counter[] RECEIVED = {
        Counter.PUBLISH_RECEIVED_QOS0, Counter.PUBLISH_RECEIVED_QOS1, Counter.PUBLISH_RECEIVED_QOS2
    };

    private final Lane lane;
    private final PublishFrame frame = new PublishFrame();
    private final Message message;

    Publishing(Lane lane) {
        this.lane = lane;
        message = new Message(lane.allocator);
    }

    /// Takes a PUBLISH in.
    ///
    /// @param in holds the frame, `length` bytes from `index`
    void publish(Connection client, ByteBuf in, int index, int length)
            throws MalformedPacketException {
        PublishFrame from = frame;
        client.decoder().publish(in, index, length, from);
        int qos = from.qos();
        lane.counters.increment(RECEIVED[qos]);
        lane.counters.add(Counter.PUBLISH_BYTES_RECEIVED, length);
        Farewell fault = fault(client, from);
        if (fault != null) {
            client.disconnect(fault);
            return;
        }
        Publisher publisher = client.publisher;
        Receivers receivers = receivers(client, publisher, from);
        if (receivers == null) {
            return;
        }
        if (receivers.refusal != null) {
            refuse(client, from, receivers.refusal);
            return;
        }
        if (qos == 2 && !publisher.begin(from.packetId())) {
            settle(client, from.packetId(), qos, ReasonCode.SUCCESS); // a repeat [MQTT-4.3.3-10]
            return;
        }
        if (qos == 2) {
            publisher.received();
        }
        long now = from.messageExpiryIndex() < 0 ? 0 : System.nanoTime();
        message.set(from, client.version(), receivers, now);
        send(client, from, receivers);
    }

    private void send(Connection client, PublishFrame from, Receivers receivers) {
        int qos = from.qos();
        lane.deliver(message, receivers, client);
        if (receivers.isPlain()) {
            ReasonCode code = ReasonCode.SUCCESS;
            if (receivers.targetCount == 0) {
                lane.counters.increment(Counter.UNMATCHED);
                code = ReasonCode.NO_MATCHING_SUBSCRIBERS;
            }
            if (qos > 0) {
                settle(client, from.packetId(), qos, code);
            }
        } else if (qos == 0) {
            lane.forwarding.route(message, receivers, client, Forwarding.NOBODY_WAITS);
        } else {
            int entry = client.publisher.pending.add(from.packetId(), qos, ReasonCode.SUCCESS);
            if (qos == 1) {
                client.publisher.received();
            }
            lane.forwarding.route(message, receivers, client, entry);
            client.peerTook(entry);
        }
        message.done();
    }

    /// Acknowledges a PUBLISH that nobody has to take yet, when its turn has come.
    private static void settle(Connection client, int packetId, int qos, ReasonCode code) {
        PendingAcks pending = client.publisher.pending;
        if (pending.isEmpty()) {
            client.outbox().acknowledge(acknowledgement(qos), packetId, code);
        } else {
            if (qos == 1) {
                client.publisher.received();
            }
            pending.taken(pending.add(packetId, qos, code));
        }
    }

    /// Acknowledges what stands at the head of a client's publishes and was taken.
    static void acknowledgeTaken(Connection client) {
        PendingAcks pending = client.publisher.pending;
        while (pending.isHeadTaken()) {
            int qos = pending.headQos();
            client.outbox()
                    .acknowledge(acknowledgement(qos), pending.headPacketId(), pending.headCode());
            if (qos == 1) {
                client.publisher.settled();
            }
            pending.removeHead();
        }
    }

    private static PacketType acknowledgement(int qos) {
        return qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
    }

    /// What a well-formed PUBLISH may break.
    private @Nullable Farewell fault(Connection client, PublishFrame from) {
        if (client.version() == MqttVersion.V5) {
            if (from.qos() > 0 && client.publisher.isFull(lane.limits.receiveMaximum())) {
                return new Farewell(
                        ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                        "PUBLISH: more than "
                                + lane.limits.receiveMaximum()
                                + " are not acknowledged [MQTT-3.3.4-7]");
            }
            if (from.retain()) {
                return new Farewell(
                        ReasonCode.RETAIN_NOT_SUPPORTED,
                        "PUBLISH: retained, which is not available [MQTT-3.2.2-14]");
            }
            if (from.topicAlias() > lane.limits.topicAliasMaximum()) {
                return new Farewell(
                        ReasonCode.TOPIC_ALIAS_INVALID,
                        "PUBLISH: topic alias "
                                + from.topicAlias()
                                + ", at most "
                                + lane.limits.topicAliasMaximum()
                                + " [MQTT-3.2.2-17]");
            }
        } else if (from.retain() && client.publisher.warnOfRetain()) {
            LOG.atInfo()
                    .addKeyValue("client", client.clientId())
                    .log("retained messages are delivered but not kept yet");
        }
        return null;
    }

    private @Nullable Receivers receivers(
            Connection client, Publisher publisher, PublishFrame from) {
        int alias = from.topicAlias();
        if (from.topicLength() == 0) {
            return aliased(client, publisher, alias);
        }
        Receivers last = publisher.lastReceivers;
        if (last == null
                || !last.isOf(from.buffer(), from.topicIndex(), from.topicLength())
                || !lane.matcher.isCurrent(last)) {
            last = lane.matcher.find(from.buffer(), from.topicIndex(), from.topicLength());
            publisher.lastReceivers = last;
        }
        if (alias > 0) {
            publisher.alias(alias, last, lane.limits.topicAliasMaximum());
        }
        return last;
    }

    private @Nullable Receivers aliased(Connection client, Publisher publisher, int alias) {
        Receivers known = publisher.alias(alias);
        if (known == null) {
            client.disconnect(
                    new Farewell(
                            ReasonCode.PROTOCOL_ERROR,
                            "PUBLISH: topic alias " + alias + " stands for no topic"));
            return null;
        }
        if (!lane.matcher.isCurrent(known)) {
            known = lane.matcher.find(known.topicBuffer, 0, known.topic.length);
            publisher.alias(alias, known, lane.limits.topicAliasMaximum());
        }
        return known;
    }

    /// Tells the client that its message goes nowhere. Before MQTT 5 there is no way to say it: what only the gateway may
    /// publish is acknowledged, a topic beyond the limits closes the connection.
    private void refuse(Connection client, PublishFrame from, ReasonCode code) {
        lane.counters.increment(Counter.PUBLISH_REFUSED);
        boolean v5 = client.version() == MqttVersion.V5;
        if (code == ReasonCode.TOPIC_NAME_INVALID && (!v5 || from.qos() == 0)) {
            client.disconnect(
                    new Farewell(
                            code,
                            "PUBLISH: topic has more than "
                                    + lane.limits.topicLevelsMax()
                                    + " levels"));
        } else if (from.qos() > 0) {
            settle(client, from.packetId(), from.qos(), code);
        }
    }

    void close() {
        message.release();
    }
}
