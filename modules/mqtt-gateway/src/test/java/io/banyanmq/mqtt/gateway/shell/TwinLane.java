package io.banyanmq.mqtt.gateway.shell;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.mqtt.gateway.lane.ClusterLane;
import io.banyanmq.mqtt.gateway.lane.ForwardBody;
import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.mqtt.gateway.lane.LaneClients;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The cluster as a test wants it: who is interested, who has taken what, whether there is a lease. The test's calls go
/// through [#on], the rest happens on the loop.
final class TwinLane implements ClusterLane {
    final List<String> forwarded = new CopyOnWriteArrayList<>();
    final List<String> interest = new CopyOnWriteArrayList<>();
    private final List<Runnable> invisible = new ArrayList<>();
    private final Map<Integer, AtomicLong> sent = new ConcurrentHashMap<>();
    private final Map<Integer, Long> taken = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> full = new ConcurrentHashMap<>();
    private @Nullable EventLoop loop;
    private @Nullable LaneClients clients;
    private volatile boolean lease = true;
    private volatile boolean visible = true;
    private final AtomicLong version = new AtomicLong();
    private volatile Consumer<Interest> wanted = into -> {};

    TwinLane opened(EventLoop on, LaneClients of) {
        loop = on;
        clients = of;
        return this;
    }

    /// Runs something on the loop and waits for it.
    void on(Consumer<LaneClients> action) {
        EventLoop to = loop;
        LaneClients of = clients;
        if (to == null || of == null) {
            throw new IllegalStateException("the lane is not open");
        }
        CompletableFuture.runAsync(() -> action.accept(of), to).join();
    }

    void lease(boolean now) {
        lease = now;
    }

    void visible(boolean now) {
        visible = now;
        if (now) {
            on(any -> {
                invisible.forEach(Runnable::run);
                invisible.clear();
            });
        }
    }

    /// Who wants every topic.
    void wanted(Consumer<Interest> by) {
        on(any -> {
            wanted = by;
            version.incrementAndGet();
        });
    }

    void took(int peer, long number) {
        on(of -> {
            taken.put(peer, number);
            of.peerTook(peer);
        });
    }

    void full(int peer, boolean now) {
        on(of -> {
            full.put(peer, now);
            if (!now) {
                of.peerWritable(peer);
            }
        });
    }

    @Override
    public boolean mayAcknowledge(long nanoTime) {
        return lease;
    }

    @Override
    public void subscribe(String filter, Runnable whenVisible) {
        interest.add("+" + filter);
        if (visible) {
            whenVisible.run();
        } else {
            invisible.add(whenVisible);
        }
    }

    @Override
    public void unsubscribe(String filter, Runnable gone) {
        interest.add("-" + filter);
        gone.run();
    }

    @Override
    public long version() {
        return version.get();
    }

    @Override
    public void match(byte[] topic, int offset, int length, Interest into) {
        into.clear();
        wanted.accept(into);
    }

    @Override
    public long forward(int peer, ByteBuf body) {
        ForwardBody.View view = new ForwardBody.View().read(body);
        forwarded.add(
                peer
                        + (view.plain() ? " plain " : " ")
                        + view.shared()
                        + " q"
                        + view.qos()
                        + " "
                        + text(body, view.topicOffset(), view.topicLength())
                        + " "
                        + text(body, view.payloadOffset(), view.payloadLength()));
        return sent.computeIfAbsent(peer, any -> new AtomicLong()).incrementAndGet();
    }

    private static String text(ByteBuf in, int index, int length) {
        return in.toString(index, length, StandardCharsets.UTF_8);
    }

    @Override
    public long taken(int peer) {
        return taken.getOrDefault(peer, 0L);
    }

    @Override
    public boolean writable(int peer) {
        return !full.getOrDefault(peer, false);
    }

    @Override
    public @Nullable NodeName name(int peer) {
        return new NodeName("peer" + peer, "127.0.0.1");
    }
}
