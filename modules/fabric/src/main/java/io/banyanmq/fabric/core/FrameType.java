package io.banyanmq.fabric.core;

import org.jspecify.annotations.Nullable;

/// The kinds of frames between nodes. On the wire a frame is the length of what follows (4 bytes, big endian),
/// the code of its type (1 byte) and its body.
public enum FrameType {
    HELLO(1),
    CHALLENGE(2),
    PROOF(3),
    WELCOME(4),
    REFUSED(5),
    /// Nothing was sent for a while; no body.
    PING(6),
    /// One message of a conversation.
    MESSAGE(7),
    /// The sender of a link says which one it is and what it knows to be taken; answered by `ANSWER`s and `RESUME`.
    OPEN(8),
    /// The receiver of a link says what it took (8 bytes): go on behind it.
    RESUME(9),
    /// Number (8 bytes) and body of one numbered frame.
    NUMBERED(10),
    /// Everything up to this number (8 bytes) was taken.
    TAKEN(11),
    /// Number (8 bytes) and what the receiver has to say about that frame.
    ANSWER(12),
    /// The sender has had all answers up to this number (8 bytes).
    SETTLED(13);

    private static final @Nullable FrameType[] BY_CODE = byCode();

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /// The type with this code; null if there is none.
    public static @Nullable FrameType of(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    private static @Nullable FrameType[] byCode() {
        @Nullable FrameType[] types = new FrameType[values().length + 1];
        for (FrameType type : values()) {
            types[type.code] = type;
        }
        return types;
    }
}
