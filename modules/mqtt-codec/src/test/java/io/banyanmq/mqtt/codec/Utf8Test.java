package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fast scan against the JDK's strict decoder.
class Utf8Test {
    /// [MQTT-1.5.4-1], [MQTT-1.5.4-2]; in MQTT 3.1.1 [MQTT-1.5.3-1], [MQTT-1.5.3-2].
    @Test
    void random_bytes_are_judged_as_the_jdk_judges_them() {
        Random random = new Random(3);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = text(random);
            for (int damage = random.nextInt(3); damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            check(bytes);
        }
    }

    /// Every lead byte with every second byte, at every place of an eight byte word.
    @Test
    void every_two_byte_start_is_judged_as_the_jdk_judges_it() {
        for (int lead = 0; lead < 256; lead++) {
            for (int second = 0; second < 256; second++) {
                check(new byte[] {(byte) lead, (byte) second});
                check(new byte[] {(byte) lead, (byte) second, (byte) 0x80});
                check(new byte[] {(byte) lead, (byte) second, (byte) 0x80, (byte) 0x80});
            }
        }
    }

    @Test
    void nulls_and_wildcards_are_found_wherever_they_are() {
        for (int length = 1; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                for (char c : new char[] {0, '+', '#', ',', '*', '"', '$', 1, 127}) {
                    byte[] bytes = "a".repeat(length).getBytes(StandardCharsets.US_ASCII);
                    bytes[at] = (byte) c;
                    check(bytes);
                }
            }
        }
    }

    @Test
    void what_cannot_be_carried_cannot_be_encoded() {
        assertThat(Utf8.encodedLength("aä日🌳")).isEqualTo(1 + 2 + 3 + 4);
        assertThatIllegalArgumentException().isThrownBy(() -> Utf8.encodedLength("a\0"));
        assertThatIllegalArgumentException().isThrownBy(() -> Utf8.encodedLength("\uD800"));
        assertThatIllegalArgumentException().isThrownBy(() -> Utf8.encodedLength("\uDC00a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Utf8.encodedLength("x".repeat(65_536)));
    }

    private static byte[] text(Random random) {
        int[] codePoints = new int[random.nextInt(20)];
        for (int i = 0; i < codePoints.length; i++) {
            int point =
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextInt(0x800);
                        case 1 -> random.nextInt(0x10000);
                        case 2 -> random.nextInt(0x110000);
                        default -> random.nextInt(0x80);
                    };
            codePoints[i] = point >= 0xD800 && point <= 0xDFFF ? 'x' : point;
        }
        return new String(codePoints, 0, codePoints.length).getBytes(StandardCharsets.UTF_8);
    }

    private static void check(byte[] bytes) {
        ByteBuf padded = Unpooled.buffer().writeByte('#').writeBytes(bytes).writeByte('+');
        int found = Utf8.scan(padded, 1, bytes.length);
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            int expected = text.indexOf(0) >= 0 ? Utf8.NULL : 0;
            expected |= text.indexOf('+') >= 0 || text.indexOf('#') >= 0 ? Utf8.WILDCARD : 0;
            assertThat(found).as(text).isEqualTo(expected);
        } catch (CharacterCodingException e) {
            assertThat(found & Utf8.ILL_FORMED).isNotZero();
        }
    }
}
