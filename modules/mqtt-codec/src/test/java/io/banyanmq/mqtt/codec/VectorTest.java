package io.banyanmq.mqtt.codec;

import static io.banyanmq.mqtt.codec.MqttVersion.V3_1;
import static io.banyanmq.mqtt.codec.MqttVersion.V3_1_1;
import static io.banyanmq.mqtt.codec.MqttVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes written out by hand from the specifications, and the packets they are: both ways.
class VectorTest {
    record Vector(MqttVersion version, Sender sender, String hex, Packet packet) {}

    private static Vector client(MqttVersion version, String hex, Packet packet) {
        return new Vector(version, Sender.CLIENT, hex, packet);
    }

    private static Vector server(MqttVersion version, String hex, Packet packet) {
        return new Vector(version, Sender.SERVER, hex, packet);
    }

    static List<Vector> connecting() {
        return List.of(
                client(
                        V3_1,
                        "10 0f 0006 4d5149736470 03 02 003c 0001 63",
                        new Packet.Connect(V3_1, true, 60, Properties.NONE, "c", null, null, null)),
                client(
                        V3_1_1,
                        "10 0c 0004 4d515454 04 02 0000 0000",
                        new Packet.Connect(V3_1_1, true, 0, Properties.NONE, "", null, null, null)),
                client(
                        V3_1_1,
                        "10 1c 0004 4d515454 04 ec ffff 0001 63 0003 772f74 0002 00ff 0001 75"
                                + " 0001 70",
                        new Packet.Connect(
                                V3_1_1,
                                false,
                                65_535,
                                Properties.NONE,
                                "c",
                                new Packet.Will(
                                        "w/t",
                                        Bytes.of(new byte[] {0, -1}),
                                        Qos.AT_LEAST_ONCE,
                                        true,
                                        Properties.NONE),
                                "u",
                                Bytes.utf8("p"))),
                client(
                        V5,
                        "10 2a 0004 4d515454 05 16 000a 08 1100000e10 210014 0001 63"
                                + " 0c 1800000005 26 0001 6b 0001 76"
                                + " 0001 77 0002 6f6b",
                        new Packet.Connect(
                                V5,
                                true,
                                10,
                                Properties.builder()
                                        .add(Property.SESSION_EXPIRY_INTERVAL, 3_600L)
                                        .add(Property.RECEIVE_MAXIMUM, 20)
                                        .build(),
                                "c",
                                new Packet.Will(
                                        "w",
                                        Bytes.utf8("ok"),
                                        Qos.EXACTLY_ONCE,
                                        false,
                                        Properties.builder()
                                                .add(Property.WILL_DELAY_INTERVAL, 5L)
                                                .user("k", "v")
                                                .build()),
                                null,
                                null)),
                client(
                        V5,
                        "10 11 0004 4d515454 05 42 0000 00 0001 63 0001 70",
                        new Packet.Connect(
                                V5, true, 0, Properties.NONE, "c", null, null, Bytes.utf8("p"))),
                server(
                        V3_1_1,
                        "20 02 01 00",
                        new Packet.Connack(true, ReasonCode.SUCCESS, Properties.NONE)),
                server(
                        V3_1_1,
                        "20 02 00 05",
                        new Packet.Connack(false, ReasonCode.NOT_AUTHORIZED, Properties.NONE)),
                server(
                        V5,
                        "20 03 00 84 00",
                        new Packet.Connack(
                                false, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, Properties.NONE)),
                server(
                        V5,
                        "20 15 00 00 12 2700100000 22000a 2401 2500 12 0003 69642d",
                        new Packet.Connack(
                                false,
                                ReasonCode.SUCCESS,
                                Properties.builder()
                                        .add(Property.MAXIMUM_PACKET_SIZE, 1_048_576L)
                                        .add(Property.TOPIC_ALIAS_MAXIMUM, 10)
                                        .add(Property.MAXIMUM_QOS, 1)
                                        .add(Property.RETAIN_AVAILABLE, false)
                                        .add(Property.ASSIGNED_CLIENT_IDENTIFIER, "id-")
                                        .build())));
    }

    static List<Vector> publishing() {
        return List.of(
                client(
                        V3_1_1,
                        "30 07 0003 612f62 6869",
                        new Packet.Publish(
                                false,
                                Qos.AT_MOST_ONCE,
                                false,
                                "a/b",
                                0,
                                Properties.NONE,
                                Bytes.utf8("hi"))),
                client(
                        V3_1_1,
                        "3d 07 0003 612f62 ffff",
                        new Packet.Publish(
                                true,
                                Qos.EXACTLY_ONCE,
                                true,
                                "a/b",
                                65_535,
                                Properties.NONE,
                                Bytes.EMPTY)),
                client(
                        V5,
                        "32 0b 0000 0001 05 01 01 23 0007 68",
                        new Packet.Publish(
                                false,
                                Qos.AT_LEAST_ONCE,
                                false,
                                "",
                                1,
                                Properties.builder()
                                        .add(Property.PAYLOAD_FORMAT_INDICATOR, 1)
                                        .add(Property.TOPIC_ALIAS, 7)
                                        .build(),
                                Bytes.utf8("h"))),
                server(
                        V5,
                        "30 18 0001 74 14 02 0000003c 0b 01 0b ffffff7f 08 0001 72 09 0001 00",
                        new Packet.Publish(
                                false,
                                Qos.AT_MOST_ONCE,
                                false,
                                "t",
                                0,
                                Properties.builder()
                                        .add(Property.MESSAGE_EXPIRY_INTERVAL, 60L)
                                        .add(Property.SUBSCRIPTION_IDENTIFIER, 1)
                                        .add(Property.SUBSCRIPTION_IDENTIFIER, 268_435_455)
                                        .add(Property.RESPONSE_TOPIC, "r")
                                        .add(Property.CORRELATION_DATA, Bytes.of(new byte[] {0}))
                                        .build(),
                                Bytes.EMPTY)),
                client(
                        V3_1_1,
                        "40 02 0001",
                        new Packet.Puback(1, ReasonCode.SUCCESS, Properties.NONE)),
                client(
                        V5,
                        "40 03 0001 10",
                        new Packet.Puback(1, ReasonCode.NO_MATCHING_SUBSCRIBERS, Properties.NONE)),
                client(
                        V5,
                        "50 09 0001 97 05 1f 0002 6e6f",
                        new Packet.Pubrec(
                                1,
                                ReasonCode.QUOTA_EXCEEDED,
                                Properties.of(Property.REASON_STRING, "no"))),
                client(
                        V5,
                        "62 03 0001 92",
                        new Packet.Pubrel(
                                1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, Properties.NONE)),
                client(
                        V5,
                        "70 02 ffff",
                        new Packet.Pubcomp(65_535, ReasonCode.SUCCESS, Properties.NONE)));
    }

