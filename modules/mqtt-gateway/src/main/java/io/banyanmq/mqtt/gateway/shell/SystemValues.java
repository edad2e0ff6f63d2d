package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.gateway.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The values below `$SYS`: Mosquitto's `$SYS/broker/…` and EMQX's `$SYS/brokers/<node>/…`, of this gateway alone.
final class SystemValues {
    private static final String BROKER = "$SYS/broker/";
    private static final List<Integer> LOAD_MINUTES = List.of(1, 5, 15);

    private final String node;
    private final String version;
    private final Clock clock;
    private final long startMillis;
    private final Clients clients;
    private final Totals totals;
    private final Map<String, Load> loads = new LinkedHashMap<>();
    private long sampledMillis;
    private volatile int clientsMaximum;

    /// What is summed over all loops.
    interface Totals {
        long of(Counter counter);

        long subscriptions();

        long filters();
    }

    SystemValues(String node, String version, Clock clock, Clients clients, Totals totals) {
        this.node = node;
        this.version = version;
        this.clock = clock;
        this.clients = clients;
        this.totals = totals;
        startMillis = clock.millis();
        sampledMillis = startMillis;
        load("messages/received", t -> t.of(Counter.PACKETS_RECEIVED));
        load("messages/sent", t -> t.of(Counter.PACKETS_SENT) + t.of(Counter.PUBLISH_SENT));
        load("publish/received", SystemValues::publishesReceived);
        load("publish/sent", t -> t.of(Counter.PUBLISH_SENT));
        load("publish/dropped", SystemValues::dropped);
        load("bytes/received", t -> t.of(Counter.BYTES_RECEIVED));
        load("bytes/sent", t -> t.of(Counter.BYTES_SENT));
        load("sockets", t -> t.of(Counter.CONNECTIONS_OPENED));
        load("connections", t -> t.of(Counter.CONNECTS_ACCEPTED));
    }

    private void load(String name, ToLongFunction<Totals> total) {
        loads.put(name, new Load(total));
    }

    private static long publishesReceived(Totals totals) {
        return totals.of(Counter.PUBLISH_RECEIVED_QOS0)
                + totals.of(Counter.PUBLISH_RECEIVED_QOS1)
                + totals.of(Counter.PUBLISH_RECEIVED_QOS2);
    }

    private static long dropped(Totals totals) {
        return totals.of(Counter.DROPPED_SLOW_CONSUMER)
                + totals.of(Counter.DROPPED_QUEUE_FULL)
                + totals.of(Counter.DROPPED_TOO_LARGE)
                + totals.of(Counter.DROPPED_EXPIRED)
                + totals.of(Counter.DROPPED_DISCONNECTED);
    }

    /// Brings the load averages up to date; by one thread.
    synchronized void sample() {
        long now = clock.millis();
        double minutes = Math.max(1, now - sampledMillis) / 60_000.0;
        sampledMillis = now;
        loads.values().forEach(load -> load.sample(totals, minutes));
        clientsMaximum = Math.max(clientsMaximum, clients.count());
    }

    /// All values now, by topic.
    synchronized Map<String, String> now() {
        Map<String, String> values = new LinkedHashMap<>();
        brokerValues(values);
        loads.forEach((name, load) -> load.values(name, values));
        brokersValues(values);
        return values;
    }

    private Duration uptime() {
        return Duration.ofMillis(clock.millis() - startMillis);
    }

