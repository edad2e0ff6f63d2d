package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;

/// A message of a shared subscription that was given to one member, or to one gateway, and may have to be given to
/// another. Owns one reference of its body.
///
/// @param body a [io.banyanmq.mqtt.gateway.lane.ForwardBody], between its reader and writer index
/// @param deadlineNanos when it expires, on the monotonic clock; [Message#NEVER] for never
/// @param filter the shared subscription, `$share/group/filter`
record HeldMessage(ByteBuf body, long deadlineNanos, String filter) {
    void release() {
        body.release();
    }
}
