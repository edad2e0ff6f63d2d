package io.banyanmq.node.roles;

import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.StoreFormat;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.cluster.wire.UnknownFormat;
import io.banyanmq.fabric.Conversation;
import io.banyanmq.fabric.ConversationHandler;
import io.banyanmq.fabric.Destination;
import io.banyanmq.fabric.Fabric;
import io.banyanmq.fabric.Purpose;
import io.banyanmq.node.admin.RouteView.RoutesUnavailableException;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One reading of the whole route table, the way a gateway that has nothing begins: from whichever store node answers
/// first.
final class StoreScan {
    /// What becomes of it. Called on the loop; return soon.
    interface Fold {
        /// At log index `index` these epochs live.
        ///
        /// @return whether the routes are wanted, too
        boolean begin(long index, List<EpochState> epochs);

        /// The next routes, in key order.
        default void routes(List<Route> routes) {}
    }

    private final Fold fold;
    private final AtomicReference<@Nullable Talk> chosen = new AtomicReference<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private StoreScan(Fold fold) {
        this.fold = fold;
    }

    /// Reads it, and returns when `fold` has seen all; blocks.
    ///
    /// @throws RoutesUnavailableException if no store is done within `timeout`
    static void run(
            Fabric fabric, List<Destination> stores, EventLoop loop, Duration timeout, Fold fold)
            throws RoutesUnavailableException {
        StoreScan scan = new StoreScan(fold);
        List<Conversation> conversations = new ArrayList<>();
        try {
            for (Destination store : stores) {
                Talk talk = scan.new Talk();
                Conversation conversation = fabric.converse(Purpose.STORE, store, loop, talk);
                conversations.add(conversation);
                loop.execute(() -> talk.speakThrough(conversation));
            }
            scan.done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new RoutesUnavailableException(
                    "no route store answers within " + timeout.toSeconds() + " s: tried " + stores);
        } catch (ExecutionException e) {
            throw new RoutesUnavailableException(
                    "reading the route table failed: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new RoutesUnavailableException("interrupted");
        } finally {
            conversations.forEach(Conversation::close);
        }
    }

    /// The conversation with one store.
    private final class Talk implements ConversationHandler {
        private boolean open;
        private boolean asked;
        private @Nullable Conversation conversation;

        void speakThrough(Conversation own) {
            conversation = own;
            ask();
        }

        @Override
        public void opened() {
            open = true;
            ask();
        }

        private void ask() {
            Conversation own = conversation;
            if (open && !asked && own != null) {
                asked = own.send(StoreFormat.encode(new StoreRequest.Follow(0)));
            }
        }

        @Override
        public void received(byte[] message) {
            try {
                if (!done.isDone() && (chosen.compareAndSet(null, this) || equals(chosen.get()))) {
                    take(StoreFormat.decodeReply(message));
                }
            } catch (UnknownFormat e) {
                done.completeExceptionally(e);
            }
        }

        private void take(StoreReply reply) {
            switch (reply) {
                case StoreReply.ScanBegin begin -> {
                    if (!fold.begin(begin.index(), begin.epochs())) {
                        done.complete(null);
                    }
                }
                case StoreReply.ScanRoutes chunk -> fold.routes(chunk.routes());
                case StoreReply.ScanEnd _ -> done.complete(null);
                case StoreReply.Feed _,
                        StoreReply.SourceBegin _,
                        StoreReply.Proposed _,
                        StoreReply.NotProposed _,
                        StoreReply.Visible _ -> {}
            }
        }

        @Override
        public void closed(String why) {
            open = false;
            asked = false;
            if (equals(chosen.get())) {
                done.completeExceptionally(
                        new IllegalStateException("the store broke off: " + why));
            }
        }
    }
}
