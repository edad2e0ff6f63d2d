package io.banyanmq.simulation;

import io.banyanmq.mqtt.gateway.core.AgentRule;
import io.banyanmq.route.store.core.StoreRule;
import java.util.Set;

/// Which rules a run goes without.
record Variant(Set<StoreRule> store, Set<AgentRule> agent, Set<LaneRule> lane) {
    /// The product.
    static final Variant NONE = new Variant(Set.of(), Set.of(), Set.of());

    Variant {
        store = Set.copyOf(store);
        agent = Set.copyOf(agent);
        lane = Set.copyOf(lane);
    }

    static Variant without(StoreRule... rules) {
        return new Variant(Set.of(rules), Set.of(), Set.of());
    }

    static Variant without(AgentRule... rules) {
        return new Variant(Set.of(), Set.of(rules), Set.of());
    }

    static Variant without(LaneRule... rules) {
        return new Variant(Set.of(), Set.of(), Set.of(rules));
    }
}
