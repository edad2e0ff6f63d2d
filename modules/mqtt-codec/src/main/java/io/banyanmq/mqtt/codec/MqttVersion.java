package io.banyanmq.mqtt.codec;

/// The protocol versions this codec speaks, oldest first.
public enum MqttVersion {
    /// MQTT 3.1 (IBM, 2010): protocol name `MQIsdp`, level 3.
    V3_1("MQIsdp", 3),
    /// MQTT 3.1.1 (OASIS, 2014): protocol name `MQTT`, level 4.
    V3_1_1("MQTT", 4),
    /// MQTT 5.0 (OASIS, 2019): protocol name `MQTT`, level 5.
    V5("MQTT", 5);

    private final String protocolName;
    private final int level;

    MqttVersion(String protocolName, int level) {
        this.protocolName = protocolName;
        this.level = level;
    }

    /// The protocol name a CONNECT of this version begins with.
    public String protocolName() {
        return protocolName;
    }

    /// The protocol level (in MQTT 5 words: protocol version) byte of a CONNECT.
    public int level() {
        return level;
    }

    /// Whether packets of this version carry properties and reason codes.
    public boolean hasProperties() {
        return this == V5;
    }
}
