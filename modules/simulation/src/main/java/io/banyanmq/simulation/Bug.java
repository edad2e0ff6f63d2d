package io.banyanmq.simulation;

import io.banyanmq.mqtt.gateway.core.AgentRule;
import io.banyanmq.route.store.core.StoreRule;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// A planted bug: one rule less. Each must be convicted of breaking its promise.
@SuppressWarnings("ImmutableEnumChecker") // the fields are a record and a function without state
enum Bug {
    CHECKED_BEFORE_READING(
            Oracle.P10,
            Variant.without(LaneRule.CHECKED_AFTER_READING),
            p -> p.only(Fault.GATEWAY_STOPS).ttl(1_500)),
    FLAG_SET_BY_A_TIMER(
            Oracle.P10,
            Variant.without(LaneRule.CHECKED_AGAINST_CLOCK),
            p -> p.only(Fault.GATEWAY_STOPS).ttl(1_500)),
    CHECKED_THEN_AWAITED(
            Oracle.P10,
            Variant.without(LaneRule.CHECKED_AT_THE_END),
            p -> p.only(Fault.GATEWAY_CUT, Fault.LINK_CUT, Fault.GATEWAY_STOPS).ttl(1_500)),
    SUBACK_UNCHECKED(
            Oracle.P10,
            Variant.without(LaneRule.SUBACK_IS_CHECKED),
            p -> p.only(Fault.GATEWAY_STOPS, Fault.SLOW_FEED).ttl(1_500)),
    DESTINATION_TIMES_OUT(
            Oracle.P4,
            Variant.without(LaneRule.DESTINATIONS_ARE_AWAITED),
            p -> p.only(Fault.LINK_CUT, Fault.GATEWAY_STOPS)),
    CONNECTIONS_SURVIVE(
            Oracle.P4,
            Variant.without(LaneRule.CONNECTIONS_END),
            p -> p.only(Fault.GATEWAY_CUT, Fault.GATEWAY_STOPS).ttl(1_500)),
    CLOCK_BEFORE_RENEWALS(
            Oracle.P10,
            Variant.without(LaneRule.RENEWALS_BEFORE_CLOCK),
            p -> p.only(Fault.GATEWAY_CUT).ttl(1_500).slowGateways(750)),
    MISSING_ACK_IS_CONSENT(
            Oracle.P4,
            Variant.without(StoreRule.MISSING_IS_ZERO),
            p -> p.only(Fault.STORE_KILLED, Fault.SLOW_FEED, Fault.GATEWAY_STOPS)),
    VISIBLE_FROM_A_SHORTER_PREFIX(
            Oracle.P4,
            Variant.without(StoreRule.VISIBLE_NEEDS_APPLIED),
            p -> p.only(Fault.STORE_SLOW, Fault.SLOW_FEED, Fault.GATEWAY_KILLED)),
    ACKNOWLEDGED_WHEN_RECEIVED(
            Oracle.P4, Variant.without(AgentRule.ACKNOWLEDGED_WHEN_APPLIED), p -> p),
    SECOND_SUBSCRIBER_AT_ONCE(
            Oracle.P4,
            Variant.without(AgentRule.SECOND_SUBSCRIBER_WAITS),
            p -> p.only(Fault.SLOW_FEED)),
    CHANGES_AS_SETS(
            Oracle.P4,
            Variant.without(AgentRule.CHANGES_ARE_A_LIST),
            p -> p.only(Fault.CONVERSATION_BREAKS, Fault.LEADER_CHANGES)),
    CHANGES_IN_ANY_ORDER(
            Oracle.P4,
            Variant.without(StoreRule.CHANGES_ARE_ORDERED),
            p -> p.only(Fault.CONVERSATION_BREAKS, Fault.LEADER_CHANGES)),
    ENDED_EPOCH_REVIVES(
            Oracle.NEVER_REVIVES,
            Variant.without(StoreRule.ENDED_IS_FOR_EVER),
            p -> p.only(Fault.SLOW_FEED).ttl(1_500)),
    OTHER_INCARNATION_ENDS_IT(
            Oracle.P10, Variant.without(StoreRule.NAME_IS_HELD), p -> p.only(Fault.IMPOSTOR)),
    SERVES_WHEN_TOLD(
            Oracle.P4,
            Variant.without(AgentRule.SERVES_WHEN_APPLIED),
            p -> p.only(Fault.GATEWAY_KILLED, Fault.STORE_SLOW).ttl(6_000)),
    SINCE_THE_LAST_COMMITTED_TICK(
            Oracle.P10,
            Variant.without(StoreRule.SINCE_PROPOSED, StoreRule.ONE_TICK_IN_FLIGHT),
            p ->
                    p.only(Fault.STORE_CUT, Fault.STORE_STOPS, Fault.GATEWAY_CUT)
                            .ttl(1_500)
                            .slowGateways(750)),
    TICK_COUNTS_TWICE(
            Oracle.P10,
            Variant.without(StoreRule.TICK_IS_NUMBERED),
            p -> p.only(Fault.GATEWAY_CUT).ttl(1_500).slowGateways(750)),
    TICK_OF_ANOTHER_TERM(
            Oracle.P10,
            Variant.without(StoreRule.TICK_HAS_TERM),
            p ->
                    p.only(Fault.LEADER_RETURNS, Fault.LEADER_RETURNS, Fault.GATEWAY_CUT)
                            .ttl(1_000)
                            .slowGateways(750)),
    DEADLINE_FROM_CONFIRMATION(
            Oracle.P10,
            Variant.without(AgentRule.DEADLINE_FROM_SENDING),
            p -> p.only(Fault.SLOW_FEED, Fault.GATEWAY_STOPS).ttl(1_500)),
    DEADLINE_IS_THE_TTL(
            Oracle.P10,
            Variant.without(AgentRule.TWO_THIRDS_OF_TTL),
            p -> p.only(Fault.GATEWAY_CUT).ttl(3_000).slowGateways(750)),
    CLOCKS_ONE_TO_TWO(
            Oracle.P10, Variant.NONE, p -> p.only(Fault.GATEWAY_CUT).ttl(3_000).slowGateways(500)),
    GOES_BACK_TO_THE_OLD_EPOCH(
            Oracle.P4,
            Variant.without(AgentRule.NEVER_GOES_BACK),
            p -> p.only(Fault.GATEWAY_CUT).every(3_000).ttl(6_000).hold(200).late(60)),
    REFUSED_RENEWAL_CONFIRMS(
            Oracle.P10,
            Variant.without(StoreRule.ONLY_ACCEPTED_CONFIRMS),
            p -> p.only(Fault.CONDEMNED).ttl(1_500)),
    LATE_REGISTRATION_ENDS_A_LIVE_EPOCH(
            Oracle.P10,
            Variant.without(StoreRule.REGISTRATIONS_ARE_NUMBERED),
            p -> p.only(Fault.GATEWAY_KILLED, Fault.GATEWAY_CUT).ttl(1_500)),
    CONDEMNED_ENDS_AT_ONCE(
            Oracle.P10,
            Variant.without(StoreRule.CONDEMNED_ENDS_BY_SILENCE),
            p -> p.only(Fault.CONDEMNED)),
    LOWERED_TTL_COUNTS_AT_ONCE(
            Oracle.P10,
            Variant.without(StoreRule.TTL_IS_CARRIED),
            p -> p.only(Fault.TTL_CHANGES, Fault.GATEWAY_CUT).ttl(6_000)),
    LOWER_TTL_COUNTS_WHEN_CONFIRMED(
            Oracle.P10,
            Variant.without(AgentRule.LOWER_TTL_COUNTS_WHEN_SENT),
            p -> p.only(Fault.TTL_CHANGES, Fault.SLOW_FEED).ttl(6_000)),
    TWO_CLAIMS_SHARE_AN_EPOCH(
            Oracle.ONE_OWNER,
            Variant.without(StoreRule.EPOCH_HAS_POSITION),
            p -> p.only(Fault.LEADER_CHANGES)),
    NO_FEED_RULE(
            Oracle.IN_TIME,
            Variant.without(StoreRule.FEED_RULE),
            p -> p.only().then(Scenario.STUCK_FEED)),
    FEED_RULE_FOR_JOINING(
            Oracle.IN_TIME,
            Variant.without(StoreRule.FEED_RULE_SPARES_JOINING),
            p -> p.only().then(Scenario.LONG_SCAN)),
    ONE_STORE_IS_ASKED(
            Oracle.IN_TIME,
            Variant.without(AgentRule.ALL_STORES_ARE_ASKED),
            p -> p.only().then(Scenario.STORE_UNREACHED)),
    TICKS_PILE_UP(
            Oracle.IN_TIME,
            Variant.without(StoreRule.ONE_TICK_IN_FLIGHT),
            p -> p.only().ttl(6_000).then(Scenario.OUTAGE)),
    ELAPSED_WITHOUT_A_CAP(
            Oracle.IN_TIME,
            Variant.without(StoreRule.ELAPSED_IS_CAPPED),
            p -> p.only().then(Scenario.STORES_STOP));

    private final String promise;
    private final Variant variant;
    private final UnaryOperator<Profile> profile;

    Bug(String promise, Variant variant, UnaryOperator<Profile> profile) {
        this.promise = promise;
        this.variant = variant;
        this.profile = profile;
    }

    /// The promise that it breaks.
    String promise() {
        return promise;
    }

    Variant variant() {
        return variant;
    }

    /// The weather in which it shows soonest.
    Profile profile(Profile usual) {
        return profile.apply(usual.every(400).then(Scenario.NONE));
    }

    /// Its name on the command line.
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Bug named(String title) {
        return Arrays.stream(values())
                .filter(bug -> bug.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no bug is called " + title));
    }
}
