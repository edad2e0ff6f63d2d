package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// A message as a PUBLISH frame for one kind of receiver: bytes that are copied to each, a large payload that is not.
/// Reusable; good until its [Message] is set anew.
final class Encoded {
    ByteBuf source = Unpooled.EMPTY_BUFFER;

    /// Where in [#source] the copied part is.
    int index;

    /// Bytes of the copied part: all of the frame, or all but its payload.
    int length;

    /// Where in the frame the packet identifier is; 0 with QoS 0.
    int packetIdOffset;

    /// Where in the frame the seconds of the message expiry interval are; 0 if there are none.
    int expiryOffset;

    /// Type and QoS; RETAIN is the receiver's.
    int firstByte;

    /// Bytes of the payload that follow the copied part; 0 if it is in there.
    int payloadLength;

    int frameLength() {
        return length + payloadLength;
    }

    int qos() {
        return (firstByte & 0x06) >> 1;
    }
}
