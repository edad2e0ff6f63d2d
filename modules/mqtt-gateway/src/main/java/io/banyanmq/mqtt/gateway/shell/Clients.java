package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.core.ClientTerms;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Who has which client id on this gateway: one connection each, over all loops.
final class Clients {
    private final ConcurrentMap<String, Connection> byId = new ConcurrentHashMap<>();

    /// Gives a client id to a connection. `granted` runs, on any loop, once the one that had it before is closed
    /// [MQTT-3.1.4-3].
    void claim(Connection newcomer, ClientTerms terms, Runnable granted) {
        Connection old = byId.put(terms.clientId(), newcomer);
        if (old == null) {
            granted.run();
        } else {
            old.lane.run(() -> old.takeOver(terms, granted));
        }
    }

    /// A connection has ended.
    void left(String clientId, Connection connection) {
        byId.remove(clientId, connection);
    }

    @Nullable Connection find(String clientId) {
        return byId.get(clientId);
    }

    int count() {
        return byId.size();
    }
}
