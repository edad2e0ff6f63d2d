package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;

/// Finds a property in a block of PUBLISH properties that was checked when it came in. MQTT 5 §3.3.2.3.
final class PropertyScan {
    private static final int PAYLOAD_FORMAT_INDICATOR = 0x01;
    private static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
    private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    private static final int TOPIC_ALIAS = 0x23;
    private static final int USER_PROPERTY = 0x26;

    private PropertyScan() {}

    /// Where the message expiry interval's identifier is; -1 if there is none.
    static int messageExpiry(ByteBuf in, int index, int length) {
        int at = index;
        int end = index + length;
        while (at < end) {
            int id = in.getByte(at);
            if (id == MESSAGE_EXPIRY_INTERVAL) {
                return at;
            }
            at++;
            at =
                    switch (id) {
                        case PAYLOAD_FORMAT_INDICATOR -> at + 1;
                        case TOPIC_ALIAS -> at + 2;
                        case SUBSCRIPTION_IDENTIFIER -> afterVariableByteInteger(in, at);
                        case USER_PROPERTY -> afterText(in, afterText(in, at));
                        // content type, response topic, correlation data
                        default -> afterText(in, at);
                    };
        }
        return -1;
    }

    private static int afterText(ByteBuf in, int at) {
        return at + 2 + in.getUnsignedShort(at);
    }

    private static int afterVariableByteInteger(ByteBuf in, int at) {
        int next = at;
        while (in.getByte(next) < 0) {
            next++;
        }
        return next + 1;
    }
}
