package io.banyanmq.mqtt.codec;

import static io.banyanmq.mqtt.codec.MqttVersion.V3_1;
import static io.banyanmq.mqtt.codec.MqttVersion.V3_1_1;
import static io.banyanmq.mqtt.codec.MqttVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Normative statements a codec decides and that say what *is* good; what is bad is in
/// `malformed.txt`. Numbers are MQTT 5's; those of 3.1.1 follow where they differ.
class SpecTest {
    private static final Packet.Connack CONNACK =
            new Packet.Connack(
                    false,
                    ReasonCode.SUCCESS,
                    Properties.builder()
                            .add(Property.REASON_STRING, "because it is so")
                            .user("key", "value")
                            .add(Property.RECEIVE_MAXIMUM, 10)
                            .build());

    /// [MQTT-1.5.4-3] ([MQTT-1.5.3-3]).
    @Test
    void a_byte_order_mark_is_a_character_like_others() throws Exception {
        Packet packet = Frames.decode(V3_1_1, Sender.CLIENT, "30 06 0004 efbbbf61");
        assertThat(((Packet.Publish) packet).topic()).isEqualTo("\uFEFFa");
        assertThat(Frames.encode(V3_1_1, packet)).isEqualTo("30060004efbbbf61");
    }

    /// [MQTT-1.5.7-1].
    @Test
    void both_strings_of_a_pair_are_checked() {
        assertThat(fault(V5, "40 0a 0001 00 06 26 0001 ff 0000"))
                .hasMessage("PUBACK: user property name is not well-formed UTF-8 [MQTT-1.5.4-1]");
        assertThat(fault(V5, "40 0a 0001 00 06 26 0000 0001 00"))
                .hasMessage("PUBACK: user property value contains U+0000 [MQTT-1.5.4-2]");
    }

    /// [MQTT-2.2.1-2] ([MQTT-2.3.1-5 of 3.1.1]).
    @Test // [TP_MQTT_BROKER_PUBLISH_009]
    void a_publish_of_qos_0_has_no_packet_identifier() throws Exception {
        Packet packet = Frames.decode(V3_1_1, Sender.CLIENT, "30 05 0001 74 0007");
        assertThat(((Packet.Publish) packet).packetId()).isZero();
        assertThat(((Packet.Publish) packet).payload()).isEqualTo(Bytes.of(new byte[] {0, 7}));
    }

    /// [MQTT-2.2.2-1].
    @Test
    void no_properties_are_a_length_of_zero() {
        assertThat(Frames.encode(V5, new Packet.Unsubscribe(1, Properties.NONE, List.of("a"))))
                .isEqualTo("a206000100000161");
    }