    static List<Vector> subscribing() {
        return List.of(
                client(
                        V3_1_1,
                        "82 0e 000a 0003 612f62 01 0003 632f64 02",
                        new Packet.Subscribe(
                                10,
                                Properties.NONE,
                                List.of(
                                        Packet.Subscription.of("a/b", Qos.AT_LEAST_ONCE),
                                        Packet.Subscription.of("c/d", Qos.EXACTLY_ONCE)))),
                client(
                        V5,
                        "82 0a 0001 03 0b 8001 0001 23 2e",
                        new Packet.Subscribe(
                                1,
                                Properties.of(Property.SUBSCRIPTION_IDENTIFIER, 128),
                                List.of(
                                        new Packet.Subscription(
                                                "#",
                                                Qos.EXACTLY_ONCE,
                                                true,
                                                true,
                                                RetainHandling.NEVER)))),
                server(
                        V3_1_1,
                        "90 06 000a 00 01 02 80",
                        new Packet.Suback(
                                10,
                                Properties.NONE,
                                List.of(
                                        ReasonCode.SUCCESS,
                                        ReasonCode.GRANTED_QOS_1,
                                        ReasonCode.GRANTED_QOS_2,
                                        ReasonCode.UNSPECIFIED_ERROR))),
                server(
                        V5,
                        "90 05 000a 00 02 8f",
                        new Packet.Suback(
                                10,
                                Properties.NONE,
                                List.of(
                                        ReasonCode.GRANTED_QOS_2,
                                        ReasonCode.TOPIC_FILTER_INVALID))),
                client(
                        V3_1_1,
                        "a2 0a 0001 0001 61 0003 622f2b",
                        new Packet.Unsubscribe(1, Properties.NONE, List.of("a", "b/+"))),
                client(
                        V5,
                        "a2 0d 0001 07 26 0001 6b 0001 76 0001 61",
                        new Packet.Unsubscribe(
                                1, Properties.builder().user("k", "v").build(), List.of("a"))),
                server(V3_1_1, "b0 02 0001", new Packet.Unsuback(1, Properties.NONE, List.of())),
                server(
                        V5,
                        "b0 05 0001 00 00 11",
                        new Packet.Unsuback(
                                1,
                                Properties.NONE,
                                List.of(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED))));
    }

    static List<Vector> others() {
        return List.of(
                client(V3_1, "c0 00", new Packet.Pingreq()),
                server(V5, "d0 00", new Packet.Pingresp()),
                client(V3_1_1, "e0 00", new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE)),
                client(V5, "e0 00", new Packet.Disconnect(ReasonCode.SUCCESS, Properties.NONE)),
                client(
                        V5,
                        "e0 01 04",
                        new Packet.Disconnect(ReasonCode.DISCONNECT_WITH_WILL, Properties.NONE)),
                client(
                        V5,
                        "e0 07 00 05 11 00000000",
                        new Packet.Disconnect(
                                ReasonCode.SUCCESS,
                                Properties.of(Property.SESSION_EXPIRY_INTERVAL, 0L))),
                server(
                        V5,
                        "e0 06 9c 04 1c 0001 62",
                        new Packet.Disconnect(
                                ReasonCode.USE_ANOTHER_SERVER,
                                Properties.of(Property.SERVER_REFERENCE, "b"))),
                client(V5, "f0 00", new Packet.Auth(ReasonCode.SUCCESS, Properties.NONE)),
                client(
                        V5,
                        "f0 0b 18 09 15 0001 6d 16 0002 6461",
                        new Packet.Auth(
                                ReasonCode.CONTINUE_AUTHENTICATION,
                                Properties.builder()
                                        .add(Property.AUTHENTICATION_METHOD, "m")
                                        .add(Property.AUTHENTICATION_DATA, Bytes.utf8("da"))
                                        .build())));
    }

    @ParameterizedTest
    @MethodSource({"connecting", "publishing", "subscribing", "others"})
    void bytes_are_the_packet_and_the_packet_is_the_bytes(Vector vector) throws Exception {
        assertThat(Frames.decode(vector.version, vector.sender, vector.hex))
                .isEqualTo(vector.packet);
        assertThat(Frames.encode(vector.version, vector.packet))
                .isEqualTo(Frames.compact(vector.hex));
    }
}
