package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A gateway's part in the cluster: its registration and lease, the feed it follows, and the interest of its clients as a
/// numbered source of routes. Pure: it is told what happens and when, and answers through [AgentEffects].
///
/// ```
/// RESTING -> RAISING -> REGISTERING -> JOINING -> SERVING -> CLOSING -> RAISING …
///                                                                   \-> ENDING -> STOPPED
/// ```
///
/// An epoch that was given up is never acted under again: the way back to serving leads through a new registration. The feed goes
/// on through all phases. For one thread; `nanos` is the monotonic clock, read just before the call.
public final class ClusterAgent {
    private static final long NANOS_A_MILLI = 1_000_000;

    /// A store node whose feed says nothing for so long is left for another. Ticks come every half second.
    private static final long FEED_SILENCE_NANOS = 2_000 * NANOS_A_MILLI;

    private enum Phase {
        RESTING,
        RAISING,
        REGISTERING,
        JOINING,
        SERVING,
        CLOSING,
        ENDING,
        STOPPED
    }

    private final AgentConfig config;
    private final AgentEffects effects;
    private final Set<AgentRule> off;
    private final Proposals proposals;
    private final Peers peers;

    private Phase phase = Phase.RESTING;
    private boolean stopping;
    private long number;

    // Of the present epoch, from JOINING to CLOSING; the last one's after that.
    private @Nullable Epoch epoch;
    private @Nullable Lease lease;
    private InterestJournal journal;

    // The feed.
    private @Nullable NodeName followed;
    private long heardNanos;
    private long feedIndex;
    private long doubtIndex;
    private @Nullable Epoch askedFor;
    private @Nullable Scan scan;
    private long ttlMillis = LogOption.TTL_MILLIS.initial();
    private StoreReply.@Nullable Feed unapplied;

    // The one proposal under way that is not route changes.
    private @Nullable Control control;
    private long awaited;

    private record Control(long request, NodeName store, long sentNanos) {}

    /// A scan under way: of everything, or of one source.
    private record Scan(long index, List<EpochState> states, boolean whole) {}

    /// An agent at rest.
    public ClusterAgent(AgentConfig config, AgentEffects effects) {
        this(config, effects, Set.of());
    }

    /// For simulation alone: without the rules in `off`.
    public ClusterAgent(AgentConfig config, AgentEffects effects, Set<AgentRule> off) {
        this.config = config;
        this.effects = effects;
        this.off = Set.copyOf(off);
        this.proposals = new Proposals(config.stores());
        this.peers = new Peers(config.incarnation(), effects);
        this.number = config.number();
        this.journal = new InterestJournal(new Epoch(1, 0), config.ackLocally(), this.off);
    }

    // ---- the gateway's life

    /// Starts: registers as soon as a store node is up.
    public void start(long nanos) {
        if (phase == Phase.RESTING) {
            raise();
            time(nanos);
        }
    }

    /// The data directory holds `raised`, fsynced.
    public void numberRaised(long raised, long nanos) {
        if (phase == Phase.RAISING && raised == number) {
            phase = Phase.REGISTERING;
            control = null;
            time(nanos);
        }
    }

    /// Everything that was made under the epoch that was given up is closed.
    public void closed(long nanos) {
        if (phase != Phase.CLOSING) {
            return;
        }
        if (stopping) {
            phase = Phase.ENDING;
            control = null;
            time(nanos);
        } else {
            raise();
        }
    }

    /// Ends in an orderly way: gives up the epoch, and tells the log once everything is closed.
    public void stop(long nanos) {
        stopping = true;
        switch (phase) {
            case JOINING, SERVING -> giveUp("the gateway stops");
            case CLOSING, ENDING, STOPPED -> {}
            case RESTING, RAISING, REGISTERING -> {
                phase = Phase.STOPPED;
                effects.stopped();
            }
        }
        time(nanos);
    }

    /// Time passes; to be called every 100 ms or more often. Forbidden to skip, harmless to repeat.
    public void time(long nanos) {
        applyUnapplied(nanos);
        Lease held = lease;
        if (phase == Phase.SERVING && held != null && held.lost(nanos, config.hold().toNanos())) {
            giveUp("its lease has run out " + config.hold().toMillis() + " ms ago");
        }
        if (held != null && renews() && held.due(nanos)) {
            long before = held.deadline();
            Renewal renewal = held.renew((int) ttlMillis, appliedIndex(), nanos);
            if (held.deadline() != before) {
                effects.deadline(held.deadline());
            }
            sendAll(new StoreRequest.Renew(renewal));
            sendApplied();
        }
        if (followed != null && nanos - heardNanos > FEED_SILENCE_NANOS) {
            followAnother(nanos);
        }
        expireProposals(nanos);
        propose(nanos);
    }