    private void brokerValues(Map<String, String> values) {
        int connected = clients.count();
        clientsMaximum = Math.max(clientsMaximum, connected);
        Map<String, Object> broker = new LinkedHashMap<>();
        broker.put("version", "BanyanMQ " + version);
        broker.put("uptime", uptime().toSeconds() + " seconds");
        broker.put("clients/total", connected);
        broker.put("clients/connected", connected);
        broker.put("clients/active", connected);
        broker.put("clients/disconnected", 0);
        broker.put("clients/inactive", 0);
        broker.put("clients/expired", 0);
        broker.put("clients/maximum", clientsMaximum);
        broker.put("messages/received", totals.of(Counter.PACKETS_RECEIVED));
        broker.put(
                "messages/sent", totals.of(Counter.PACKETS_SENT) + totals.of(Counter.PUBLISH_SENT));
        broker.put("messages/stored", totals.of(Counter.WAITING));
        broker.put("store/messages/count", totals.of(Counter.WAITING));
        broker.put("publish/messages/received", publishesReceived(totals));
        broker.put("publish/messages/sent", totals.of(Counter.PUBLISH_SENT));
        broker.put("publish/messages/dropped", dropped(totals));
        broker.put("publish/bytes/received", totals.of(Counter.PUBLISH_BYTES_RECEIVED));
        broker.put("publish/bytes/sent", totals.of(Counter.PUBLISH_BYTES_SENT));
        broker.put("bytes/received", totals.of(Counter.BYTES_RECEIVED));
        broker.put("bytes/sent", totals.of(Counter.BYTES_SENT));
        broker.put("subscriptions/count", totals.subscriptions());
        broker.put("retained messages/count", 0);
        broker.forEach((name, value) -> values.put(BROKER + name, value.toString()));
    }

    private void brokersValues(Map<String, String> values) {
        values.put("$SYS/brokers", node);
        Map<String, Object> brokers = new LinkedHashMap<>();
        brokers.put("version", version);
        brokers.put("uptime", uptime().toMillis());
        brokers.put(
                "datetime",
                OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS));
        brokers.put("sysdescr", "BanyanMQ");
        brokers.put("stats/connections/count", clients.count());
        brokers.put("stats/connections/max", clientsMaximum);
        brokers.put("stats/subscriptions/count", totals.subscriptions());
        brokers.put("stats/topics/count", totals.filters());
        brokers.put("metrics/bytes/received", totals.of(Counter.BYTES_RECEIVED));
        brokers.put("metrics/bytes/sent", totals.of(Counter.BYTES_SENT));
        brokers.put("metrics/packets/received", totals.of(Counter.PACKETS_RECEIVED));
        brokers.put(
                "metrics/packets/sent",
                totals.of(Counter.PACKETS_SENT) + totals.of(Counter.PUBLISH_SENT));
        brokers.put("metrics/packets/publish/received", publishesReceived(totals));
        brokers.put("metrics/packets/publish/sent", totals.of(Counter.PUBLISH_SENT));
        brokers.put("metrics/messages/received", publishesReceived(totals));
        brokers.put("metrics/messages/sent", totals.of(Counter.PUBLISH_SENT));
        brokers.put("metrics/messages/qos0/received", totals.of(Counter.PUBLISH_RECEIVED_QOS0));
        brokers.put("metrics/messages/qos1/received", totals.of(Counter.PUBLISH_RECEIVED_QOS1));
        brokers.put("metrics/messages/qos2/received", totals.of(Counter.PUBLISH_RECEIVED_QOS2));
        brokers.put("metrics/messages/dropped", dropped(totals));
        brokers.put("metrics/messages/forward", totals.of(Counter.FORWARDED_OUT));
        brokers.forEach(
                (name, value) -> values.put("$SYS/brokers/" + node + "/" + name, value.toString()));
    }

    /// Exponentially damped rates a minute, as Mosquitto reports them.
    private static final class Load {
        private final ToLongFunction<Totals> total;
        private final double[] perMinute = new double[LOAD_MINUTES.size()];
        private long last;

        Load(ToLongFunction<Totals> total) {
            this.total = total;
        }

        void sample(Totals totals, double minutes) {
            long now = total.applyAsLong(totals);
            double rate = (now - last) / minutes;
            last = now;
            for (int i = 0; i < perMinute.length; i++) {
                double keep = Math.exp(-minutes / LOAD_MINUTES.get(i));
                perMinute[i] = rate + keep * (perMinute[i] - rate);
            }
        }

        void values(String name, Map<String, String> values) {
            for (int i = 0; i < perMinute.length; i++) {
                values.put(
                        BROKER + "load/" + name + "/" + LOAD_MINUTES.get(i) + "min",
                        String.format(Locale.ROOT, "%.2f", perMinute[i]));
            }
        }
    }
}
