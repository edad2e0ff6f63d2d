package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table `malformed.txt`: what is wrong with a packet, to the code and the letter.
class MalformedTest {
    private static final Pattern LINE =
            Pattern.compile("(\\S+) (\\S+): ([0-9a-f ]+) => (0x..) (.+)");

    private static final Set<Clause> ELSEWHERE =
            EnumSet.of(
                    Clause.LIMIT,
                    Clause.MAXIMUM_PACKET_SIZE,
                    Clause.FIRST_PACKET,
                    Clause.UNSUBSCRIBE_PROPERTIES);

    record Row(MqttVersion version, Sender sender, String hex, int code, String text) {
        @Override
        public String toString() {
            return version + " " + text + ": " + hex;
        }
    }

    static List<Row> rows() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(MalformedTest.class.getResourceAsStream("malformed.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(MalformedTest::row)
                    .toList();
        }
    }

    private static Row row(String line) {
        Matcher match = LINE.matcher(line);
        assertThat(match.matches()).as(line).isTrue();
        MqttVersion version =
                switch (match.group(1)) {
                    case "3.1" -> MqttVersion.V3_1;
                    case "3.1.1" -> MqttVersion.V3_1_1;
                    default -> MqttVersion.V5;
                };
        return new Row(
                version,
                match.group(2).equals("client") ? Sender.CLIENT : Sender.SERVER,
                match.group(3),
                Integer.decode(match.group(4)),
                match.group(5));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_malformed_packet_names_code_field_and_clause(Row row) {
        MalformedPacketException fault =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () -> Frames.decode(row.version, row.sender, row.hex));
        assertThat(fault).isNotNull().hasMessage(row.text);
        assertThat(fault.reasonCode().value()).isEqualTo(row.code);
        assertThat(fault.getStackTrace()).isEmpty();
    }

    /// A PUBLISH is judged the same in place and as a record.
    @ParameterizedTest
    @MethodSource("rows")
    void the_publish_path_finds_the_same_fault(Row row) {
        ByteBuf in = Frames.buf(row.hex);
        if (!row.text.startsWith("PUBLISH: ") || row.text.contains("remaining length")) {
            return;
        }
        PacketDecoder decoder = new PacketDecoder(row.version, row.sender, DecoderLimits.DEFAULT);
        MalformedPacketException fault =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () -> decoder.publish(in, 0, in.readableBytes(), new PublishFrame()));
        assertThat(fault).isNotNull().hasMessage(row.text);
    }

    /// No rule goes without an example. Limits and the first packet have tests of their own; an
    /// UNSUBSCRIBE has no property that may not be repeated.
    @Test
    void every_clause_the_codec_enforces_is_in_the_table() throws IOException {
        String texts = rows().stream().map(Row::text).collect(Collectors.joining("\n"));
        assertThat(Arrays.stream(Clause.values()))
                .filteredOn(clause -> !ELSEWHERE.contains(clause))
                .filteredOn(clause ->
                        !texts.contains("[" + clause.of(MqttVersion.V5) + "]")
                                && !texts.contains("[" + clause.of(MqttVersion.V3_1_1) + "]"))
                .isEmpty();
    }
}
