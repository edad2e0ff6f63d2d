package io.banyanmq.mqtt.codec;

/// What a decoder accepts at most. Each is checked before anything of that size is allocated.
///
/// @param propertiesMax properties of one packet (a will's count apart), user properties included;
///     more is 0x97
/// @param userPropertiesMax user properties of one packet; more is 0x97
/// @param filtersMax topic filters of one SUBSCRIBE or UNSUBSCRIBE, codes of one SUBACK or
///     UNSUBACK; more is 0x97
public record DecoderLimits(int propertiesMax, int userPropertiesMax, int filtersMax) {
    /// 128 properties a packet, of them 100 user properties; 1,024 filters.
    public static final DecoderLimits DEFAULT = new DecoderLimits(128, 100, 1_024);

    /// Checks that no limit is negative and at least one filter is allowed.
    public DecoderLimits {
        if (propertiesMax < 0 || userPropertiesMax < 0 || filtersMax < 1) {
            throw new IllegalArgumentException(
                    "limits must be at least 0 properties, 0 user properties, 1 filter, not "
                            + propertiesMax
                            + ", "
                            + userPropertiesMax
                            + ", "
                            + filtersMax);
        }
    }
}
