package io.banyanmq.mqtt.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes valid packets of every type from a seed: each field takes its edge values often. What it
/// makes for a version has nothing that version cannot carry, so it comes back equal.
final class RandomPackets {
    private static final String[] TEXTS = {
        "", "a", "sensors/7/temperature", "ä/ö", "\uFEFFbom", "日本語", "🌳/x", "~\u007f", "a\u0001b"
    };

    private final Random random;
    private final MqttVersion version;

    RandomPackets(long seed, MqttVersion version) {
        this.random = new Random(seed);
        this.version = version;
    }

    Packet next(PacketType type) {
        return switch (type) {
            case CONNECT -> connect();
            case CONNACK -> connack();
            case PUBLISH -> publish();
            case PUBACK -> new Packet.Puback(id(), code(type), properties(Property.Site.PUBACK));
            case PUBREC -> new Packet.Pubrec(id(), code(type), properties(Property.Site.PUBREC));
            case PUBREL -> new Packet.Pubrel(id(), code(type), properties(Property.Site.PUBREL));
            case PUBCOMP -> new Packet.Pubcomp(id(), code(type), properties(Property.Site.PUBCOMP));
            case SUBSCRIBE ->
                    new Packet.Subscribe(
                            id(), properties(Property.Site.SUBSCRIBE), several(this::subscription));
            case SUBACK ->
                    new Packet.Suback(
                            id(), properties(Property.Site.SUBACK), several(this::subackCode));
            case UNSUBSCRIBE ->
                    new Packet.Unsubscribe(
                            id(), properties(Property.Site.UNSUBSCRIBE), several(this::filter));
            case UNSUBACK ->
                    new Packet.Unsuback(
                            id(),
                            properties(Property.Site.UNSUBACK),
                            v5() ? several(() -> code(type)) : List.of());
            case PINGREQ -> new Packet.Pingreq();
            case PINGRESP -> new Packet.Pingresp();
            case DISCONNECT ->
                    new Packet.Disconnect(code(type), properties(Property.Site.DISCONNECT));
            case AUTH -> auth();
        };
    }

    private boolean v5() {
        return version == MqttVersion.V5;
    }

    private Packet connect() {
        boolean clean = random.nextBoolean();
        boolean idNeeded = version == MqttVersion.V3_1 || (version == MqttVersion.V3_1_1 && !clean);
        @Nullable String user = random.nextBoolean() ? text() : null;
        @Nullable Bytes password =
                random.nextBoolean() && (user != null || v5()) ? bytes(20) : null;
        Packet.@Nullable Will will =
                random.nextBoolean()
                        ? new Packet.Will(
                                "w" + text(),
                                bytes(50),
                                qos(),
                                random.nextBoolean(),
                                properties(Property.Site.WILL))
                        : null;
        return new Packet.Connect(
                version,
                clean,
                edge(0, 0xFFFF),
                properties(Property.Site.CONNECT),
                idNeeded ? "c" + text() : text(),
                will,
                user,
                password);
    }

    private Packet connack() {
        ReasonCode code = code(PacketType.CONNACK);
        boolean present =
                code == ReasonCode.SUCCESS && version != MqttVersion.V3_1 && random.nextBoolean();
        return new Packet.Connack(present, code, properties(Property.Site.CONNACK));
    }

    private Packet publish() {
        Qos qos = qos();
        Properties properties = properties(Property.Site.PUBLISH);
        boolean alias = properties.get(Property.TOPIC_ALIAS).isPresent();
        return new Packet.Publish(
                qos != Qos.AT_MOST_ONCE && random.nextBoolean(),
                qos,
                random.nextBoolean(),
                alias ? text() : "t" + text(),
                qos == Qos.AT_MOST_ONCE ? 0 : id(),
                properties,
                bytes(random.nextInt(10) == 0 ? 20_000 : 200));
    }

