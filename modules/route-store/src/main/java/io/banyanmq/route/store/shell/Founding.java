package io.banyanmq.route.store.shell;

import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.Purpose;
import io.banyanmq.raft.kit.Formation;
import io.banyanmq.raft.kit.Group;
import io.banyanmq.raft.kit.Peer;
import io.banyanmq.raft.kit.RaftNode;
import io.banyanmq.raft.kit.RaftStartException;
import io.banyanmq.route.store.RouteStoreConfig;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the initial nodes of a store find one another, once: each dials the others over the fabric and says who it
/// is and whom it has seen; [Founders] decides when that is enough. A node whose store was formed answers with
/// the list it was formed with, for as long as it runs.
public final class Founding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Founding.class);

    private final RouteStoreConfig config;
    private final Peer self;
    private final RaftNode raft;
    private final Fabric fabric;
    private final EventLoop loop;
    private final Group group;
    private final CompletableFuture<Optional<List<Peer>>> agreed = new CompletableFuture<>();

    // Under this object's lock.
    private final List<Talk> dialled = new ArrayList<>();
    private Founders founders;
    private boolean open;

    /// @param self this node as a Raft peer
    /// @param loop one of the fabric's
    public Founding(
            RouteStoreConfig config,
            Peer self,
            RaftNode raft,
            Fabric fabric,
            EventLoop loop,
            Group group) {
        this.config = config;
        this.self = self;
        this.raft = raft;
        this.fabric = fabric;
        this.loop = loop;
        this.group = group;
        founders =
                Founders.of(
                        self,
                        config.initial().stream().map(n -> n.node().toString()).toList(),
                        System.currentTimeMillis() * 1_000);
    }

    /// Runs a task that blocks.
    public static void onOwnThread(Runnable task) {
        Thread.ofPlatform().daemon().name("route-store-start").start(task);
    }

    /// Answers the other nodes.
    public void registerWith(Fabric listening) {
        listening.onConversation(Purpose.FORMATION, conversation -> new Talk(conversation));
    }

    /// Completes with the peers to form the store with; empty if it was formed before. Fails if this node cannot be one of
    /// them.
    public CompletionStage<Optional<List<Peer>>> agree() {
        try {
            Optional<Formation> before = raft.formation(group);
            synchronized (this) {
                if (before.isPresent()) {
                    founders = founders.formed(before.get().initial());
                    open = true;
                    agreed.complete(Optional.empty());
                    return agreed;
                }
                open = true;
                for (RouteStoreConfig.InitialNode other : config.initial()) {
                    if (!other.node().toString().equals(self.name())) {
                        dialled.add(dial(other));
                    }
                }
            }
            settle();
        } catch (RaftStartException e) {
            agreed.completeExceptionally(e);
        }
        return agreed;
    }

    private Talk dial(RouteStoreConfig.InitialNode other) {
        Talk talk = new Talk();
        Destination destination = new Destination(other.node(), other.fabric());
        // On its own loop, so that it cannot open before it is known here.
        loop.execute(
                () -> talk.carriedBy(fabric.converse(Purpose.FORMATION, destination, loop, talk)));
        return talk;
    }

    /// Takes in what another node said, and tells the rest if that changed what this one knows.
    private synchronized void heard(Founders.Saying saying) {
        Founders before = founders;
        founders = before.heard(saying);
        settle();
        if (!founders.saying().equals(before.saying())) {
            dialled.forEach(Talk::say);
        }
    }

    private synchronized void settle() {
        switch (founders.verdict()) {
            case Founders.Verdict.Wait wait -> {}
            case Founders.Verdict.Form form -> {
                founders = founders.formed(form.peers());
                if (agreed.complete(Optional.of(form.peers()))) {
                    LOG.info("{} forms with {}", group, form.peers());
                }
            }
            case Founders.Verdict.Excluded excluded ->
                    agreed.completeExceptionally(new IllegalStateException(excluded.reason()));
        }
    }

    private synchronized boolean isOpen() {
        return open;
    }

    private synchronized Founders.Saying saying() {
        return founders.saying();
    }

    /// Stops asking. Twice is harmless.
    @Override
    public synchronized void close() {
        open = false;
        dialled.forEach(Talk::end);
        dialled.clear();
    }

    /// A conversation with another initial node, begun by either. It has no lock of its own: the others' come first.
    private final class Talk implements ConversationHandler {
        private final boolean answers;
        private volatile @Nullable Conversation conversation;
        private volatile boolean ended;

        /// One that this node begins: it says, and the other answers.
        Talk() {
            answers = false;
        }

        /// One that another node began.
        Talk(Conversation begun) {
            answers = true;
            conversation = begun;
        }

        void carriedBy(Conversation begun) {
            conversation = begun;
            if (ended) {
                begun.close();
            }
        }

        @Override
        public void opened() {
            if (answers && !isOpen()) {
                end();
            } else if (!answers) {
                say();
            }
        }

        @Override
        public void received(byte[] message) {
            try {
                heard(Founders.Saying.decode(message));
            } catch (IllegalArgumentException e) {
                LOG.warn("a founder is not understood: {}", e.getMessage());
                end();
                return;
            }
            if (answers) {
                say();
            }
        }

        @Override
        public void closed(String why) {
            LOG.debug("founders: {}", why);
        }

        /// Tells the other what this node knows; not at all if there is no connection, since a new one begins with it.
        void say() {
            Conversation current = conversation;
            if (current != null) {
                current.loop()
                        .execute(() -> {
                            if (current.isOpen()) {
                                current.send(saying().encode());
                            }
                        });
            }
        }

        void end() {
            ended = true;
            Conversation current = conversation;
            if (current != null) {
                current.close();
            }
        }
    }
}