    private boolean renews() {
        return phase == Phase.JOINING
                || phase == Phase.SERVING
                || (off.contains(AgentRule.NEVER_GOES_BACK) && phase == Phase.REGISTERING);
    }

    private void raise() {
        phase = Phase.RAISING;
        number++;
        effects.raiseNumber(number);
    }

    private void begin(Epoch begun, long nanos) {
        phase = Phase.JOINING;
        epoch = begun;
        lease = new Lease(begun, off);
        journal = new InterestJournal(begun, config.ackLocally(), off);
        awaited = 0;
        peers.reachesNobody();
        effects.began(begun);
        if (feedIndex >= begun.index() && !peers.ownLives(begun)) {
            giveUp("its epoch " + begun + " ended before it knew of it");
        }
        time(nanos);
    }

    private void giveUp(String reason) {
        Epoch given = epoch;
        if (given != null && (phase == Phase.JOINING || phase == Phase.SERVING)) {
            phase = Phase.CLOSING;
            control = null;
            awaited = 0;
            journal = new InterestJournal(given, config.ackLocally(), off);
            effects.gaveUp(given, reason);
        }
    }

    // ---- connections of the fabric

    /// A conversation with `store` is open; nothing sent before arrives any more.
    public void storeUp(NodeName store, long nanos) {
        proposals.up(store);
        if (followed == null) {
            follow(store, nanos);
        }
        Epoch current = epoch;
        if (current != null && inEpoch()) {
            effects.send(store, new StoreRequest.Applied(current, appliedIndex()));
            if (awaited > 0) {
                effects.send(store, new StoreRequest.AwaitVisible(awaited));
            }
        }
        propose(nanos);
    }

    /// The conversation with `store` is lost, with what was under way in it.
    public void storeDown(NodeName store, long nanos) {
        proposals.down(store);
        Control under = control;
        if (under != null && under.store().equals(store)) {
            control = null;
        }
        journal.rewind();
        if (store.equals(followed)) {
            followAnother(nanos);
        }
        propose(nanos);
    }

    /// Whether links to the peer work, both ways, under the present epoch.
    public void reaches(Epoch peer, boolean yes, long nanos) {
        peers.reaches(peer, yes);
        propose(nanos);
    }

    // ---- interest

    /// One more subscriber of `filter`, a valid one. [AgentEffects#visible] hands back `token`, unless the epoch ends first.
    /// Nothing happens unless the gateway serves.
    public void add(String filter, long token, long nanos) {
        if (phase == Phase.SERVING) {
            journal.add(filter, token, effects::visible);
        }
    }

    /// One subscriber of `filter` less. Order with [#add] is kept.
    public void remove(String filter, long nanos) {
        if (phase == Phase.SERVING) {
            journal.remove(filter);
        }
    }

    /// Sends what [#add] and [#remove] left; to be called once after a group of them, or [#time] does.
    public void flush(long nanos) {
        propose(nanos);
    }

    /// Changes that are not visible yet; a shell that lets clients make more of them than it likes has to slow them down.
    public long pendingChanges() {
        return journal.pending();
    }

    // ---- what people ask

    /// The present epoch; null before the first and after one was given up.
    public @Nullable Epoch epoch() {
        return inEpoch() ? epoch : null;
    }

    /// Whether the gateway serves, in time or not.
    public boolean serving() {
        return phase == Phase.SERVING;
    }

    /// Whether an acknowledgement may be decided at `nanos`.
    public boolean mayAcknowledge(long nanos) {
        Lease held = lease;
        return phase == Phase.SERVING && held != null && held.inTime(nanos);
    }

