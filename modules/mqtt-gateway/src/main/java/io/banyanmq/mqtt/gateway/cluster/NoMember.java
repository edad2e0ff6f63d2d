package io.banyanmq.mqtt.gateway.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a gateway answers to a frame whose shared subscriptions had no member there: their filters, each behind its
/// length (2 bytes, big endian).
final class NoMember {
    private NoMember() {}

    static byte[] encode(String[] filters) {
        List<byte[]> texts = new ArrayList<>(filters.length);
        int size = 0;
        for (String filter : filters) {
            byte[] text = filter.getBytes(StandardCharsets.UTF_8);
            texts.add(text);
            size += Short.BYTES + text.length;
        }
        ByteBuffer answer = ByteBuffer.allocate(size);
        for (byte[] text : texts) {
            answer.putShort((short) text.length).put(text);
        }
        return answer.array();
    }

    /// @throws java.nio.BufferUnderflowException if it is cut short: a fault of the peer
    static String[] decode(byte[] answer) {
        ByteBuffer in = ByteBuffer.wrap(answer);
        List<String> filters = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] text = new byte[in.getShort() & 0xffff];
            in.get(text);
            filters.add(new String(text, StandardCharsets.UTF_8));
        }
        return filters.toArray(String[]::new);
    }
}
