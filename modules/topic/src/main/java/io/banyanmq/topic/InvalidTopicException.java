package io.banyanmq.topic;

/// A text that was taken for a topic filter is none; [#fault] says why.
public final class InvalidTopicException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient TopicFault fault;

    InvalidTopicException(TopicFault fault) {
        super(fault.message());
        this.fault = fault;
    }

    public TopicFault fault() {
        return fault;
    }
}