    /// The phase, in lower case, for status pages.
    public String phase() {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    /// The store node whose feed is followed, or null.
    public @Nullable NodeName followed() {
        return followed;
    }

    /// The log index up to which the feed is applied.
    public long feedIndex() {
        return feedIndex;
    }

    private boolean inEpoch() {
        return phase == Phase.JOINING || phase == Phase.SERVING;
    }

    // ---- replies

    /// A message of a store node, in the order of its conversation.
    public void reply(NodeName store, StoreReply reply, long nanos) {
        applyUnapplied(nanos);
        switch (reply) {
            case StoreReply.Proposed r -> proposed(r, nanos);
            case StoreReply.NotProposed r -> notProposed(store, r, nanos);
            case StoreReply.Visible r -> {
                if (store.equals(followed) || !off.contains(AgentRule.ALL_STORES_ARE_ASKED)) {
                    visible(r.index());
                }
            }
            case StoreReply.Feed r when store.equals(followed) -> feed(r, nanos);
            case StoreReply.ScanBegin r when store.equals(followed) -> scanBegins(r, nanos);
            case StoreReply.SourceBegin r when store.equals(followed) -> sourceBegins(r, nanos);
            case StoreReply.ScanRoutes r when store.equals(followed) -> {
                heardNanos = nanos;
                if (scan != null) {
                    r.routes().forEach(peers::scanned);
                }
            }
            case StoreReply.ScanEnd r when store.equals(followed) -> scanEnds(r.index(), nanos);
            case StoreReply.Feed _,
                    StoreReply.ScanBegin _,
                    StoreReply.SourceBegin _,
                    StoreReply.ScanRoutes _,
                    StoreReply.ScanEnd _ -> {
                // of a node that is followed no more
            }
        }
        propose(nanos);
    }

    // ---- the feed

    private void follow(NodeName store, long nanos) {
        followed = store;
        heardNanos = nanos;
        scan = null;
        askedFor = null;
        peers.scanBroken();
        effects.send(store, new StoreRequest.Follow(feedIndex));
    }

    private void followAnother(long nanos) {
        List<NodeName> up = proposals.up();
        NodeName left = followed;
        followed = null;
        if (!up.isEmpty()) {
            int at = left == null ? -1 : config.stores().indexOf(left);
            for (int i = 1; i <= config.stores().size(); i++) {
                NodeName next = config.stores().get(Math.floorMod(at + i, config.stores().size()));
                if (up.contains(next)) {
                    follow(next, nanos);
                    return;
                }
            }
        }
    }

    private void feed(StoreReply.Feed feed, long nanos) {
        heardNanos = nanos;
        if (feed.after() > feedIndex || scan != null) {
            follow(Objects.requireNonNull(followed), nanos); // something is missing
            return;
        }
        if (feed.upTo() <= feedIndex) {
            return; // an old one
        }
        if (off.contains(AgentRule.ACKNOWLEDGED_WHEN_APPLIED)) {
            unapplied = feed;
            Epoch current = epoch;
            if (current != null && inEpoch()) {
                sendAll(new StoreRequest.Applied(current, feed.upTo()));
            }
            return;
        }
        apply(feed, nanos);
    }

    private void applyUnapplied(long nanos) {
        StoreReply.Feed waiting = unapplied;
        unapplied = null;
        if (waiting != null) {
            apply(waiting, nanos);
        }
    }

    private void apply(StoreReply.Feed feed, long nanos) {
        for (FeedEntry entry : feed.entries()) {
            if (entry.index() > feedIndex) {
                entry.events().forEach(event -> event(event, entry.index(), nanos));
                if (peers.doubtful() != null && doubtIndex == 0) {
                    doubtIndex = entry.index();
                }
                feedIndex = entry.index();
            }
        }
        feedIndex = feed.upTo();
        clearDoubt();
        askAgain();
        sendApplied();
    }

    private void event(FeedEvent event, long index, long nanos) {
        switch (event) {
            case FeedEvent.Joined e -> peers.joined(e);
            case FeedEvent.Serving e -> {
                peers.serving(e.epoch());
                if (phase == Phase.JOINING && e.epoch().equals(epoch)) {
                    serve();
                }
            }
            case FeedEvent.Ended e -> {
                peers.ended(e.epoch());
                if (e.epoch().equals(epoch)) {
                    giveUp("its epoch " + e.epoch() + " ended: " + e.cause());
                }
            }
            case FeedEvent.Renewed e -> confirm(e, nanos);
            case FeedEvent.Routed e -> {
                if (e.source().equals(epoch) && inEpoch()) {
                    ownChanges(e, index);
                } else {
                    peers.routed(e);
                }
            }
            case FeedEvent.OptionSet e -> option(e);
        }
    }

    private void confirm(FeedEvent.Renewed event, long nanos) {
        Lease held = lease;
        if (held == null) {
            return;
        }
        for (FeedEvent.Confirmation confirmation : event.confirmations()) {
            if (!confirmation.epoch().equals(epoch)
                    || !renews()
                    || !held.confirmed(confirmation.serial(), nanos)) {
                continue;
            }
            effects.deadline(held.deadline());
            if (phase == Phase.REGISTERING && held.inTime(nanos)) {
                phase = Phase.SERVING; // only without NEVER_GOES_BACK
                effects.serving(confirmation.epoch());
            }
        }
    }

    private void ownChanges(FeedEvent.Routed event, long index) {
        long last = event.firstNumber() + event.steps().size() - 1;
        journal.applied(last, index);
        if (journal.digestAfter(last, event.digestAfter()) != event.digestAfter()
                && !off.contains(AgentRule.CHANGES_ARE_A_LIST)) {
            effects.alarm(
                    "routes of this gateway, epoch "
                            + event.source()
                            + ": the store does not agree after change "
                            + last);
            giveUp("the store has other routes of it than it made");
        }
    }

    private void option(FeedEvent.OptionSet event) {
        if (event.key().equals(LogOption.TTL_MILLIS.key())) {
            LogOption.TTL_MILLIS.read(event.value()).ifPresent(value -> ttlMillis = value);
        }
    }

    private void scanBegins(StoreReply.ScanBegin begin, long nanos) {
        heardNanos = nanos;
        if (begin.index() >= feedIndex) {
            scan = new Scan(begin.index(), begin.epochs(), true);
            peers.scanBegins(begin.epochs());
            begin.options().forEach(this::option);
        }
    }

    private void sourceBegins(StoreReply.SourceBegin begin, long nanos) {
        heardNanos = nanos;
        if (begin.index() != feedIndex) {
            follow(Objects.requireNonNull(followed), nanos);
            return;
        }
        scan = new Scan(begin.index(), List.of(begin.source()), false);
        peers.sourceBegins(begin.source());
    }

    private void scanEnds(long index, long nanos) {
        heardNanos = nanos;
        Scan done = scan;
        if (done == null || done.index() != index) {
            return;
        }
        scan = null;
        askedFor = null;
        peers.scanEnds(done.states());
        if (done.whole()) {
            feedIndex = index;
            ownState(done);
        }
        clearDoubt();
        askAgain();
        sendApplied();
    }

    /// What a full scan says of this gateway's own epoch.
    private void ownState(Scan scanned) {
        Epoch current = epoch;
        if (current == null || !inEpoch()) {
            return;
        }
        for (EpochState state : scanned.states()) {
            if (state.epoch().equals(current)) {
                journal.applied(state.lastNumber(), scanned.index());
                if (state.serving() && phase == Phase.JOINING) {
                    serve();
                }
                return;
            }
        }
        if (current.index() <= scanned.index()) {
            giveUp("its epoch " + current + " is not among those that live");
        }
    }

    private void serve() {
        phase = Phase.SERVING;
        control = null;
        effects.serving(Objects.requireNonNull(epoch));
    }

    /// Asks the followed store for a source that cannot be right, one at a time.
    private void askAgain() {
        Epoch source = peers.doubtful();
        NodeName store = followed;
        if (source != null && store != null && !source.equals(askedFor) && scan == null) {
            askedFor = source;
            effects.send(store, new StoreRequest.ScanSource(source));
        }
    }

    private void clearDoubt() {
        if (peers.doubtful() == null) {
            doubtIndex = 0;
        }
    }

    /// What may be acknowledged: nothing behind the first entry that made a source doubtful.
    private long appliedIndex() {
        return doubtIndex > 0 ? Math.min(feedIndex, doubtIndex - 1) : feedIndex;
    }

    private void sendApplied() {
        Epoch current = epoch;
        if (current != null && inEpoch()) {
            sendAll(new StoreRequest.Applied(current, appliedIndex()));
        }
    }

    private void sendAll(StoreRequest request) {
        for (NodeName store : new ArrayList<>(proposals.up())) {
            effects.send(store, request);
        }
    }

    private void visible(long index) {
        if (phase == Phase.SERVING) {
            journal.visible(index, effects::visible);
            if (awaited > 0 && journal.awaited() == 0) {
                awaited = 0;
            }
        }
    }

    // ---- proposals

    private void propose(long nanos) {
        if (control == null) {
            Command command = wanted(nanos);
            NodeName store = command == null ? null : proposals.target(nanos);
            if (command != null && store != null) {
                control = new Control(proposals.request(), store, nanos);
                effects.send(store, new StoreRequest.Propose(control.request(), command));
            }
        }
        if (phase == Phase.SERVING) {
            proposeChanges(nanos);
            if (journal.awaited() > awaited) {
                awaited = journal.awaited();
                sendAll(new StoreRequest.AwaitVisible(awaited));
            }
        }
    }

    private @Nullable Command wanted(long nanos) {
        return switch (phase) {
            case REGISTERING ->
                    new Command.RegisterNode(
                            config.node(),
                            config.incarnation(),
                            number,
                            config.fabric(),
                            config.advertised(),
                            config.features());
            case JOINING -> {
                Lease held = lease;
                // In time means: near the head of the log, for a confirmation has come through the
                // feed.
                boolean ready = held != null && held.inTime(nanos) && peers.reachesAllServing();
                Epoch current = epoch;
                yield ready && current != null ? new Command.Serve(current) : null;
            }
            case ENDING -> {
                Epoch current = epoch;
                yield current == null ? null : new Command.EndEpoch(current);
            }
            case RESTING, RAISING, SERVING, CLOSING, STOPPED -> null;
        };
    }

    private void proposeChanges(long nanos) {
        NodeName store = proposals.target(nanos);
        while (store != null) {
            long request = proposals.request();
            Command.RouteChanges batch = journal.next(request, nanos);
            if (batch == null) {
                return;
            }
            effects.send(store, new StoreRequest.Propose(request, batch));
        }
    }

    private void expireProposals(long nanos) {
        Control under = control;
        if (under != null && nanos - under.sentNanos() > Proposals.ANSWER_NANOS) {
            control = null;
            proposals.failed(under.store(), null, nanos);
        }
        if (nanos - journal.oldestSent(nanos) > Proposals.ANSWER_NANOS) {
            journal.rewind();
            NodeName store = proposals.target(nanos);
            if (store != null) {
                proposals.failed(store, null, nanos);
            }
        }
    }

    private void notProposed(NodeName store, StoreReply.NotProposed reply, long nanos) {
        Control under = control;
        if (under != null && under.request() == reply.request()) {
            control = null;
            proposals.failed(store, reply.leader(), nanos);
        } else if (journal.batch(reply.request()) != null) {
            journal.rewind();
            proposals.failed(store, reply.leader(), nanos);
        }
    }

    private void proposed(StoreReply.Proposed reply, long nanos) {
        Control under = control;
        if (under != null && under.request() == reply.request()) {
            control = null;
            proposals.answered();
            settled(reply.outcome(), nanos);
            return;
        }
        InterestJournal.Batch batch = journal.batch(reply.request());
        if (batch != null && phase == Phase.SERVING) {
            proposals.answered();
            changed(batch, reply.outcome(), nanos);
        }
    }

    private void changed(InterestJournal.Batch batch, Outcome outcome, long nanos) {
        switch (outcome) {
            case Outcome.Done done -> journal.applied(batch.last(), done.index());
            case Outcome.Gap gap -> {
                if (journal.wanted(gap.wanted())) {
                    proposals.pause(nanos);
                } else {
                    effects.alarm(
                            "the store wants change "
                                    + gap.wanted()
                                    + ", the last one made is "
                                    + journal.lastNumber());
                    giveUp("the store has changes of it that it never made");
                }
            }
            case Outcome.Fenced fenced -> giveUp("its epoch " + fenced.epoch() + " is fenced");
            case Outcome.Refused refused -> {
                effects.alarm("route changes were refused: " + refused.reason());
                giveUp("its route changes were refused");
            }
            case Outcome.Registered _, Outcome.Occupied _, Outcome.Outdated _ ->
                    throw new IllegalStateException("route changes were answered by " + outcome);
        }
    }

    private void settled(Outcome outcome, long nanos) {
        switch (phase) {
            case REGISTERING -> registered(outcome, nanos);
            case JOINING -> {
                if (outcome instanceof Outcome.Fenced fenced) {
                    giveUp("its epoch " + fenced.epoch() + " ended before it served");
                } else if (off.contains(AgentRule.SERVES_WHEN_APPLIED)) {
                    serve();
                }
                // else: Done; the feed says when it serves
            }
            case ENDING -> {
                phase = Phase.STOPPED;
                effects.stopped();
            }
            case RESTING, RAISING, SERVING, CLOSING, STOPPED -> {}
        }
    }

    private void registered(Outcome outcome, long nanos) {
        switch (outcome) {
            case Outcome.Registered registered -> begin(registered.epoch(), nanos);
            case Outcome.Outdated outdated -> {
                effects.alarm(
                        "registration number "
                                + number
                                + " is behind "
                                + outdated.latest()
                                + ": was the data directory restored from a copy?");
                number = outdated.latest();
                raise();
            }
            case Outcome.Occupied occupied -> {
                effects.alarm(
                        "the name "
                                + occupied.node()
                                + " is held by another incarnation, epoch "
                                + occupied.holder()
                                + "; waiting for its end");
                proposals.retryLater(nanos);
            }
            case Outcome.Refused refused -> {
                effects.alarm("registration was refused: " + refused.reason());
                proposals.retryLater(nanos);
            }
            case Outcome.Done _, Outcome.Gap _, Outcome.Fenced _ ->
                    throw new IllegalStateException("a registration was answered by " + outcome);
        }
    }
}