    private Packet auth() {
        Properties properties =
                properties(Property.Site.AUTH).without(Property.AUTHENTICATION_METHOD);
        return new Packet.Auth(
                code(PacketType.AUTH),
                Properties.builder()
                        .add(Property.AUTHENTICATION_METHOD, text())
                        .addAll(properties)
                        .build());
    }

    private Packet.Subscription subscription() {
        String filter = filter();
        return v5()
                ? new Packet.Subscription(
                        filter,
                        qos(),
                        !filter.startsWith("$share/") && random.nextBoolean(),
                        random.nextBoolean(),
                        RetainHandling.of(random.nextInt(3)))
                : Packet.Subscription.of(filter, qos());
    }

    private String filter() {
        return random.nextInt(4) == 0 ? "$share/g/" + text() : text() + "/+/#";
    }

    private Properties properties(Property.Site site) {
        Properties.Builder builder = Properties.builder();
        if (!v5() || random.nextInt(3) == 0) {
            return builder.build();
        }
        boolean method = false;
        for (Property<?> property : Property.all()) {
            int times = property.repeatsAt(site) ? random.nextInt(3) : random.nextInt(2);
            boolean fits = property != Property.AUTHENTICATION_DATA || method;
            // Both directions take these, which only one of them may send.
            boolean oneWay =
                    (site == Property.Site.PUBLISH && property == Property.SUBSCRIPTION_IDENTIFIER)
                            || (site == Property.Site.DISCONNECT
                                    && property == Property.SESSION_EXPIRY_INTERVAL);
            for (int i = 0; i < times && fits && !oneWay && property.allowedAt(site); i++) {
                add(builder, property);
                method |= property == Property.AUTHENTICATION_METHOD;
            }
        }
        return builder.build();
    }

    @SuppressWarnings("unchecked")
    private <T> void add(Properties.Builder builder, Property<T> property) {
        Object value =
                switch (property.form()) {
                    case BIT -> random.nextInt(2);
                    case FLAG -> random.nextBoolean();
                    case TWO -> edge(0, 0xFFFF);
                    case TWO_POSITIVE -> edge(1, 0xFFFF);
                    case FOUR -> edge(0, Integer.MAX_VALUE) * 2L;
                    case FOUR_POSITIVE -> 1 + edge(0, Integer.MAX_VALUE) * 2L;
                    case VARIABLE -> edge(1, VariableByteInteger.MAX);
                    case TEXT, TOPIC -> text();
                    case BINARY -> bytes(30);
                    case PAIR -> new UserProperty(text(), text());
                };
        builder.add(property, (T) value);
    }

    private ReasonCode code(PacketType type) {
        if (!v5() && type != PacketType.CONNACK) {
            return ReasonCode.SUCCESS;
        }
        List<ReasonCode> codes =
                v5()
                        ? List.of(ReasonCode.values()).stream()
                                .filter(code -> code.allowedIn(type))
                                .toList()
                        : List.of(
                                ReasonCode.SUCCESS,
                                ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                                ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                                ReasonCode.SERVER_UNAVAILABLE,
                                ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                                ReasonCode.NOT_AUTHORIZED);
        return codes.get(random.nextInt(codes.size()));
    }

    private ReasonCode subackCode() {
        return v5()
                ? code(PacketType.SUBACK)
                : random.nextInt(4) == 0 ? ReasonCode.UNSPECIFIED_ERROR : ReasonCode.granted(qos());
    }

    private <T> List<T> several(Supplier<T> source) {
        int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 3);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(source.get());
        }
        return list;
    }

    private int id() {
        return edge(1, 0xFFFF);
    }

    private int edge(int min, int max) {
        return switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> random.nextInt(min, max);
        };
    }

    private Qos qos() {
        return Qos.of(random.nextInt(3));
    }

    private String text() {
        return random.nextInt(30) == 0
                ? "x".repeat(random.nextInt(300))
                : TEXTS[random.nextInt(TEXTS.length)];
    }

    private Bytes bytes(int max) {
        byte[] bytes = new byte[random.nextInt(max)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
