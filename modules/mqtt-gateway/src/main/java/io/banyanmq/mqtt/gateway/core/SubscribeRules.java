package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketType;
import io.banyanmq.mqtt.codec.Property;
import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.core.FarewellRules.Farewell;
import io.banyanmq.topic.TopicFault;
import io.banyanmq.topic.TopicFilter;
import io.banyanmq.topic.TopicRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides about SUBSCRIBE and UNSUBSCRIBE. MQTT 5 §3.8 to §3.11.
///
/// @param topics what is a topic filter
/// @param subscriptionsMax filters a client may have at the same time
public record SubscribeRules(TopicRules topics, int subscriptionsMax) {

    /// What becomes of one filter of a SUBSCRIBE; they keep the order of the packet.
    public sealed interface Verdict {
        /// What SUBACK says.
        ReasonCode code();

        /// The client is subscribed.
        ///
        /// @param filter as asked for
        /// @param options as asked for
        /// @param identifier 0 for none
        record Granted(TopicFilter filter, Packet.Subscription options, int identifier)
                implements Verdict {
            @Override
            public ReasonCode code() {
                return ReasonCode.granted(options.qos());
            }
        }

        /// The client is not.
        ///
        /// @param code 0x80 or above
        /// @param reason for logs and reason strings
        record Denied(ReasonCode code, String reason) implements Verdict {}
    }

    /// Whether a SUBSCRIBE or UNSUBSCRIBE has a filter that is none by MQTT's own rules, which ends the connection: MQTT 5
    /// §4.13.1, [MQTT-4.8.0-1] of MQTT 3.1.1. A filter that only passes a limit of this broker is denied by itself.
    public Optional<Farewell> fault(PacketType type, List<String> filters, MqttVersion version) {
        for (String filter : filters) {
            TopicFault fault = topics.checkFilter(filter);
            if (fault != null && isMalformed(fault.kind(), version)) {
                return Optional.of(
                        new Farewell(ReasonCode.MALFORMED_PACKET, type + ": " + fault.message()));
            }
        }
        return Optional.empty();
    }

    private static boolean isMalformed(TopicFault.Kind kind, MqttVersion version) {
        return switch (kind) {
            case EMPTY,
                    TOO_LONG,
                    NUL,
                    MALFORMED_UTF8,
                    WILDCARD_IN_NAME,
                    HASH_MISPLACED,
                    PLUS_MISPLACED ->
                    true;
            // Before MQTT 5, $share is a level like any other: what breaks its rules is just
            // denied.
            case SHARE_NAME_EMPTY, SHARE_NAME_WILDCARD, SHARE_FILTER_MISSING ->
                    version == MqttVersion.V5;
            case SHARE_NESTED, TOO_MANY_LEVELS -> false;
        };
    }

    /// Decides about each filter of a SUBSCRIBE.
    ///
    /// @param held the filters the client is subscribed to now
    public List<Verdict> subscribe(Packet.Subscribe subscribe, Set<TopicFilter> held) {
        int identifier = subscribe.properties().get(Property.SUBSCRIPTION_IDENTIFIER, 0);
        Set<TopicFilter> fresh = new LinkedHashSet<>();
        List<Verdict> verdicts = new ArrayList<>(subscribe.subscriptions().size());
        for (Packet.Subscription wanted : subscribe.subscriptions()) {
            TopicFault fault = topics.checkFilter(wanted.filter());
            if (fault != null) {
                verdicts.add(new Verdict.Denied(ReasonCode.TOPIC_FILTER_INVALID, fault.message()));
                continue;
            }
            TopicFilter filter = topics.filter(wanted.filter());
            boolean known = held.contains(filter) || fresh.contains(filter);
            if (!known && held.size() + fresh.size() >= subscriptionsMax) {
                verdicts.add(
                        new Verdict.Denied(
                                ReasonCode.QUOTA_EXCEEDED,
                                held.size() + " subscriptions, at most " + subscriptionsMax));
                continue;
            }
            if (!held.contains(filter)) {
                fresh.add(filter);
            }
            verdicts.add(new Verdict.Granted(filter, wanted, identifier));
        }
        return verdicts;
    }

    /// What one filter of an UNSUBSCRIBE names; empty if nobody can have subscribed to it, which is answered with 0x8F.
    public Optional<TopicFilter> unsubscribe(String filter) {
        return topics.checkFilter(filter) == null
                ? Optional.of(topics.filter(filter))
                : Optional.empty();
    }
}
