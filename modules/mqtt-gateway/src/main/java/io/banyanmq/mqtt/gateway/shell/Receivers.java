package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.mqtt.codec.ReasonCode;
import io.banyanmq.topic.Subscribers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who gets the messages of one topic: what matching it found, good for as long as the subscription table and the cluster's
/// routes have the versions it was found under. Of one loop.
final class Receivers {
    static final Target[] NO_TARGETS = {};
    private static final int[] NO_PEERS = {};

    final byte[] topic;
    final ByteBuf topicBuffer;
    private final long tableVersion;
    private final long laneVersion;

    /// Clients of this loop.
    Target[] own = NO_TARGETS;

    /// Clients of other loops, by their number; null where there are none.
    Target @Nullable [] @Nullable [] others;

    /// Targets on all loops.
    int targetCount;

    /// Other gateways.
    int[] peers = NO_PEERS;

    List<SharedRoute> shared = List.of();

    /// Why the topic is not published to at all; null if it is.
    @Nullable ReasonCode refusal;

    Receivers(byte[] topic, long tableVersion, long laneVersion) {
        this.topic = topic;
        this.topicBuffer = Unpooled.wrappedBuffer(topic);
        this.tableVersion = tableVersion;
        this.laneVersion = laneVersion;
    }

    boolean isOf(ByteBuf in, int index, int length) {
        return length == topic.length && ByteBufUtil.equals(topicBuffer, 0, in, index, length);
    }

    boolean isCurrent(long nowTable, long nowLane) {
        return tableVersion == nowTable && laneVersion == nowLane;
    }

    /// Whether nobody but own clients' plain subscriptions gets them.
    boolean isPlain() {
        return peers.length == 0 && shared.isEmpty();
    }

    /// Whether nobody gets them.
    boolean isEmpty() {
        return targetCount == 0 && isPlain();
    }

    /// A shared subscription and where its members are.
    static final class SharedRoute {
        final String filter;

        /// Members on this gateway; null if there are none.
        final @Nullable Subscribers<Subscription> local;

        /// Gateways with members, this one ([io.banyanmq.mqtt.gateway.lane.Interest#SELF]) included.
        final int[] peers;

        final int[] weights;

        /// Whose turn it is among the local members.
        int ticket;

        SharedRoute(
                String filter,
                @Nullable Subscribers<Subscription> local,
                int[] peers,
                int[] weights,
                int ticket) {
            this.filter = filter;
            this.local = local;
            this.peers = peers;
            this.weights = weights;
            this.ticket = ticket;
        }
    }
}
