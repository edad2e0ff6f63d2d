package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.shell.Receivers.SharedRoute;
import io.banyanmq.topic.LevelHash;
import io.banyanmq.topic.Subscribers;
import io.banyanmq.topic.SubscriptionTable;
import io.banyanmq.topic.TopicLevels;
import io.banyanmq.topic.TopicRules;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the [Receivers] of topics for one loop, and keeps those of the latest topics.
final class Matcher {
    private static final int CACHE_SLOTS = 1_024;

    /// Topics longer than this are matched each time, so that the cache's size stays bounded.
    private static final int CACHED_TOPIC_BYTES_MAX = 256;

    /// Results with more targets than this are matched each time unless a connection keeps them.
    private static final int CACHED_TARGETS_MAX = 4_096;

    private static final byte[] SYSTEM = "$SYS".getBytes(StandardCharsets.US_ASCII);

    private final int laneIndex;
    private final int laneCount;
    private final SubscriptionTable<Subscription> table;
    private final ClusterLane cluster;
    private final TopicRules rules;
    private final RandomGenerator random;
    private final TopicLevels levels;
    private final Interest interest = new Interest();
    private final @Nullable Receivers[] cache = new @Nullable Receivers[CACHE_SLOTS];

    /// What a match has found so far.
    private final List<Subscribers<Subscription>> plainFound = new ArrayList<>();

    private final List<Subscribers<Subscription>> sharedFound = new ArrayList<>();

    Matcher(
            int laneIndex,
            int laneCount,
            SubscriptionTable<Subscription> table,
            LevelHash levelHash,
            ClusterLane cluster,
            TopicRules rules,
            RandomGenerator random) {
        this.laneIndex = laneIndex;
        this.laneCount = laneCount;
        this.table = table;
        this.cluster = cluster;
        this.rules = rules;
        this.random = random;
        levels = new TopicLevels(levelHash);
    }

    /// Whether kept receivers may be used for a topic.
    boolean isCurrent(@Nullable Receivers kept) {
        return kept != null && kept.isCurrent(table.version(), cluster.version());
    }

    /// The receivers of a topic that a client sent.
    Receivers find(ByteBuf in, int index, int length) {
        int slot = hash(in, index, length) & (CACHE_SLOTS - 1);
        Receivers cached = cache[slot];
        if (cached != null && isCurrent(cached) && cached.isOf(in, index, length)) {
            return cached;
        }
        byte[] topic = new byte[length];
        in.getBytes(index, topic);
        Receivers found = match(topic);
        if (length <= CACHED_TOPIC_BYTES_MAX && found.targetCount <= CACHED_TARGETS_MAX) {
            cache[slot] = found;
        }
        return found;
    }

    /// Lets go of what is out of date, so that clients that have left are not kept in memory.
    void forgetStale() {
        for (int i = 0; i < cache.length; i++) {
            if (!isCurrent(cache[i])) {
                cache[i] = null;
            }
        }
    }

    private static int hash(ByteBuf in, int index, int length) {
        int hash = length;
        for (int i = index; i < index + length; i++) {
            hash = 31 * hash + in.getByte(i);
        }
        return hash ^ hash >>> 16;
    }

    /// Matches a topic anew. Versions are read first: a change meanwhile makes the result out of date.
    Receivers match(byte[] topic) {
        Receivers receivers = new Receivers(topic, table.version(), cluster.version());
        if (isSystem(topic)) {
            receivers.refusal = ReasonCode.NOT_AUTHORIZED;
        } else if (rules.checkName(topic, 0, topic.length) != null) {
            receivers.refusal = ReasonCode.TOPIC_NAME_INVALID;
        } else {
            cluster.match(topic, 0, topic.length, interest);
            matchLocally(receivers);
        }
        return receivers;
    }

    /// Matches a topic of the gateway's own, `$SYS`: nobody elsewhere gets it.
    Receivers matchSystem(byte[] topic) {
        Receivers receivers = new Receivers(topic, table.version(), cluster.version());
        interest.clear();
        matchLocally(receivers);
        return receivers;
    }

    private static boolean isSystem(byte[] topic) {
        return topic.length >= SYSTEM.length
                && topic[0] == '$'
                && Arrays.equals(topic, 0, SYSTEM.length, SYSTEM, 0, SYSTEM.length)
                && (topic.length == SYSTEM.length || topic[SYSTEM.length] == '/');
    }

    private void matchLocally(Receivers receivers) {
        plainFound.clear();
        sharedFound.clear();
        table.match(
                levels.set(receivers.topic, 0, receivers.topic.length),
                found -> (found.filter().isShared() ? sharedFound : plainFound).add(found));
        split(targets(), receivers);
        receivers.peers = new int[interest.peerCount()];
        for (int i = 0; i < receivers.peers.length; i++) {
            receivers.peers[i] = interest.peer(i);
        }
        if (!sharedFound.isEmpty() || !interest.shared().isEmpty()) {
            receivers.shared = sharedRoutes();
        }
        plainFound.clear();
        sharedFound.clear();
    }

    /// One target a client. A filter has a client at most once, so only several filters need looking into.
    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        if (plainFound.size() == 1) {
            plainFound.getFirst().forEach(targets::add);
        } else if (plainFound.size() > 1) {
            IdentityHashMap<Connection, List<Subscription>> byClient = new IdentityHashMap<>();
            List<List<Subscription>> inOrder = new ArrayList<>();
            for (Subscribers<Subscription> found : plainFound) {
                found.forEach(subscription ->
                        byClient.computeIfAbsent(
                                        subscription.connection,
                                        client -> {
                                            List<Subscription> list = new ArrayList<>(1);
                                            inOrder.add(list);
                                            return list;
                                        })
                                .add(subscription));
            }
            inOrder.forEach(subscriptions -> targets.add(Target.of(subscriptions)));
        }
        return targets;
    }

    private void split(List<Target> targets, Receivers into) {
        into.targetCount = targets.size();
        List<List<Target>> byLane = new ArrayList<>(laneCount);
        for (int i = 0; i < laneCount; i++) {
            byLane.add(new ArrayList<>());
        }
        for (Target target : targets) {
            byLane.get(target.connection.lane.index).add(target);
        }
        into.own = byLane.get(laneIndex).toArray(Target[]::new);
        if (into.own.length < targets.size()) {
            Target @Nullable [] @Nullable [] others = new Target @Nullable [laneCount] @Nullable [];
            for (int i = 0; i < laneCount; i++) {
                if (i != laneIndex && !byLane.get(i).isEmpty()) {
                    others[i] = byLane.get(i).toArray(Target[]::new);
                }
            }
            into.others = others;
        }
    }

    /// What the cluster knows of shared subscriptions, and those that only this gateway knows yet.
    private List<SharedRoute> sharedRoutes() {
        List<SharedRoute> routes = new ArrayList<>();
        for (Interest.Shared known : interest.shared()) {
            Subscribers<Subscription> local = null;
            for (Subscribers<Subscription> found : sharedFound) {
                if (found.filter().text().equals(known.filter())) {
                    local = found;
                }
            }
            int[] peers = known.members().stream().mapToInt(Interest.Members::peer).toArray();
            int[] weights = known.members().stream().mapToInt(Interest.Members::weight).toArray();
            routes.add(new SharedRoute(known.filter(), local, peers, weights, random.nextInt()));
            sharedFound.remove(local);
        }
        for (Subscribers<Subscription> found : sharedFound) {
            routes.add(
                    new SharedRoute(
                            found.filter().text(),
                            found,
                            new int[] {Interest.SELF},
                            new int[] {1},
                            random.nextInt()));
        }
        return routes;
    }
}
