package io.banyanmq.fabric;

/// Takes conversations that other nodes begin.
public interface ConversationAcceptor {
    /// A proven peer begins a conversation. Called on its loop, before [ConversationHandler#opened].
    ConversationHandler accept(Conversation conversation);
}
