package io.banyanmq.fabric;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes the frames of a link, each once and in order. Called on the loop that the link was accepted on.
public interface LinkInbox {
    /// Takes the next frame. When it returns, the frame counts as taken; if it throws, too: the fault is logged, for a
    /// repeat would only repeat it.
    ///
    /// @param body the frame, from its reader to its writer index, during the call only
    /// @return what the sender has to hear about this frame; null, as mostly, if nothing
    byte @Nullable [] take(ByteBuf body);
}
