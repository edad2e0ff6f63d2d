/// The MQTT side of a gateway at work: sockets, event loops, buffers. What a packet means is decided in
/// `io.banyanmq.mqtt.gateway.core`; what the cluster does is behind `io.banyanmq.mqtt.gateway.lane`.
///
/// Where to read:
///
/// | journey | path |
/// |---|---|
/// | a client comes | [Listeners] -> [Connection] -> [Clients] (takeover) -> [Outbox] (CONNACK) |
/// | SUBSCRIBE | [Connection] -> [Subscriber] -> table and cluster lane -> [Outbox] (SUBACK) |
/// | PUBLISH in | [FrameReader] -> [Connection] -> [Publishing] -> [Matcher] ([Receivers]) -> [Lane] -> [Outbox] of each receiver |
/// | to other loops | [Handover] |
/// | to other gateways | [Forwarding] -> cluster lane; [PeerWindows] and [PendingAcks] say when PUBACK is due |
/// | from other gateways | [Lane#deliver] |
/// | shared subscriptions | [SharedDispatch], [HeldMessage] |
/// | QoS 1 and 2 out | [Outbox] with [Inflight] (the window) and [MessageQueue] (what waits for it) |
/// | a client goes | [Connection#close] -> [Subscriber], [Outbox], [Wills] |
///
/// One [Lane] an event loop; all of its parts and its connections are touched on that loop alone. [Commons] is what the loops
/// share. [Message] is the message on its way now, [Encoded] its bytes for one kind of receiver: both are reused, so the path
/// of a message allocates nothing (`AllocationTest`).
@NullMarked
package io.banyanmq.mqtt.gateway.shell;

import org.jspecify.annotations.NullMarked;
