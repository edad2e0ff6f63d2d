package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.Counter;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.GatewayView;
import io.banyanmq.mqtt.gateway.Loops;
import io.banyanmq.mqtt.gateway.lane.LaneFactory;
import io.banyanmq.topic.SubscriptionTable;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/// The MQTT side of a gateway: listeners, lanes, and what they share. Knows the cluster only as one
/// [io.banyanmq.mqtt.gateway.lane.ClusterLane] a loop.
public final class MqttServer implements AutoCloseable {
    private static final long LOOP_SECONDS_MAX = 10;

    private final List<Lane> lanes;
    private final Listeners listeners;
    private final ScheduledFuture<?> systemPublishing;
    private final GatewayView view;

    private MqttServer(
            List<Lane> lanes,
            Listeners listeners,
            ScheduledFuture<?> systemPublishing,
            GatewayView view) {
        this.lanes = lanes;
        this.listeners = listeners;
        this.systemPublishing = systemPublishing;
        this.view = view;
    }

    /// Opens lanes and then listeners. Clients are refused (0x88) for as long as their lane may not acknowledge.
    ///
    /// @param node for `$SYS`
    /// @param version of the program, for `$SYS`
    /// @param loops stay the caller's, who closes them after this
    /// @param cluster the cluster's side of each loop
    /// @param random must be usable by any thread and not be guessable
    /// @param clock for people, never for decisions
    /// @throws IOException if a listener cannot be opened; it is named
    public static MqttServer start(
            NodeName node,
            String version,
            GatewayConfig config,
            Loops loops,
            LaneFactory cluster,
            RandomGenerator random,
            Clock clock)
            throws IOException {
        Commons commons = Commons.of(node, config, random, clock);
        List<Lane> lanes = new ArrayList<>();
        LaneTotals totals = new LaneTotals(lanes, commons.table());
        SystemValues values =
                new SystemValues(node.toString(), version, clock, commons.clients(), totals);
        SystemTopics system = new SystemTopics(values);
        List<EventLoop> all = loops.all();
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            lanes.add(
                    onLoop(
                            all.get(i),
                            () ->
                                    new Lane(
                                            index,
                                            all.size(),
                                            all.get(index),
                                            lanes,
                                            commons,
                                            system,
                                            cluster)));
        }
        Listeners listeners;
        try {
            listeners = new Listeners(config.listeners(), loops, lanes);
        } catch (IOException e) {
            closeLanes(lanes);
            throw e;
        }
        Lane first = lanes.getFirst();
        long interval = config.sysInterval().toMillis();
        ScheduledFuture<?> publishing =
                first.loop.scheduleAtFixedRate(
                        () -> system.publish(first), interval, interval, TimeUnit.MILLISECONDS);
        return new MqttServer(
                lanes,
                listeners,
                publishing,
                new LiveView(lanes, commons, totals, listeners.bound()));
    }

    /// What it counts, and its clients.
    public GatewayView view() {
        return view;
    }

    /// Closes listeners first, then every client (0x8B), then the lanes.
    @Override
    public void close() {
        listeners.close();
        systemPublishing.cancel(false);
        closeLanes(lanes);
    }

    private static void closeLanes(List<Lane> lanes) {
        for (Lane lane : lanes) {
            if (!lane.loop.isShuttingDown() && !lane.isClosing()) {
                onLoop(
                        lane.loop,
                        () -> {
                            lane.close();
                            return lane;
                        });
            }
        }
    }

    private static <T> T onLoop(EventLoop loop, java.util.function.Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, loop)
                    .get(LOOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for an event loop", e);
        } catch (TimeoutException e) {
            throw new CompletionException(
                    "an event loop has not answered within " + LOOP_SECONDS_MAX + " s", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /// Sums over lanes.
    record LaneTotals(List<Lane> lanes, SubscriptionTable<Subscription> table)
            implements SystemValues.Totals {
        @Override
        public long of(Counter counter) {
            long sum = 0;
            for (Lane lane : lanes) {
                sum += lane.counters.get(counter);
            }
            return sum;
        }

        @Override
        public long subscriptions() {
            return table.subscriptions();
        }

        @Override
        public long filters() {
            return table.filters();
        }
    }
}
