package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.test.kit.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What MQTT forbids, byte by byte: the connection is closed, before MQTT 5 without another word, and the gateway lives on. The ids
/// in each row are those of ETSI TS 103 597-1 and of the standards' statements.
final class ForbiddenBytesTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [TP_MQTT_BROKER_CONNECT_001] [MQTT-2.2.2-1 of 3.1.1] [MQTT-2.2.2-2 of 3.1.1] | 11 0d 0004 4d515454 04 02 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_002] [MQTT-3.1.2-1 of 3.1.1] | 10 0d 0004 4d515458 04 02 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_004] [MQTT-3.1.2-3 of 3.1.1] [MQTT-3.1.4-1 of 3.1.1] | 10 0d 0004 4d515454 04 03 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_005] [MQTT-3.1.2-9 of 3.1.1] | 10 0d 0004 4d515454 04 06 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_006] [MQTT-3.1.2-11 of 3.1.1] | 10 13 0004 4d515454 04 02 003c 0001 61 0001 77 0001 78
                    [TP_MQTT_BROKER_CONNECT_007] [MQTT-3.1.2-13 of 3.1.1] | 10 0d 0004 4d515454 04 0a 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_008] [TP_MQTT_BROKER_CONNECT_009] [MQTT-3.1.2-14 of 3.1.1] | 10 13 0004 4d515454 04 1e 003c 0001 61 0001 77 0001 78
                    [TP_MQTT_BROKER_CONNECT_010] [TP_MQTT_BROKER_CONNECT_011] [MQTT-3.1.2-15 of 3.1.1] | 10 0d 0004 4d515454 04 22 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_012] [MQTT-3.1.2-22 of 3.1.1] | 10 10 0004 4d515454 04 42 003c 0001 61 0001 70
                    [TP_MQTT_BROKER_CONNECT_013] [MQTT-3.1.2-18 of 3.1.1] | 10 10 0004 4d515454 04 02 003c 0001 61 0001 75
                    [TP_MQTT_BROKER_CONNECT_014] [MQTT-3.1.2-19 of 3.1.1] | 10 0d 0004 4d515454 04 82 003c 0001 61
                    [TP_MQTT_BROKER_CONNECT_015] [MQTT-3.1.2-20 of 3.1.1] | 10 13 0004 4d515454 04 82 003c 0001 61 0001 75 0001 70
                    [TP_MQTT_BROKER_CONNECT_016] [MQTT-3.1.2-21 of 3.1.1] | 10 10 0004 4d515454 04 c2 003c 0001 61 0001 75
                    [TP_MQTT_BROKER_CONNECT_020] [MQTT-3.1.3-4 of 3.1.1] [MQTT-1.5.3-1 of 3.1.1] | 10 0f 0004 4d515454 04 02 003c 0003 eda080
                    [TP_MQTT_BROKER_CONNECT_021] [MQTT-1.5.3-2 of 3.1.1] | 10 0d 0004 4d515454 04 02 003c 0001 00
                    [TP_MQTT_BROKER_CONNECT_022] [MQTT-3.1.3-10 of 3.1.1] | 10 15 0004 4d515454 04 06 003c 0001 61 0003 eda080 0001 78
                    [TP_MQTT_BROKER_CONNECT_023] | 10 13 0004 4d515454 04 06 003c 0001 61 0001 00 0001 78
                    [TP_MQTT_BROKER_CONNECT_024] [MQTT-3.2.2-6 of 3.1.1] | 10 13 0004 4d515454 04 06 003c 0001 61 0001 2b 0001 78
                    [TP_MQTT_BROKER_CONNECT_025] | 10 13 0004 4d515454 04 06 003c 0001 61 0001 23 0001 78
                    [TP_MQTT_BROKER_CONNECT_026] [MQTT-3.1.3-11 of 3.1.1] | 10 12 0004 4d515454 04 82 003c 0001 61 0003 eda080
                    [TP_MQTT_BROKER_CONNECT_027] | 10 10 0004 4d515454 04 82 003c 0001 61 0001 00
                    [TP_MQTT_BROKER_CONNECT_028] [MQTT-3.1.0-1 of 3.1.1] | 30 04 0001 61 78
                    [TP_MQTT_BROKER_CONNECT_031] | 10 12 0004 4d515454 04 06 003c 0001 61 0000 0001 78
                    """)
    void a_connect_that_breaks_the_rules_gets_no_connack(String ids, String hex)
            throws IOException {
        assertThat(ids).isNotEmpty();
        try (RawClient client = gateway.open(MqttVersion.V3_1_1)) {
            client.sendBytes(bytes(hex));
            assertThatThrownBy(client::next).hasMessageContaining("closed the connection");
        }
        assertLives();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [TP_MQTT_BROKER_PUBLISH_001] [TP_MQTT_BROKER_PUBLISH_008] [MQTT-3.3.1-2 of 3.1.1] | 38 04 0001 61 78
                    [TP_MQTT_BROKER_PUBLISH_002] [MQTT-3.3.1-4 of 3.1.1] | 36 06 0001 61 0001 78
                    [TP_MQTT_BROKER_PUBLISH_003] [MQTT-3.3.2-1 of 3.1.1] | 30 06 0003 eda080 78
                    [TP_MQTT_BROKER_PUBLISH_004] [MQTT-3.3.2-2 of 3.1.1] [MQTT-4.7.1-1 of 3.1.1] | 30 04 0001 23 78
                    [TP_MQTT_BROKER_PUBLISH_005] | 30 04 0001 2b 78
                    [TP_MQTT_BROKER_PUBLISH_006] [MQTT-4.7.3-1 of 3.1.1] | 30 03 0000 78
                    [TP_MQTT_BROKER_PUBLISH_007] [MQTT-4.7.3-2 of 3.1.1] | 30 04 0001 00 78
                    [TP_MQTT_BROKER_PUBLISH_010] [MQTT-2.3.1-1 of 3.1.1] | 32 06 0001 61 0000 78
                    [TP_MQTT_BROKER_PUBLISH_011] | 34 06 0001 61 0000 78
                    [TP_MQTT_BROKER_SEC_CVE_002] | 30 06 000a 24535953
                    [TP_MQTT_BROKER_PUBACK_001] | 41 02 0001
                    [TP_MQTT_BROKER_PUBREC_001] | 51 02 0001
                    [TP_MQTT_BROKER_PUBREL_001] [MQTT-3.6.1-1 of 3.1.1] | 60 02 0001
                    [TP_MQTT_BROKER_PUBCOMP_001] | 71 02 0001
                    [TP_MQTT_BROKER_SUBSCRIBE_001] [MQTT-3.8.1-1 of 3.1.1] | 80 06 0001 0001 61 00
                    [TP_MQTT_BROKER_SUBSCRIBE_002] | 82 06 0000 0001 61 00
                    [TP_MQTT_BROKER_SUBSCRIBE_003] [MQTT-3.8.3-1 of 3.1.1] | 82 08 0001 0003 eda080 00
                    [TP_MQTT_BROKER_SUBSCRIBE_004] | 82 06 0001 0001 00 00
                    [TP_MQTT_BROKER_SUBSCRIBE_005] | 82 05 0001 0000 00
                    [TP_MQTT_BROKER_SUBSCRIBE_006] [MQTT-3.8.3-3 of 3.1.1] | 82 02 0001
                    [TP_MQTT_BROKER_SUBSCRIBE_007] [MQTT-3.8.3-4 of 3.1.1] | 82 06 0001 0001 61 04
                    [TP_MQTT_BROKER_SUBSCRIBE_008] | 82 06 0001 0001 61 03
                    [TP_MQTT_BROKER_SUBSCRIBE_009] [MQTT-4.7.1-2 of 3.1.1] | 82 07 0001 0002 6123 00
                    [TP_MQTT_BROKER_SUBSCRIBE_010] [MQTT-4.7.1-3 of 3.1.1] | 82 07 0001 0002 612b 00
                    [TP_MQTT_BROKER_SEC_CVE_001] | 82 06 0001 ffff 61 00
                    [TP_MQTT_BROKER_UNSUBSCRIBE_001] [MQTT-3.10.1-1 of 3.1.1] | a0 05 0001 0001 61
                    [TP_MQTT_BROKER_UNSUBSCRIBE_002] | a2 05 0000 0001 61
                    [TP_MQTT_BROKER_UNSUBSCRIBE_003] [MQTT-3.10.3-1 of 3.1.1] | a2 07 0001 0003 eda080
                    [TP_MQTT_BROKER_UNSUBSCRIBE_004] | a2 04 0001 0000
                    [TP_MQTT_BROKER_UNSUBSCRIBE_005] | a2 05 0001 0001 00
                    [TP_MQTT_BROKER_UNSUBSCRIBE_006] [MQTT-3.10.3-2 of 3.1.1] | a2 02 0001
                    [TP_MQTT_BROKER_PINGREQ_001] | c1 00
                    [TP_MQTT_BROKER_DISCONNECT_001] [TP_MQTT_BROKER_DISCONNECT_002] [MQTT-3.14.1-1 of 3.1.1] | e1 00
                    a client does not send what is the server's | d0 00
                    """)
    void a_packet_that_breaks_the_rules_ends_the_connection(String ids, String hex)
            throws IOException {
        assertThat(ids).isNotEmpty();
        try (RawClient client = gateway.connect(MqttVersion.V3_1_1, "a")) {
            client.sendBytes(bytes(hex));
            assertThatThrownBy(client::next).hasMessageContaining("closed the connection");
        }
        assertLives();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [MQTT-3.1.2-3] | 10 0e 0004 4d515454 05 03 003c 00 0001 61 | MALFORMED_PACKET
                    [MQTT-3.1.2-11] | 10 0e 0004 4d515454 05 0a 003c 00 0001 61 | PROTOCOL_ERROR
                    [MQTT-3.1.2-12] | 10 15 0004 4d515454 05 1e 003c 00 0001 61 00 0001 77 0001 78 | MALFORMED_PACKET
                    [MQTT-3.1.2-13] | 10 0e 0004 4d515454 05 22 003c 00 0001 61 | PROTOCOL_ERROR
                    """)
    void a_malformed_connect_of_mqtt_5_is_told_so(String ids, String hex, ReasonCode code)
            throws IOException {
        assertThat(ids).isNotEmpty();
        try (RawClient client = gateway.open(MqttVersion.V5)) {
            client.sendBytes(bytes(hex));
            assertThat(client.expect(Packet.Connack.class).reasonCode()).isEqualTo(code);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [MQTT-1.5.5-1] | 32 06 0001 61 0001 8000 | MALFORMED_PACKET
                    [MQTT-2.1.3-1] | c1 00 | MALFORMED_PACKET
                    [MQTT-3.3.1-2] | 38 05 0001 61 00 78 | PROTOCOL_ERROR
                    [MQTT-3.3.1-4] | 36 07 0001 61 0001 00 78 | MALFORMED_PACKET
                    [MQTT-3.3.2-2] [MQTT-4.7.0-1] | 30 05 0001 23 00 78 | PROTOCOL_ERROR
                    [MQTT-3.3.2-14] | 30 09 0001 61 04 08 0001 2b 78 | PROTOCOL_ERROR
                    [MQTT-3.6.1-1] | 60 02 0001 | MALFORMED_PACKET
                    [MQTT-3.8.1-1] | 80 07 0001 00 0001 61 00 | MALFORMED_PACKET
                    [MQTT-3.8.3-2] | 82 03 0001 00 | PROTOCOL_ERROR
                    [MQTT-3.8.3-5] | 82 07 0001 00 0001 61 40 | MALFORMED_PACKET
                    [MQTT-3.10.1-1] | a0 06 0001 00 0001 61 | MALFORMED_PACKET
                    [MQTT-3.10.3-2] | a2 03 0001 00 | PROTOCOL_ERROR
                    [MQTT-3.14.1-1] | e1 00 | MALFORMED_PACKET
                    [MQTT-3.15.1-1] | f1 00 | MALFORMED_PACKET
                    [MQTT-3.15.2-1] | f0 01 01 | PROTOCOL_ERROR
                    """)
    void a_packet_of_mqtt_5_that_breaks_the_rules_is_told_so(
            String ids, String hex, ReasonCode code) throws IOException {
        assertThat(ids).isNotEmpty();
        try (RawClient client = gateway.connect(MqttVersion.V5, "a")) {
            client.sendBytes(bytes(hex));
            assertThat(client.expect(Packet.Disconnect.class).reasonCode()).isEqualTo(code);
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertLives();
    }

    private static void assertLives() throws IOException {
        try (RawClient watcher = gateway.connect(MqttVersion.V3_1_1, "watcher")) {
            assertThat(watcher.untilPingresp()).isEmpty();
        }
    }
}