    /// [MQTT-3.1.0-1].
    @Test
    void the_first_packet_is_a_connect() throws Exception {
        ByteBuf ping = Frames.buf("c000");
        MalformedPacketException fault =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () -> PacketDecoder.connect(ping, 0, 2, DecoderLimits.DEFAULT));
        assertThat(fault).hasMessage("PINGREQ: first packet is not CONNECT [MQTT-3.1.0-1]");
        assertThat(fault.answerVersion()).isEmpty();
        ByteBuf connect = Frames.buf("10 0d 0004 4d515454 04 02 003c 0001 63");
        assertThat(PacketDecoder.connect(connect, 0, 15, DecoderLimits.DEFAULT).version())
                .isEqualTo(V3_1_1);
    }

    /// [MQTT-3.1.2-1], [MQTT-3.1.2-2]: a version of no codec is told in the form it may understand;
    /// what is not MQTT, nothing.
    @Test
    void an_unsupported_version_gets_an_answer_it_can_read() {
        MalformedPacketException old = fault(V5, "10 0d 0004 4d515454 02 02 003c 0001 63");
        assertThat(old.reasonCode()).isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        assertThat(old.answerVersion()).contains(V3_1_1);
        assertThat(old.reasonCode().connectReturnCode()).hasValue(1);
        MalformedPacketException future = fault(V5, "10 0d 0004 4d515454 06 02 003c 0001 63");
        assertThat(future.answerVersion()).contains(V5);
        MalformedPacketException foreign = fault(V5, "10 0d 0004 48545450 05 02 003c 0001 63");
        assertThat(foreign.answerVersion()).isEmpty();
    }

    /// [MQTT-3.1.4-1] (3.1.1: without a CONNACK, [MQTT-3.2.2-6]).
    @Test
    void a_bad_connect_is_answered_only_where_a_code_says_it() {
        MalformedPacketException v3 = fault(V3_1_1, "10 0d 0004 4d515454 04 03 003c 0001 63");
        assertThat(v3.answerVersion()).contains(V3_1_1);
        assertThat(v3.reasonCode().connectReturnCode()).isEmpty();
        MalformedPacketException v5 = fault(V5, "10 0e 0004 4d515454 05 03 003c 00 0001 63");
        assertThat(v5.answerVersion()).contains(V5);
        assertThat(v5.reasonCode().allowedIn(PacketType.CONNACK)).isTrue();
    }

    /// 3.1.1: [MQTT-3.1.3-8]; MQTT 5 allows it, [MQTT-3.1.3-6].
    @Test
    void an_empty_client_identifier_needs_a_clean_session_before_mqtt_5() throws Exception {
        MalformedPacketException fault = fault(V3_1_1, "10 0c 0004 4d515454 04 00 003c 0000");
        assertThat(fault.reasonCode().connectReturnCode()).hasValue(2);
        Packet v5 = Frames.decode(V5, Sender.CLIENT, "10 0d 0004 4d515454 05 00 003c 00 0000");
        assertThat(((Packet.Connect) v5).clientId()).isEmpty();
    }

    /// [MQTT-3.1.2-9], [MQTT-3.1.2-16], [MQTT-3.1.2-17], [MQTT-3.1.2-18], [MQTT-3.1.2-19],
    /// [MQTT-3.1.3-1], [MQTT-3.1.3-3] (3.1.1: [MQTT-3.1.2-9], [MQTT-3.1.2-18], [MQTT-3.1.2-19],
    /// [MQTT-3.1.2-20], [MQTT-3.1.2-21]): what the flags announce is there, in this order, and
    /// nothing else.
    @Test
    void a_connect_has_the_fields_its_flags_announce_in_order() {
        Packet.Will will =
                new Packet.Will("w", Bytes.utf8("x"), Qos.AT_MOST_ONCE, false, Properties.NONE);
        Packet.Connect full =
                new Packet.Connect(V5, false, 0, Properties.NONE, "c", will, "u", Bytes.utf8("p"));
        assertThat(Frames.encode(V5, full))
                .isEqualTo(
                        Frames.compact(
                                "10 1b 0004 4d515454 05 c4 0000 00 0001 63 00 0001 77 0001 78"
                                        + " 0001 75 0001 70"));
        Packet.Connect bare =
                new Packet.Connect(V5, false, 0, Properties.NONE, "c", null, null, null);
        assertThat(Frames.encode(V5, bare))
                .isEqualTo(Frames.compact("10 0e 0004 4d515454 05 00 0000 00 0001 63"));
    }

    /// MQTT 3.1 §3.1: the remaining length takes precedence over the user name and password flags.
    @Test
    void a_connect_of_3_1_may_end_before_user_name_and_password() throws Exception {
        Packet packet =
                Frames.decode(V3_1, Sender.CLIENT, "10 0f 0006 4d5149736470 03 c2 003c 0001 63");
        assertThat(((Packet.Connect) packet).userName()).isNull();
        assertThat(((Packet.Connect) packet).password()).isNull();
    }

    /// MQTT 3.1 §2.1: PUBREL, SUBSCRIBE and UNSUBSCRIBE are repeated with DUP.
    @Test
    void repeated_packets_of_3_1_have_dup() throws Exception {
        assertThat(Frames.decode(V3_1, Sender.CLIENT, "6a 02 0001"))
                .isEqualTo(new Packet.Pubrel(1, ReasonCode.SUCCESS, Properties.NONE));
        assertThat(fault(V3_1_1, "6a 02 0001")).hasMessageContaining("[MQTT-3.6.1-1]");
    }

    /// [MQTT-3.1.3-10], [MQTT-3.3.2-18]; the same name may come twice.
    @Test
    void user_properties_keep_their_order() throws Exception {
        Properties properties =
                Properties.builder().user("b", "1").user("a", "2").user("b", "3").build();
        Packet packet = new Packet.Puback(1, ReasonCode.SUCCESS, properties);
        Packet again = Frames.decode(V5, Sender.CLIENT, Frames.encode(V5, packet));
        assertThat(again.properties().userProperties())
                .containsExactly(
                        new UserProperty("b", "1"),
                        new UserProperty("a", "2"),
                        new UserProperty("b", "3"));
    }

    /// [MQTT-3.2.2-6] ([MQTT-3.2.2-4 of 3.1.1]), [MQTT-3.2.2-8], [MQTT-3.4.2-1], [MQTT-3.5.2-1],
    /// [MQTT-3.6.2-1], [MQTT-3.7.2-1].
    @Test
    void packets_that_must_not_be_sent_cannot_be_made() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Packet.Connack(true, ReasonCode.NOT_AUTHORIZED, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Packet.Connack(false, ReasonCode.SESSION_TAKEN_OVER, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Packet.Puback(
                                1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Packet.Pubrec(1, ReasonCode.SESSION_TAKEN_OVER, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Packet.Pubrel(1, ReasonCode.NOT_AUTHORIZED, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Packet.Pubcomp(1, ReasonCode.NOT_AUTHORIZED, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Packet.Puback(0, ReasonCode.SUCCESS, Properties.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Packet.Subscribe(1, Properties.NONE, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Properties.of(Property.TOPIC_ALIAS, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Properties.of(Property.RESPONSE_TOPIC, "a/#"));
    }

    /// [MQTT-3.14.2-1]: a property elsewhere is a bug of ours, found before a byte is out.
    @Test
    void a_property_in_the_wrong_packet_is_not_encoded() {
        Packet packet =
                new Packet.Puback(
                        1, ReasonCode.SUCCESS, Properties.of(Property.RECEIVE_MAXIMUM, 1));
        ByteBuf out = Unpooled.buffer().writeByte(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PacketEncoder(V5).encode(packet, out))
                .withMessage("receive maximum is not allowed in PUBACK");
        assertThat(out.writerIndex()).isEqualTo(1);
    }

    /// [MQTT-3.2.2-19], [MQTT-3.2.2-20], and with other packets [MQTT-3.4.2-2], [MQTT-3.4.2-3],
    /// [MQTT-3.5.2-2], [MQTT-3.5.2-3], [MQTT-3.6.2-2], [MQTT-3.6.2-3], [MQTT-3.7.2-2],
    /// [MQTT-3.7.2-3], [MQTT-3.9.2-1], [MQTT-3.9.2-2], [MQTT-3.11.2-1], [MQTT-3.11.2-2],
    /// [MQTT-3.14.2-3], [MQTT-3.14.2-4], [MQTT-3.15.2-2], [MQTT-3.15.2-3].
    @Test
    void what_only_explains_is_left_out_where_the_packet_would_be_too_large() throws Exception {
        assertThat(within(CONNACK, 40)).isEqualTo(CONNACK);
        assertThat(within(CONNACK, 39).properties())
                .isEqualTo(CONNACK.properties().without(Property.USER_PROPERTY));
        assertThat(within(CONNACK, 26).properties())
                .isEqualTo(Properties.of(Property.RECEIVE_MAXIMUM, 10));
    }

    /// [MQTT-3.1.2-24].
    @Test
    void what_is_too_large_even_so_is_not_sent() {
        ByteBuf out = Unpooled.buffer();
        assertThat(new PacketEncoder(V5).encodeWithin(CONNACK, 7, out)).isFalse();
        assertThat(out.writerIndex()).isZero();
    }

    private static Packet within(Packet packet, int packetBytesMax) throws Exception {
        ByteBuf out = Unpooled.buffer();
        assertThat(new PacketEncoder(V5).encodeWithin(packet, packetBytesMax, out)).isTrue();
        assertThat(out.writerIndex()).isLessThanOrEqualTo(packetBytesMax);
        return Frames.decode(V5, Sender.SERVER, out);
    }

    /// 3.1.1: [MQTT-3.2.2-6], [MQTT-3.9.3-2]; one answer serves all versions.
    @Test
    void an_answer_is_said_as_its_version_can_say_it() {
        assertThat(Frames.encode(V3_1_1, CONNACK)).isEqualTo("20020000");
        Packet.Suback suback =
                new Packet.Suback(
                        1, Properties.NONE, List.of(ReasonCode.NOT_AUTHORIZED, ReasonCode.SUCCESS));
        assertThat(Frames.encode(V3_1_1, suback)).isEqualTo("900400018000");
        assertThat(Frames.encode(V5, suback)).isEqualTo("90050001008700");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Frames.encode(
                                V3_1_1,
                                new Packet.Connack(
                                        false, ReasonCode.MALFORMED_PACKET, Properties.NONE)));
    }

    /// [MQTT-3.9.3-1], [MQTT-3.11.3-1]; [MQTT-3.8.3-1], [MQTT-3.10.3-1].
    @Test
    void filters_and_their_codes_keep_their_order() throws Exception {
        Packet.Suback suback =
                new Packet.Suback(
                        1,
                        Properties.NONE,
                        List.of(
                                ReasonCode.GRANTED_QOS_2,
                                ReasonCode.SUCCESS,
                                ReasonCode.GRANTED_QOS_1));
        assertThat(Frames.decode(V5, Sender.SERVER, Frames.encode(V5, suback))).isEqualTo(suback);
        Packet.Unsubscribe unsubscribe =
                new Packet.Unsubscribe(1, Properties.NONE, List.of("b", "a", "b"));
        assertThat(Frames.decode(V5, Sender.CLIENT, Frames.encode(V5, unsubscribe)))
                .isEqualTo(unsubscribe);
    }

    /// [MQTT-4.7.3-3], [MQTT-4.7.3-3 of 3.1.1]: 65,535 bytes are a topic name still.
    @Test
    void the_longest_topic_name_goes_through() throws Exception {
        Packet.Publish packet =
                new Packet.Publish(
                        false,
                        Qos.AT_MOST_ONCE,
                        false,
                        "t".repeat(65_535),
                        0,
                        Properties.NONE,
                        Bytes.EMPTY);
        assertThat(Frames.decode(V5, Sender.CLIENT, Frames.encode(V5, packet))).isEqualTo(packet);
    }

    /// [MQTT-3.12.4-1] needs them told apart.
    @Test
    void pings_are_two_bytes() {
        assertThat(Frames.encode(V3_1_1, new Packet.Pingreq())).isEqualTo("c000");
        assertThat(Frames.encode(V3_1_1, new Packet.Pingresp())).isEqualTo("d000");
    }

    private static MalformedPacketException fault(MqttVersion version, String hex) {
        return catchThrowableOfType(
                MalformedPacketException.class, () -> Frames.decode(version, Sender.CLIENT, hex));
    }
}
