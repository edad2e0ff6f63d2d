package io.banyanmq.fabric;

/// What one side of a conversation does. Every call happens on [Conversation#loop].
public interface ConversationHandler {
    /// The peer is proven and hears. Nothing that was sent before is on its way any more: on the initiator's side this comes again after
    /// every reconnect.
    void opened();

    /// The peer's next message.
    void received(byte[] message);

    /// All messages that one read brought were handed over: a good moment to answer them together.
    default void readComplete() {}

    /// [Conversation#isWritable] is true again.
    default void writable() {}

    /// The connection is gone, and with it what was under way in both directions. The initiator reconnects by itself.
    void closed(String why);
}
