package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one frame in order and never past its end. Reusable, so that the publish path
/// need not allocate one.
final class FrameCursor {
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int at;
    private int end;
    private @Nullable PacketType type;
    private MqttVersion version = MqttVersion.V5;
    private @Nullable MqttVersion answerVersion;
    private int textIndex;
    private int textLength;

    /// Begins with a frame's first byte after the fixed header.
    ///
    /// @param frame the frame's index, `length` its bytes with the fixed header
    FrameCursor open(ByteBuf in, int frame, int length, PacketType type, MqttVersion version) {
        this.in = in;
        this.type = type;
        this.version = version;
        this.answerVersion = version;
        this.at = frame + FrameScanner.headerLength(length);
        this.end = frame + length;
        return this;
    }

    /// Goes over a part of the frame again.
    FrameCursor reopen(int from, int to) {
        at = from;
        end = to;
        return this;
    }

    /// Forgets the buffer, so that it can be released.
    void close() {
        in = Unpooled.EMPTY_BUFFER;
    }

    ByteBuf buffer() {
        return in;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    int remaining() {
        return end - at;
    }

    MqttVersion version() {
        return version;
    }

    /// Faults have no answer until [#version(MqttVersion)] says what the peer understands.
    void unanswered() {
        answerVersion = null;
    }

    /// A CONNECT says itself of what version it is.
    void version(MqttVersion known) {
        version = known;
        answerVersion = known;
    }

    int unsignedByte(String field) throws MalformedPacketException {
        int index = advance(1, field);
        return in.getByte(index) & 0xFF;
    }

    int twoByteInteger(String field) throws MalformedPacketException {
        int index = advance(2, field);
        return in.getUnsignedShort(index);
    }

    long fourByteInteger(String field) throws MalformedPacketException {
        int index = advance(4, field);
        return in.getUnsignedInt(index);
    }

    int variableByteInteger(String field) throws MalformedPacketException {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int b = unsignedByte(field);
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) {
                    throw malformed(
                            field + " is not in its shortest form",
                            Clause.VARIABLE_BYTE_INTEGER_MINIMAL);
                }
                return value;
            }
        }
        throw malformed(field + " has more than 4 bytes", Clause.VARIABLE_BYTE_INTEGER);
    }

    /// Passes over a string after checking it; [#textIndex()] and [#textLength()] say where it is.
    ///
    /// @return whether it has a `+` or `#` in it
    boolean text(String field) throws MalformedPacketException {
        textLength = twoByteInteger(field);
        textIndex = advance(textLength, field);
        int found = Utf8.scan(in, textIndex, textLength);
        if (found > Utf8.WILDCARD) {
            if ((found & Utf8.ILL_FORMED) != 0) {
                throw malformed(field + " is not well-formed UTF-8", Clause.UTF8_WELL_FORMED);
            }
            throw malformed(field + " contains U+0000", Clause.UTF8_NO_NULL);
        }
        return found != 0;
    }

    /// Passes over a string that is a topic name: without wildcards; it may be empty.
    void topicName(String field, Clause wildcard) throws MalformedPacketException {
        if (text(field)) {
            throw protocolError(field + " contains a wildcard", wildcard);
        }
    }

    int textIndex() {
        return textIndex;
    }

    int textLength() {
        return textLength;
    }

    String string(String field) throws MalformedPacketException {
        text(field);
        return lastText();
    }

    /// The string last passed over.
    String lastText() {
        return in.toString(textIndex, textLength, StandardCharsets.UTF_8);
    }

    /// Whether the string last passed over is this ASCII text.
    boolean lastTextIs(String ascii) {
        return textLength == ascii.length() && lastTextStartsWith(ascii);
    }

    /// Whether the string last passed over begins with this ASCII text.
    boolean lastTextStartsWith(String ascii) {
        if (textLength < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (in.getByte(textIndex + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Passes over binary data; [#textIndex()] and [#textLength()] say where it is.
    void binary(String field) throws MalformedPacketException {
        textLength = twoByteInteger(field);
        textIndex = advance(textLength, field);
    }

    Bytes bytes(String field) throws MalformedPacketException {
        binary(field);
        return Bytes.copyOf(in, textIndex, textLength);
    }

    /// Passes over `size` bytes.
    ///
    /// @return where they begin
    int advance(int size, String field) throws MalformedPacketException {
        int index = at;
        if (size > end - index) {
            throw malformed(
                    field + " is cut short by " + bytes(size - (end - index)),
                    Clause.REMAINING_LENGTH);
        }
        at = index + size;
        return index;
    }

    /// Demands that the frame is used up.
    void finish() throws MalformedPacketException {
        if (at != end) {
            throw malformed(bytes(end - at) + " after the last field", Clause.REMAINING_LENGTH);
        }
    }

    /// A length as error texts show it.
    static String bytes(int length) {
        return length == 1 ? "1 byte" : length + " bytes";
    }

    /// A byte as error texts show it: `0x8F`; larger values with as many digits as they need.
    static String hex(int value) {
        HexFormat format = HexFormat.of().withUpperCase();
        return "0x"
                + (value <= 0xFF ? format.toHexDigits((byte) value) : format.toHexDigits(value));
    }

    MalformedPacketException malformed(String problem, Clause clause) {
        return fault(ReasonCode.MALFORMED_PACKET, problem, clause);
    }

    MalformedPacketException protocolError(String problem, Clause clause) {
        return fault(ReasonCode.PROTOCOL_ERROR, problem, clause);
    }

    MalformedPacketException fault(ReasonCode code, String problem, Clause clause) {
        return fault(code, answerVersion, type, version, problem, clause);
    }

    static MalformedPacketException fault(
            ReasonCode code,
            @Nullable MqttVersion answerVersion,
            @Nullable PacketType type,
            MqttVersion version,
            String problem,
            Clause clause) {
        String subject = type == null ? "frame" : type.name();
        return new MalformedPacketException(
                code, answerVersion, subject + ": " + problem + " [" + clause.of(version) + "]");
    }
}
