package io.banyanmq.raft.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's part in its Raft groups: one port, one directory, a [Replica] a group.
///
/// On disk, below [RaftConfig#directory]: `log/<uuid of the group>` is Ratis' (log, votes,
/// snapshots); `<group>/formation` says how the replica began; `<group>/state` is the live database.
///
/// Ratis would bring up again, without peers, every log it finds, and would silently create one that
/// is missing. So it starts without any group, and each is then opened by name, as new or as old.
public final class RaftNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(500);

    static {
        // It would end the process when the port is taken; that is ours to decide.
        ExitUtils.disableSystemExit();
    }

    private final RaftConfig config;
    private final Consumer<String> onDead;
    private final Path logs;
    private final ClientId submitter = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<RaftGroupId, Replica> replicas = new ConcurrentHashMap<>();
    private final DatabaseMemory memory;
    private final RaftServer server;
    private final ExecutorService events;
    private final Thread watchdog;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean diskLow;

    private RaftNode(RaftConfig config, Consumer<String> onDead) throws RaftStartException {
        this.config = config;
        this.onDead = onDead;
        logs = config.directory().resolve("log");
        RaftProperties properties = RatisSettings.of(config);
        try {
            Files.createDirectories(logs);
            RatisSettings.storeIn(properties, logs.resolve("nothing-to-bring-up"));
            server =
                    RaftServer.newBuilder()
                            .setServerId(config.self().ratisId())
                            .setStateMachineRegistry(this::machine)
                            .setProperties(properties)
                            .setParameters(parameters(config))
                            .build();
            RatisSettings.storeIn(properties, logs);
        } catch (IOException e) {
            throw new RaftStartException(
                    RaftStartException.Fault.DIRECTORY, logs + " cannot be used: " + e, e);
        }
        LOG.info("Raft peer {}: {}", config.self().id(), RatisSettings.effective(properties));
        memory = new DatabaseMemory(config.memoryBytesMax());
        events =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("raft-events").factory());
        watchdog = Thread.ofPlatform().daemon().name("raft-watchdog").unstarted(this::watch);
    }

    /// Opens the Raft port. No group runs yet.
    ///
    /// @param onDead called at most once a group, with the reason, when its replica stopped by
    ///     itself; the process should exit then, since nothing revives it
    /// @throws RaftStartException if the port is taken or open to others without TLS
    public static RaftNode open(RaftConfig config, Consumer<String> onDead)
            throws RaftStartException {
        requireTlsOffLoopback(config);
        RaftNode node = new RaftNode(config, onDead);
        try {
            node.server.start();
        } catch (IOException | RuntimeException e) {
            node.close();
            boolean taken = mentions(e, "Address already in use");
            throw new RaftStartException(
                    taken ? RaftStartException.Fault.PORT : RaftStartException.Fault.OTHER,
                    "Raft port "
                            + config.bindHost()
                            + ":"
                            + config.bindPort()
                            + (taken ? " is taken" : " cannot be opened: " + root(e)),
                    e);
        }
        node.watchdog.start();
        return node;
    }

    private static void requireTlsOffLoopback(RaftConfig config) throws RaftStartException {
        try {
            if (config.tls().isEmpty()
                    && !InetAddress.getByName(config.bindHost()).isLoopbackAddress()) {
                throw new RaftStartException(
                        RaftStartException.Fault.INSECURE,
                        "Raft port on "
                                + config.bindHost()
                                + " would be open to anyone: set up mutual TLS or bind to loopback");
            }
        } catch (UnknownHostException e) {
            throw new RaftStartException(
                    RaftStartException.Fault.PORT, "unknown host " + config.bindHost(), e);
        }
    }

    private static Parameters parameters(RaftConfig config) {
        Parameters parameters = new Parameters();
        config.tls()
                .ifPresent(tls ->
                        GrpcConfigKeys.TLS.setConf(
                                parameters,
                                new GrpcTlsConfig(
                                        tls.key().toFile(),
                                        tls.certificate().toFile(),
                                        tls.authorities().toFile(),
                                        true)));
        return parameters;
    }

    /// How the replica of `group` began here; empty if there is none yet.
    ///
    /// @throws RaftStartException if it belongs to another incarnation or cannot be read
    public Optional<Formation> formation(Group group) throws RaftStartException {
        Optional<Formation> formation = Formation.read(directory(group));
        if (formation.isPresent()) {
            Formation known = formation.get();
            if (!known.group().equals(group) || !known.self().id().equals(config.self().id())) {
                throw new RaftStartException(
                        RaftStartException.Fault.FOREIGN,
                        directory(group)
                                + " belongs to "
                                + known.self().id()
                                + " of "
                                + known.group()
                                + ", this is "
                                + config.self().id()
                                + " of "
                                + group);
            }
        }
        return formation;
    }

    /// Begins a group, together with `initial`, which must be the same at all of them and contain
    /// this peer. Once in the life of a group: everyone must have said before that it has no data.
    ///
    /// @throws RaftStartException if a replica was formed here before, or cannot start
    public Replica form(Group group, List<Peer> initial, ReplicatedState state)
            throws RaftStartException {
        if (!initial.contains(config.self())) {
            throw new IllegalArgumentException(
                    group + ": " + config.self() + " is not among " + initial);
        }
        return begin(new Formation(group, config.self(), initial, false), state);
    }

    /// Begins as a new peer of a group that others formed; it is empty and silent until their leader
    /// adds it, see [Replica#changePeers].
    ///
    /// @throws RaftStartException if a replica was formed here before, or cannot start
    public Replica join(Group group, ReplicatedState state) throws RaftStartException {
        return begin(new Formation(group, config.self(), List.of(), false), state);
    }

    /// Goes on with what lies on disk.
    ///
    /// @throws RaftStartException if nothing was formed here, if its data is gone or damaged, or if
    ///     it cannot start
    public Replica recover(Group group, ReplicatedState state) throws RaftStartException {
        Formation formation =
                formation(group)
                        .orElseThrow(() ->
                                new RaftStartException(
                                        RaftStartException.Fault.NOT_FORMED,
                                        directory(group) + " holds no replica"));
        boolean logExists = Files.isDirectory(log(group));
        if (formation.complete() && !logExists) {
            throw new RaftStartException(
                    RaftStartException.Fault.DATA_MISSING,
                    "the Raft log "
                            + log(group)
                            + " of "
                            + config.self().id()
                            + " is gone; remove "
                            + directory(group)
                            + " and let this store return as a new peer");
        }
        try {
            TornTail.cut(log(group));
        } catch (IOException e) {
            throw new RaftStartException(
                    RaftStartException.Fault.DIRECTORY, log(group) + " cannot be read: " + e, e);
        }
        return start(formation, !logExists, state);
    }

    private Replica begin(Formation formation, ReplicatedState state) throws RaftStartException {
        Group group = formation.group();
        if (formation(group).isPresent() || Files.exists(log(group))) {
            throw new RaftStartException(
                    RaftStartException.Fault.FORMED, directory(group) + " holds a replica already");
        }
        write(formation);
        return start(formation, true, state);
    }

    private Replica start(Formation formation, boolean format, ReplicatedState state)
            throws RaftStartException {
        Group group = formation.group();
        Replica replica =
                new Replica(
                        this, group, directory(group).resolve("state"), state, this::later, onDead);
        if (replicas.putIfAbsent(group.ratisId(), replica) != null) {
            throw new IllegalStateException(group + " runs already");
        }
        if (formation.initial().equals(List.of(config.self()))) {
            RatisSettings.electAlone(server.getProperties());
        }
        try {
            RaftGroup peers =
                    RaftGroup.valueOf(
                            group.ratisId(),
                            formation.initial().stream().map(Peer::toRatis).toList());
            RaftClientReply reply =
                    server.groupManagementAsync(
                                    GroupManagementRequest.newAdd(
                                            submitter,
                                            config.self().ratisId(),
                                            nextCallId(),
                                            peers,
                                            format))
                            .get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (!reply.isSuccess()) {
                throw startFailure(group, reply.getException());
            }
            if (!formation.complete()) {
                write(formation.completed());
            }
            replica.started(server.getDivision(group.ratisId()));
            return replica;
        } catch (ExecutionException | TimeoutException | IOException e) {
            throw startFailure(group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw startFailure(group, e);
        }
    }

    private RaftStartException startFailure(Group group, @Nullable Throwable cause) {
        Replica failed = replicas.remove(group.ratisId());
        if (failed != null) {
            failed.machine().closeDatabase();
        }
        Optional<DatabaseException> database = find(DatabaseException.class, cause);
        if (database.isPresent()) {
            boolean corrupt = database.get().fault() == DatabaseException.Fault.CORRUPT;
            return new RaftStartException(
                    corrupt ? RaftStartException.Fault.CORRUPT : RaftStartException.Fault.DIRECTORY,
                    group + ": " + database.get().getMessage(),
                    database.get());
        }
        if (find(OverlappingFileLockException.class, cause).isPresent()
                || mentions(cause, "Failed to lock storage")) {
            return new RaftStartException(
                    RaftStartException.Fault.DIRECTORY,
                    group + ": " + log(group) + " is in use by another process",
                    cause);
        }
        if (mentions(cause, "orrupt")
                || mentions(cause, "mismatch")
                || mentions(cause, "Failed to initRaftLog")) {
            return new RaftStartException(
                    RaftStartException.Fault.CORRUPT,
                    group
                            + ": the Raft log "
                            + log(group)
                            + " is damaged; move it away with "
                            + directory(group)
                            + " and let this store return as a new peer: "
                            + root(cause),
                    cause);
        }
        return new RaftStartException(
                RaftStartException.Fault.OTHER, group + " cannot start: " + root(cause), cause);
    }

    private void write(Formation formation) throws RaftStartException {
        try {
            formation.write(directory(formation.group()));
        } catch (IOException e) {
            throw new RaftStartException(
                    RaftStartException.Fault.DIRECTORY,
                    directory(formation.group()) + " cannot be written: " + e,
                    e);
        }
    }

    private Path directory(Group group) {
        return config.directory().resolve(group.name());
    }

    private Path log(Group group) {
        return logs.resolve(group.uuid().toString());
    }

    private StateMachine machine(RaftGroupId group) {
        Replica replica = replicas.get(group);
        if (replica == null) {
            throw new IllegalStateException("nobody asked for Raft group " + group);
        }
        return replica.machine();
    }

    private void later(Runnable event) {
        try {
            events.execute(event);
        } catch (RejectedExecutionException e) {
            LOG.debug("an event came after the end", e);
        }
    }

    private void watch() {
        try {
            do {
                watchOnce();
            } while (!closed.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchOnce() {
        try {
            diskLow = Files.getFileStore(logs).getUsableSpace() < config.diskFreeBytesMin();
        } catch (IOException e) {
            LOG.warn("{}: free space is unknown: {}", logs, e.toString());
        }
        replicas.values().forEach(Replica::watch);
    }

    RaftConfig config() {
        return config;
    }

    DatabaseMemory memory() {
        return memory;
    }

    RaftServer server() {
        return server;
    }

    ClientId submitter() {
        return submitter;
    }

    long nextCallId() {
        return callIds.incrementAndGet();
    }

    boolean diskIsLow() {
        return diskLow;
    }

    boolean closing() {
        return closing.get();
    }

    /// Hands over what it leads, then stops within about [RaftConfig#closeTimeout]; threads of Ratis
    /// that hang longer are left behind. Twice is harmless.
    @Override
    public void close() {
        for (Replica replica : replicas.values()) {
            try {
                replica.transferLeadership(TRANSFER_TIMEOUT)
                        .toCompletableFuture()
                        .get(2 * TRANSFER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("{}: leadership was not handed over: {}", replica.group(), e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        closeAbruptly();
    }

    /// Stops without a word to the others, as far as that can be done within a process.
    void closeAbruptly() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed.countDown();
        Thread closer = Thread.ofPlatform().daemon().name("raft-close").start(this::closeServer);
        try {
            if (!closer.join(config.closeTimeout())) {
                LOG.warn("Ratis did not stop within {}; left behind", config.closeTimeout());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replicas.values().forEach(replica -> replica.machine().closeDatabase());
        events.shutdownNow();
        memory.close();
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Ratis did not stop cleanly", e);
        }
    }

    private static <T extends Throwable> Optional<T> find(
            Class<T> type, @Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }

    private static boolean mentions(@Nullable Throwable failure, String text) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t.toString().contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static String root(@Nullable Throwable failure) {
        Throwable root = failure;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root);
    }
}
