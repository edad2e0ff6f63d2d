package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Ordered messages both ways between two nodes. The initiator's side outlives its connections: it reconnects with growing pauses
/// until [#close]; what was under way is lost with each, and the sides agree anew in
/// [ConversationHandler#opened]. The other side's ends with its connection.
///
/// Every call, unless said otherwise, belongs on [#loop].
public final class Conversation implements AutoCloseable {
    private final FabricConfig config;
    private final EventLoop loop;
    private final Purpose purpose;
    private final NodeName peer;
    private @Nullable Connection connection;
    private @Nullable Dialer dialer;
    private boolean unwritable;

    Conversation(FabricConfig config, EventLoop loop, Purpose purpose, NodeName peer) {
        this.config = config;
        this.loop = loop;
        this.purpose = purpose;
        this.peer = peer;
    }

    /// The loop on which all of this conversation happens. From any thread.
    public EventLoop loop() {
        return loop;
    }

    /// The other node. From any thread.
    public NodeName peer() {
        return peer;
    }

    /// From any thread.
    public Purpose purpose() {
        return purpose;
    }

    public boolean isOpen() {
        return connection != null && connection.isOpen();
    }

    /// Whether there is room for more; [ConversationHandler#writable] says when there is again.
    public boolean isWritable() {
        boolean writable =
                connection != null && connection.isOpen() && connection.channel().isWritable();
        unwritable |= !writable;
        return writable;
    }

    /// Sends a message, in order, at the end of this turn of the loop. False, and nothing is sent, if there is no connection or
    /// more than [FabricConfig#bufferBytesMax] would be waiting.
    ///
    /// @throws IllegalArgumentException if the message cannot fit in a frame
    public boolean send(byte[] message) {
        if (message.length >= config.frameBytesMax()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "message of %,d bytes to %s, a frame holds %,d",
                            message.length,
                            peer,
                            config.frameBytesMax() - 1));
        }
        Connection current = connection;
        if (current == null
                || !current.isOpen()
                || current.unsentBytes() + message.length > config.bufferBytesMax()) {
            return false;
        }
        current.send(FrameType.MESSAGE, message);
        return true;
    }

    /// Drops the connection, as if the network had; the initiator makes another one.
    public void reconnect() {
        if (connection != null) {
            connection.close("dropped by this node");
        }
    }

    /// Ends it; [ConversationHandler#closed] follows if it was open. From any thread.
    @Override
    public void close() {
        loop.execute(() -> {
            if (dialer != null) {
                dialer.stop();
            }
            if (connection != null) {
                connection.close("closed by this node");
            }
        });
    }

    void dialledBy(Dialer initiator) {
        dialer = initiator;
    }

    /// A proven connection carries the conversation from now on.
    void attach(Connection proven, ConversationHandler handler) {
        connection = proven;
        unwritable = false;
        proven.enter(new Carrying(proven, handler));
        if (dialer != null) {
            dialer.useful();
        }
        handler.opened();
    }

    private final class Carrying implements Connection.Stage {
        private final Connection carrier;
        private final ConversationHandler handler;

        Carrying(Connection carrier, ConversationHandler handler) {
            this.carrier = carrier;
            this.handler = handler;
        }

        @Override
        public void frame(FrameType type, ByteBuf body) {
            if (type != FrameType.MESSAGE) {
                throw new Connection.MalformedFrameException(
                        "unexpected " + type + " in a conversation");
            }
            handler.received(ByteBufUtil.getBytes(body));
        }

        @Override
        public void readComplete() {
            handler.readComplete();
        }

        @Override
        public void writabilityChanged() {
            if (unwritable && carrier.channel().isWritable()) {
                unwritable = false;
                handler.writable();
            }
        }

        @Override
        public void closed(String why) {
            connection = null;
            handler.closed(why);
            if (dialer != null) {
                dialer.lost(why);
            }
        }
    }
}
