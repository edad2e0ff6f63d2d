package io.banyanmq.fabric;

import java.util.Locale;

/// What a connection between two nodes is for.
public enum Purpose {
    /// A gateway's conversation with a store node.
    STORE,
    /// One lane of a gateway to a peer gateway.
    LINK,
    /// Between route stores before they form.
    FORMATION;

    /// As the handshake carries it.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
