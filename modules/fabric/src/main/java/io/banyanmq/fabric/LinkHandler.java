package io.banyanmq.fabric;

/// What the sender of a link learns. Every call happens on the link's loop.
public interface LinkHandler {
    /// The receiver took everything up to `number`. Rises; comes once for what was taken together.
    void taken(long number);

    /// The receiver took frame `number` and has this to say about it. Comes once a frame, in order, before [#taken] covers it.
    void answered(long number, byte[] answer);

    /// [Link#isWritable] is true again.
    void writable();

    /// A connection carries the link: the receiver takes its frames.
    default void connected() {}

    /// The connection is gone; another one is being made.
    default void disconnected() {}
}
