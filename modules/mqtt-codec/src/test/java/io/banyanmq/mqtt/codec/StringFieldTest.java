package io.banyanmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every string of every packet is UTF-8 and without U+0000: client identifier [MQTT-3.1.3-4], will
/// topic [MQTT-3.1.3-11], user name [MQTT-3.1.3-12], topic name [MQTT-3.3.2-1], response topic
/// [MQTT-3.3.2-13], content type [MQTT-3.3.2-19], topic filters [MQTT-3.8.3-1], [MQTT-3.10.3-1],
/// [MQTT-4.7.3-2] and the strings of all properties [MQTT-1.5.7-1].
///
/// Each packet carries a marker in one string, which is then spoilt on the wire.
class StringFieldTest {
    private static final String MARKER = "§§";
    private static final String MARKER_HEX = "c2a7c2a7";

    record Field(String label, Packet packet) {}

    static List<Field> fields() {
        Packet.Will will =
                new Packet.Will(MARKER, Bytes.EMPTY, Qos.AT_MOST_ONCE, false, Properties.NONE);
        Packet.Subscription subscription = Packet.Subscription.of(MARKER, Qos.AT_MOST_ONCE);
        return List.of(
                new Field("client identifier", connect(MARKER, null, "")),
                new Field("will topic", connect("", will, "")),
                new Field("user name", connect("", null, MARKER)),
                new Field("topic name", publish(MARKER, Properties.NONE)),
                field(Property.RESPONSE_TOPIC, StringFieldTest::publish),
                field(Property.CONTENT_TYPE, StringFieldTest::publish),
                new Field(
                        "topic filter",
                        new Packet.Subscribe(1, Properties.NONE, List.of(subscription))),
                new Field(
                        "topic filter",
                        new Packet.Unsubscribe(1, Properties.NONE, List.of("a", MARKER))),
                field(Property.ASSIGNED_CLIENT_IDENTIFIER, StringFieldTest::connack),
                field(Property.RESPONSE_INFORMATION, StringFieldTest::connack),
                field(Property.SERVER_REFERENCE, StringFieldTest::connack),
                field(Property.REASON_STRING, StringFieldTest::connack),
                field(Property.AUTHENTICATION_METHOD, StringFieldTest::connack),
                new Field(
                        "user property name",
                        connack(Properties.builder().user(MARKER, "v").build())),
                new Field(
                        "user property value",
                        connack(Properties.builder().user("k", MARKER).build())));
    }

    private static Field field(Property<String> property, Function<Properties, Packet> packet) {
        return new Field(property.label(), packet.apply(Properties.of(property, MARKER)));
    }

    private static Packet connect(String clientId, Packet.@Nullable Will will, String user) {
        return new Packet.Connect(
                MqttVersion.V5, true, 0, Properties.NONE, clientId, will, user, null);
    }

    private static Packet publish(Properties properties) {
        return publish("t", properties);
    }

    private static Packet publish(String topic, Properties properties) {
        return new Packet.Publish(
                false, Qos.AT_MOST_ONCE, false, topic, 0, properties, Bytes.EMPTY);
    }

    private static Packet connack(Properties properties) {
        return new Packet.Connack(false, ReasonCode.SUCCESS, properties);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void a_spoilt_string_is_malformed(Field field) throws Exception {
        String good = Frames.encode(MqttVersion.V5, field.packet);
        assertThat(good).containsOnlyOnce(MARKER_HEX);
        assertThat(Frames.decode(MqttVersion.V5, sender(field), good)).isEqualTo(field.packet);
        spoilt(field, good, "c2a7c221", "is not well-formed UTF-8 [MQTT-1.5.4-1]");
        spoilt(field, good, "61eda080", "is not well-formed UTF-8 [MQTT-1.5.4-1]");
        spoilt(field, good, "f4908080", "is not well-formed UTF-8 [MQTT-1.5.4-1]");
        spoilt(field, good, "6161c080", "is not well-formed UTF-8 [MQTT-1.5.4-1]");
        spoilt(field, good, "61006161", "contains U+0000 [MQTT-1.5.4-2]");
    }

    private static void spoilt(Field field, String good, String bytes, String problem) {
        MalformedPacketException fault =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () ->
                                Frames.decode(
                                        MqttVersion.V5,
                                        sender(field),
                                        good.replace(MARKER_HEX, bytes)));
        assertThat(fault).hasMessage(field.packet.type() + ": " + field.label + " " + problem);
        assertThat(fault.reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
    }

    private static Sender sender(Field field) {
        return field.packet.type().sentBy(Sender.CLIENT) ? Sender.CLIENT : Sender.SERVER;
    }
}
