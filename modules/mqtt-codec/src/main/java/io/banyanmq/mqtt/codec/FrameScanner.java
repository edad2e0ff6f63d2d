package io.banyanmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/// Finds the frames (whole control packets) of a byte stream from their fixed headers, before
/// anything of them is buffered or decoded. MQTT 5 §2.1.
///
/// ```java
/// int index = in.readerIndex();
/// int length;
/// while ((length = FrameScanner.scan(in, index, in.writerIndex(), packetBytesMax)) > 0) {
///     ... in.getByte(index) says what it is ...
///     index += length;
/// }
/// ```
public final class FrameScanner {
    /// What [#scan] returns if not even the fixed header is complete.
    public static final int HEADER_INCOMPLETE = 0;

    /// The longest frame MQTT can make: 268,435,455 bytes after a fixed header of five.
    public static final int FRAME_BYTES_MAX = VariableByteInteger.MAX + 5;

    private FrameScanner() {}

    /// Looks at the fixed header at `index`.
    ///
    /// @param in holds the stream; its own indices are neither used nor changed
    /// @param index of a frame's first byte
    /// @param end one past the last byte received
    /// @param packetBytesMax the longest frame accepted, fixed header included
    /// @return the frame's length, fixed header included, if all of it is there; its length negated
    ///     if more has to come; [#HEADER_INCOMPLETE] if the length is not known yet
    /// @throws MalformedPacketException 0x95 if the frame is too long, 0x81 if its type is 0, or its
    ///     remaining length has more than four bytes or is not in its shortest form; the rest of
    ///     the stream then cannot be read
    public static int scan(ByteBuf in, int index, int end, int packetBytesMax)
            throws MalformedPacketException {
        if (end - index < 2) {
            if (end > index) {
                checkType(in.getByte(index));
            }
            return HEADER_INCOMPLETE;
        }
        int firstByte = in.getByte(index);
        checkType(firstByte);
        int second = in.getByte(index + 1);
        int length = second >= 0 ? 2 + second : longLength(in, index, end, firstByte);
        if (length > packetBytesMax) {
            throw tooLarge(firstByte, length, packetBytesMax);
        }
        return length <= end - index ? length : -length;
    }

    private static void checkType(int firstByte) throws MalformedPacketException {
        if ((firstByte & 0xF0) == 0) {
            throw FrameCursor.fault(
                    ReasonCode.MALFORMED_PACKET,
                    null,
                    null,
                    MqttVersion.V5,
                    "packet type is 0",
                    Clause.PACKET_TYPE);
        }
    }

    private static int longLength(ByteBuf in, int index, int end, int firstByte)
            throws MalformedPacketException {
        int value = in.getByte(index + 1) & 0x7F;
        for (int i = 2; i <= 4; i++) {
            if (index + i >= end) {
                return HEADER_INCOMPLETE;
            }
            int b = in.getByte(index + i);
            value |= (b & 0x7F) << (7 * (i - 1));
            if (b == 0) {
                throw malformed(
                        firstByte,
                        "remaining length is not in its shortest form",
                        Clause.VARIABLE_BYTE_INTEGER_MINIMAL);
            }
            if (b > 0) {
                return 1 + i + value;
            }
        }
        throw malformed(
                firstByte, "remaining length has more than 4 bytes", Clause.VARIABLE_BYTE_INTEGER);
    }

    private static MalformedPacketException tooLarge(int firstByte, int length, int max) {
        return FrameCursor.fault(
                ReasonCode.PACKET_TOO_LARGE,
                null,
                PacketType.ofFirstByte(firstByte),
                MqttVersion.V5,
                "packet of " + length + " bytes, at most " + max,
                Clause.MAXIMUM_PACKET_SIZE);
    }

    private static MalformedPacketException malformed(
            int firstByte, String problem, Clause clause) {
        return FrameCursor.fault(
                ReasonCode.MALFORMED_PACKET,
                null,
                PacketType.ofFirstByte(firstByte),
                MqttVersion.V5,
                problem,
                clause);
    }

    /// Bytes of the fixed header of a frame of this length, which [#scan] found.
    ///
    /// @return 2..5
    public static int headerLength(int frameLength) {
        // The longest frames after headers of 2, 3 and 4 bytes.
        return frameLength <= 129
                ? 2
                : frameLength <= 16_386 ? 3 : frameLength <= 2_097_155 ? 4 : 5;
    }
}
