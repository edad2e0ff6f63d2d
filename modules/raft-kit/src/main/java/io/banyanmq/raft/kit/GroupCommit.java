package io.banyanmq.raft.kit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts what waits into one log entry, and keeps several entries under way: an entry costs an fsync
/// on a majority, however many commands it carries, so the busier the log, the larger its entries.
///
/// The commands of one entry are applied in the order in which they came. Of two entries under way
/// one may be refused and a later one committed: only the numbers of a source establish order.
///
/// @param <C> commands
/// @param <O> outcomes
public final class GroupCommit<C, O> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Log log;
    private final EntryFormat<C, O> format;
    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread proposer;

    // Under the lock.
    private final ArrayDeque<Waiting<C, O>> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int underWay;
    private boolean closed;

    /// Where entries go: [Replica#submit].
    public interface Log {
        /// Proposes an entry, which it owns from now on.
        CompletionStage<Reply> submit(byte[] entry);
    }

    /// How much may wait and be under way.
    ///
    /// @param entryBytesMax an entry takes no further command once it has this many bytes
    /// @param entriesMax entries under way, at least 1
    /// @param waitingBytesMax beyond it commands are turned away
    public record Limits(int entryBytesMax, int entriesMax, long waitingBytesMax) {
        /// Entries of about 256 KiB, eight under way, 32 MiB waiting.
        public static final Limits DEFAULT = new Limits(256 << 10, 8, 32L << 20);

        public Limits {
            if (entryBytesMax < 1 || entriesMax < 1 || waitingBytesMax < 1) {
                throw new IllegalArgumentException(
                        "entries of "
                                + entryBytesMax
                                + " B, "
                                + entriesMax
                                + " under way, "
                                + waitingBytesMax
                                + " B waiting");
            }
        }
    }

    private record Waiting<C, O>(C command, int bytes, Consumer<? super Commit<O>> then) {}

    /// Starts with nothing waiting.
    ///
    /// @param name names the thread
    public GroupCommit(String name, Log log, EntryFormat<C, O> format, Limits limits) {
        this.log = log;
        this.format = format;
        this.limits = limits;
        proposer = Thread.ofPlatform().daemon().name(name).start(this::propose);
    }

    /// Takes a command for one of the next entries. Any thread may call it; it does not block.
    ///
    /// @param bytes about the size of the encoded command, at least 1
    /// @param then called once, mostly on the apply thread: return from it at once
    public void commit(C command, int bytes, Consumer<? super Commit<O>> then) {
        String refusal = null;
        lock.lock();
        try {
            if (closed) {
                refusal = "the store is closing";
            } else if (waitingBytes + bytes > limits.waitingBytesMax()) {
                refusal = "too much is waiting to be committed";
            } else {
                waiting.add(new Waiting<>(command, bytes, then));
                waitingBytes += bytes;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            then.accept(new Commit.NotDone<>(Optional.empty(), refusal));
        }
    }

    private void propose() {
        try {
            for (List<Waiting<C, O>> batch = next(); !batch.isEmpty(); batch = next()) {
                List<Waiting<C, O>> current = batch;
                log.submit(format.encode(batch.stream().map(Waiting::command).toList()))
                        .whenComplete((reply, failure) -> settle(current, reply, failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The commands of the next entry, once there are some and one more may be under way; none when
    /// it is over.
    private List<Waiting<C, O>> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && (waiting.isEmpty() || underWay >= limits.entriesMax())) {
                changed.await();
            }
            List<Waiting<C, O>> batch = new ArrayList<>();
            if (!closed) {
                long bytes = 0;
                while (!waiting.isEmpty()
                        && (batch.isEmpty()
                                || bytes + waiting.element().bytes() <= limits.entryBytesMax())) {
                    Waiting<C, O> one = waiting.remove();
                    bytes += one.bytes();
                    batch.add(one);
                }
                waitingBytes -= bytes;
                underWay++;
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void settle(
            List<Waiting<C, O>> batch, @Nullable Reply reply, @Nullable Throwable failure) {
        lock.lock();
        try {
            underWay--;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (reply instanceof Reply.Applied applied) {
            List<O> outcomes = format.decode(applied.answer());
            if (outcomes.size() == batch.size()) {
                for (int i = 0; i < batch.size(); i++) {
                    tell(batch.get(i), new Commit.Done<>(applied.index(), outcomes.get(i)));
                }
                return;
            }
            LOG.error(
                    "entry {} of {} commands has {} outcomes",
                    applied.index(),
                    batch.size(),
                    outcomes.size());
        }
        Commit<O> not = notDone(reply, failure);
        batch.forEach(one -> tell(one, not));
    }

    private static <O> Commit<O> notDone(@Nullable Reply reply, @Nullable Throwable failure) {
        return switch (reply) {
            case null -> new Commit.NotDone<>(Optional.empty(), String.valueOf(failure));
            case Reply.Applied a ->
                    new Commit.NotDone<>(Optional.empty(), "the answer does not fit the entry");
            case Reply.NotLeader n -> new Commit.NotDone<>(n.leader(), "this store does not lead");
            case Reply.Busy b -> new Commit.NotDone<>(Optional.empty(), b.reason());
            case Reply.TooLarge t ->
                    new Commit.NotDone<>(
                            Optional.empty(),
                            String.format(
                                    Locale.ROOT,
                                    "entry of %,d B, at most %,d B",
                                    t.bytes(),
                                    t.bytesMax()));
            case Reply.Failed f -> new Commit.NotDone<>(Optional.empty(), f.reason());
        };
    }

    /// One that throws must not keep the others from hearing.
    private void tell(Waiting<C, O> one, Commit<O> commit) {
        try {
            one.then().accept(commit);
        } catch (RuntimeException e) {
            LOG.error("a commit could not be told", e);
        }
    }

    /// Turns away what waits; what is under way is still told. Twice is harmless.
    @Override
    public void close() {
        List<Waiting<C, O>> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Commit<O> not = new Commit.NotDone<>(Optional.empty(), "the store is closing");
        left.forEach(one -> tell(one, not));
        proposer.interrupt();
    }
}
