package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;

/// Decides what becomes of a will when its connection ends. MQTT 5 §3.1.2.5, §3.1.3.2.2, §3.14.4.
public final class WillRules {
    private WillRules() {}

    /// How a connection ended.
    public sealed interface End {
        /// The client said DISCONNECT.
        ///
        /// @param code 0x04 asks for the will
        record ByClient(ReasonCode code) implements End {}

        /// The connection broke, or the gateway closed it.
        record Broken() implements End {}

        /// Another connection came with the same client id.
        ///
        /// @param cleanStart whether that one begins a new session, which ends this one's
        record TakenOver(boolean cleanStart) implements End {}
    }

    /// What becomes of the will.
    public sealed interface Fate {
        /// Nothing: there is none, or it was discarded.
        record Discarded() implements Fate {}

        /// It is published now.
        record Now(Packet.Will will) implements Fate {}

        /// It is published after some time, unless the client resumes its session before.
        ///
        /// @param delaySeconds 1 or more
        record Later(Packet.Will will, long delaySeconds) implements Fate {}
    }

    /// Decides.
    public static Fate fate(ClientTerms terms, End end) {
        Packet.Will will = terms.will();
        if (will == null) {
            return new Fate.Discarded();
        }
        long delay =
                Math.min(
                        will.properties().get(Property.WILL_DELAY_INTERVAL, 0L),
                        terms.sessionExpirySeconds());
        return switch (end) {
            case End.ByClient(ReasonCode code) when code == ReasonCode.SUCCESS ->
                    new Fate.Discarded(); // [MQTT-3.1.2-8], [MQTT-3.14.4-3]
            // [MQTT-3.1.3-9]: the new connection resumes the session before the delay has passed
            case End.TakenOver(boolean cleanStart) when !cleanStart && delay > 0 ->
                    new Fate.Discarded();
            case End.TakenOver(_) -> new Fate.Now(will);
            case End.ByClient(_), End.Broken() ->
                    delay == 0 ? new Fate.Now(will) : new Fate.Later(will, delay);
        };
    }

    /// Whether a delayed will is discarded when its client id connects again; if not, it is published at once, as
    /// its session has ended.
    public static boolean cancelledBy(ClientTerms newcomer) {
        return !newcomer.cleanStart();
    }
}
