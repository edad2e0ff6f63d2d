package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.GatewayConfig;
import io.banyanmq.mqtt.gateway.core.ConnectRules;
import io.banyanmq.mqtt.gateway.core.SubscribeRules;
import io.banyanmq.topic.LevelHash;
import io.banyanmq.topic.SubscriptionTable;
import io.banyanmq.topic.TopicRules;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/// What all loops of one gateway share; every part may be used by any thread.
///
/// @param node the gateway's name
/// @param config as started with
/// @param clients who has which client id
/// @param table every subscription of the gateway
/// @param levelHash of the table
/// @param delayedWills by client id
/// @param topics what is a topic name and a filter
/// @param connectRules for CONNECT
/// @param subscribeRules for SUBSCRIBE
/// @param random may be used by any thread
/// @param clock for people, never for decisions
record Commons(
        NodeName node,
        GatewayConfig config,
        Clients clients,
        SubscriptionTable<Subscription> table,
        LevelHash levelHash,
        ConcurrentMap<String, Wills.Delayed> delayedWills,
        TopicRules topics,
        ConnectRules connectRules,
        SubscribeRules subscribeRules,
        RandomGenerator random,
        Clock clock) {

    static Commons of(NodeName node, GatewayConfig config, RandomGenerator random, Clock clock) {
        GatewayConfig.Limits limits = config.limits();
        TopicRules topics = new TopicRules(limits.topicLevelsMax());
        LevelHash levelHash = LevelHash.keyed(random.nextLong(), random.nextLong());
        ConnectRules.Offer offer =
                new ConnectRules.Offer(
                        limits.packetBytesMax(),
                        limits.receiveMaximum(),
                        limits.topicAliasMaximum(),
                        limits.inflightMax(),
                        config.keepAliveMax() == null ? 0 : (int) config.keepAliveMax().toSeconds(),
                        topics);
        return new Commons(
                node,
                config,
                new Clients(),
                new SubscriptionTable<>(levelHash),
                levelHash,
                new ConcurrentHashMap<>(),
                topics,
                new ConnectRules(offer),
                new SubscribeRules(topics, limits.subscriptionsMax()),
                random,
                clock);
    }

    /// A client id that nobody else has.
    String newClientId() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return "auto-" + HexFormat.of().formatHex(bits);
    }
}
