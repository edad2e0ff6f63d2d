package io.banyanmq.route.store.shell;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.raft.kit.Peer;
import io.banyanmq.raft.kit.RaftNode;
import io.banyanmq.raft.kit.RaftStartException;
import io.banyanmq.route.store.RouteStoreConfig;
import io.banyanmq.route.store.RouteStoreStatus;
import io.banyanmq.route.store.core.Rows;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// One store node of the route store: its replica of the log, its ticks while it leads, and the feed to
/// those gateways that follow it.
///
/// Make it, let the fabric listen, then [#start]. Whoever made the [RaftNode] and the [Fabric] closes them, after
/// this.
public final class RouteStore implements AutoCloseable {
    private final StoreNode store;
    private final Founding founding;

    /// Registers with `fabric`, which must not listen yet.
    ///
    /// @param self this node as a Raft peer; its name is the node's full name
    /// @param loop one of the fabric's, for the formation
    public RouteStore(
            RouteStoreConfig config, Peer self, RaftNode raft, Fabric fabric, EventLoop loop) {
        store = new StoreNode(config, raft);
        founding = new Founding(config, self, raft, fabric, loop, store.group());
        store.registerWith(fabric);
        founding.registerWith(fabric);
    }

    /// Starts the replica: goes on with what is on disk, or forms the store with the other initial nodes. Completes
    /// once it runs, however long the others take; fails with [RaftStartException].
    public CompletionStage<Void> start() {
        return founding.agree().thenAcceptAsync(this::startReplica, Founding::onOwnThread);
    }

    private void startReplica(Optional<List<Peer>> initial) {
        try {
            store.start(initial);
        } catch (RaftStartException e) {
            throw new CompletionException(e);
        }
    }

    /// Proposes a command of this process's own, such as an operator's; refused unless this node leads. Completes with the
    /// outcome, or fails with an `IllegalStateException` that says why not.
    public CompletableFuture<Outcome> propose(Command command) {
        return store.propose(command);
    }

    /// Reads a state of the store from any thread, consistent and possibly stale; empty until the replica runs.
    ///
    /// @throws io.banyanmq.raft.kit.DatabaseException if the disk fails, or the state was replaced meanwhile
    @SuppressWarnings("exports") // the core is exported to those who ask
    public <T> Optional<T> read(Function<Rows.View, T> query) {
        return store.read(query);
    }

    /// How it stands. From any thread.
    public RouteStoreStatus status() {
        return store.status();
    }

    /// The node that leads, as far as known. From any thread.
    public Optional<NodeName> leader() {
        return store.leader();
    }

    /// Ends the feed and what waits to be committed. Twice is harmless.
    @Override
    public void close() {
        founding.close();
        store.close();
    }
}
