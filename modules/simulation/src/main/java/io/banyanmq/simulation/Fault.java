package io.banyanmq.simulation;

/// What goes wrong, and how often in the usual mix.
enum Fault {
    GATEWAY_STOPS(8),
    GATEWAY_KILLED(3),
    GATEWAY_CUT(6),
    SLOW_FEED(8),
    CONVERSATION_BREAKS(6),
    LINK_CUT(4),
    LINK_BREAKS(4),
    STORE_STOPS(3),
    STORE_KILLED(2),
    STORE_CUT(3),
    STORE_SLOW(4),
    LEADER_CHANGES(5),
    LEADER_RETURNS(2),
    IMPOSTOR(2),
    CONDEMNED(2),
    TTL_CHANGES(2);

    final int weight;

    Fault(int weight) {
        this.weight = weight;
    }
}
