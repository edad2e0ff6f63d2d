package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.FeedFormat;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.RouteChange;
import io.banyanmq.cluster.wire.RouteDigest;
import io.banyanmq.route.store.core.Rows.Family;
import io.banyanmq.topic.InvalidTopicException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The route store: log entries in, rows, outcomes and the feed out. Deterministic: no clock, no randomness, no I/O beyond the
/// rows; settings come from the log.
///
/// Registrations, sources, options and time are few; they are held in memory and rebuilt from rows at [#open].
/// Routes are in rows alone. For one thread; whatever [#apply] throws leaves the machine unusable, and the
/// replica must stop.
///
/// Invariants: at most one epoch of a name and of an incarnation lives; an ended epoch never lives again; routes of an ended
/// epoch do not exist, although their rows go later ([Sweep]).
public final class RouteMachine {
    private final Set<StoreRule> off;
    private final TreeMap<NodeName, Registration> names = new TreeMap<>();
    private final TreeMap<Epoch, Registration> live = new TreeMap<>();
    private final Map<Epoch, Source> sources = new HashMap<>();
    private final Map<LogOption, Long> options = new EnumMap<>(LogOption.class);
    private LogTime time = new LogTime();
    private final Changes changes;
    private final Sweep sweep;
    private long appliedIndex;
    private Set<Epoch> serving = Set.of();

    private RouteMachine(Changes changes, Sweep sweep, Set<StoreRule> off) {
        this.off = Set.copyOf(off);
        this.changes = changes;
        this.sweep = sweep;
    }

    /// The machine of what `rows` hold; an empty store is one that nothing was applied to.
    public static RouteMachine open(Rows.Reader rows) {
        return open(rows, Changes.ENTRIES_MAX, Set.of());
    }

    /// For simulation and tests: keeps `changesMax` feed entries, and goes without the rules in `off`.
    public static RouteMachine open(Rows.Reader rows, int changesMax, Set<StoreRule> off) {
        RouteMachine machine =
                new RouteMachine(Changes.open(rows, changesMax), Sweep.open(rows), off);
        try (Rows.Cursor nodes = rows.cursor(Family.NODES, Keys.FIRST, Keys.LAST)) {
            for (; nodes.valid(); nodes.next()) {
                Registration registration = Registration.of(nodes.value());
                machine.names.put(registration.node, registration);
                if (registration.live()) {
                    machine.live.put(registration.epoch, registration);
                }
            }
        }
        try (Rows.Cursor all = rows.cursor(Family.SOURCES, Keys.FIRST, Keys.LAST)) {
            for (; all.valid(); all.next()) {
                machine.sources.put(Keys.epoch(all.key(), 0), Source.of(all.value()));
            }
        }
        try (Rows.Cursor all = rows.cursor(Family.META, Keys.OPTIONS, Keys.OPTIONS_END)) {
            for (; all.valid(); all.next()) {
                long value = Fields.Reader.row("meta/option", 1, all.value()).number();
                LogOption.of(Keys.option(all.key())).ifPresent(o -> machine.options.put(o, value));
            }
        }
        byte[] row = rows.get(Family.META, Keys.TIME);
        if (row != null) {
            machine.time = LogTime.of(row);
        }
        machine.appliedIndex = appliedIndex(rows);
        machine.noteServing();
        return machine;
    }

    /// The index of the last entry with commands whose effects `rows` show; 0 if none.
    static long appliedIndex(Rows.Reader rows) {
        byte[] row = rows.get(Family.META, Keys.APPLIED);
        return row == null ? 0 : Fields.Reader.row("meta/applied", 1, row).number();
    }

    /// The index of the last entry applied; 0 if none.
    public long appliedIndex() {
        return appliedIndex;
    }

    /// The epochs that serve at [#appliedIndex]: an immutable set, another object whenever it changes.
    public Set<Epoch> serving() {
        return serving;
    }

    /// Applies the entry at `index`, appended under `term`: all writes go to `batch`, which the caller commits before the
    /// next call. Entries come in the order of the log; indexes rise, not always by one.
    public Applied apply(long index, long term, List<Command> commands, Rows.Batch batch) {
        if (index <= appliedIndex) {
            throw new IllegalStateException(
                    "entry " + index + " comes after entry " + appliedIndex + " was applied");
        }
        Entry entry = new Entry(index, term, batch);
        List<Outcome> outcomes = new ArrayList<>(commands.size());
        for (int position = 0; position < commands.size(); position++) {
            outcomes.add(entry.apply(commands.get(position), position));
        }
        entry.finish();
        appliedIndex = index;
        noteServing();
        return new Applied(outcomes, entry.feed(), entry.alarms);
    }

    private void noteServing() {
        Set<Epoch> now = new HashSet<>();
        for (Registration registration : live.values()) {
            if (registration.serving()) {
                now.add(registration.epoch);
            }
        }
        if (!now.equals(serving)) {
            serving = Set.copyOf(now);
        }
    }

    private long option(LogOption option) {
        return options.getOrDefault(option, option.initial());
    }

    /// One log entry while it is applied. Rows of registrations and sources are written once, at its end.
    private final class Entry {
        private final long index;
        private final long term;
        private final Rows.Batch batch;
        private final List<FeedEvent> events = new ArrayList<>();
        private final List<String> alarms = new ArrayList<>();
        private final Set<NodeName> changedNames = new HashSet<>();
        private final Set<Epoch> changedSources = new HashSet<>();

        Entry(long index, long term, Rows.Batch batch) {
            this.index = index;
            this.term = term;
            this.batch = batch;
        }

        Outcome apply(Command command, int position) {
            return switch (command) {
                case Command.RegisterNode c -> register(c, position);
                case Command.Serve c -> serve(c.epoch());
                case Command.Tick c -> tick(c);
                case Command.RouteChanges c -> change(c);
                case Command.EndEpoch c -> end(c.epoch());
                case Command.Condemn c -> condemn(c.epoch());
                case Command.SetOption c -> set(c);
            };
        }

        @Nullable FeedEntry feed() {
            return events.isEmpty() ? null : new FeedEntry(index, events);
        }

        void finish() {
            for (NodeName name : changedNames) {
                Registration registration = names.get(name);
                if (registration == null) {
                    batch.delete(Family.NODES, Keys.node(name));
                } else {
                    batch.put(Family.NODES, Keys.node(name), registration.row());
                }
            }
            for (Epoch epoch : changedSources) {
                Source source = sources.get(epoch);
                if (source == null) {
                    batch.delete(Family.SOURCES, Keys.epoch(epoch));
                } else {
                    batch.put(Family.SOURCES, Keys.epoch(epoch), source.row());
                }
            }
            FeedEntry feed = feed();
            if (feed != null) {
                changes.add(index, FeedFormat.encode(feed), batch);
            }
            batch.put(
                    Family.META,
                    Keys.APPLIED,
                    Fields.Writer.row(1).number(index).number(term).done());
        }

        private Outcome register(Command.RegisterNode c, int position) {
            if (c.number() < 1) {
                return new Outcome.Refused("registration number " + c.number() + " is below 1");
            }
            Registration before = byIncarnation(c);
            if (before != null) {
                if (c.number() < before.number
                        && !off.contains(StoreRule.REGISTRATIONS_ARE_NUMBERED)) {
                    return new Outcome.Outdated(before.number);
                }
                if (c.number() == before.number) {
                    return before.node.equals(c.node())
                            ? new Outcome.Registered(before.epoch)
                            : new Outcome.Refused(
                                    "registration " + c.number() + " was for " + before.node);
                }
            }
            Registration holder = names.get(c.node());
            if (holder != null && holder.live() && !holder.incarnation.equals(c.incarnation())) {
                if (!off.contains(StoreRule.NAME_IS_HELD)) {
                    return new Outcome.Occupied(c.node(), holder.epoch);
                }
                endLive(holder, FeedEvent.Cause.SUPERSEDED);
            }
            if (before != null) {
                if (before.live()) {
                    endLive(before, FeedEvent.Cause.SUPERSEDED);
                }
                names.remove(before.node);
                changedNames.add(before.node);
            }
            Epoch epoch =
                    new Epoch(index, off.contains(StoreRule.EPOCH_HAS_POSITION) ? 0 : position);
            Registration registration = new Registration(c, epoch, option(LogOption.TTL_MILLIS));
            names.put(c.node(), registration);
            live.put(epoch, registration);
            sources.put(epoch, new Source());
            changedNames.add(c.node());
            changedSources.add(epoch);
            events.add(
                    new FeedEvent.Joined(
                            epoch, c.node(), c.incarnation(), c.fabric(), c.advertised()));
            return new Outcome.Registered(epoch);
        }

        private @Nullable Registration byIncarnation(Command.RegisterNode c) {
            for (Registration registration : names.values()) {
                if (registration.incarnation.equals(c.incarnation())) {
                    return registration;
                }
            }
            return null;
        }

        private Outcome serve(Epoch epoch) {
            Registration registration = live.get(epoch);
            if (registration == null) {
                return new Outcome.Fenced(epoch);
            }
            if (registration.servingSince == 0) {
                registration.servingSince = index;
                changedNames.add(registration.node);
                events.add(new FeedEvent.Serving(epoch));
            }
            return new Outcome.Done(registration.servingSince);
        }

        private Outcome end(Epoch epoch) {
            Registration registration = live.get(epoch);
            if (registration == null) {
                return new Outcome.Fenced(epoch);
            }
            endLive(registration, FeedEvent.Cause.OWNER);
            return new Outcome.Done(index);
        }

        private Outcome condemn(Epoch epoch) {
            Registration registration = live.get(epoch);
            if (registration == null) {
                return new Outcome.Fenced(epoch);
            }
            if (off.contains(StoreRule.CONDEMNED_ENDS_BY_SILENCE)) {
                endLive(registration, FeedEvent.Cause.SILENCE);
            }
            registration.condemned = true;
            changedNames.add(registration.node);
            return new Outcome.Done(index);
        }

        private void endLive(Registration registration, FeedEvent.Cause cause) {
            registration.ended = true;
            live.remove(registration.epoch);
            changedNames.add(registration.node);
            Source source = sources.remove(registration.epoch);
            changedSources.add(registration.epoch);
            if (source != null && source.routes > 0) {
                sweep.wanted(index, batch);
            }
            events.add(new FeedEvent.Ended(registration.epoch, cause));
        }

        private Outcome set(Command.SetOption c) {
            LogOption option = LogOption.of(c.key()).orElse(null);
            if (option == null) {
                return new Outcome.Refused("unknown option '" + c.key() + "'");
            }
            Long value = option.read(c.value()).orElse(null);
            if (value == null) {
                return new Outcome.Refused(
                        "option " + c.key() + ": '" + c.value() + "' is out of bounds");
            }
            options.put(option, value);
            batch.put(
                    Family.META,
                    Keys.option(option.key()),
                    Fields.Writer.row(1).number(value).done());
            events.add(new FeedEvent.OptionSet(c.key(), value.toString()));
            return new Outcome.Done(index);
        }

        private Outcome tick(Command.Tick c) {
            int elapsedMillis = time.pass(term, index, c, off);
            for (Registration registration : live.values()) {
                registration.silenceMillis += elapsedMillis;
                changedNames.add(registration.node);
            }
            List<FeedEvent.Confirmation> confirmed = new ArrayList<>();
            for (Renewal renewal : c.renewals()) {
                if (renew(renewal) || off.contains(StoreRule.ONLY_ACCEPTED_CONFIRMS)) {
                    confirmed.add(new FeedEvent.Confirmation(renewal.epoch(), renewal.serial()));
                }
            }
            events.add(new FeedEvent.Renewed(confirmed, time.wallClockMillis()));
            endSilent();
            time.forget(longestTtlMillis() / 3);
            batch.put(Family.META, Keys.TIME, time.row());
            sweep.step(index, live.keySet(), batch);
            return new Outcome.Done(index);
        }

        private boolean renew(Renewal renewal) {
            Registration registration = live.get(renewal.epoch());
            if (registration == null && off.contains(StoreRule.ENDED_IS_FOR_EVER)) {
                registration = revived(renewal.epoch());
            }
            if (registration == null
                    || registration.condemned
                    || renewal.serial() <= registration.serial
                    || isStuck(registration, renewal)) {
                return false;
            }
            registration.silenceMillis = 0;
            registration.serial = renewal.serial();
            registration.ttlMillis = LogOption.TTL_MILLIS.clamp(renewal.ttlMillis());
            return true;
        }

        /// Whether the feed of a serving gateway has not moved for a third of its ttl.
        private boolean isStuck(Registration registration, Renewal renewal) {
            boolean exempt =
                    !registration.serving() && !off.contains(StoreRule.FEED_RULE_SPARES_JOINING);
            return !exempt
                    && !off.contains(StoreRule.FEED_RULE)
                    && renewal.feedIndex() < time.indexAgo(renewal.ttlMillis() / 3);
        }

        private void endSilent() {
            for (Registration registration : List.copyOf(live.values())) {
                long ttlMillis =
                        off.contains(StoreRule.TTL_IS_CARRIED)
                                ? option(LogOption.TTL_MILLIS)
                                : registration.ttlMillis;
                if (registration.silenceMillis > ttlMillis) {
                    endLive(registration, FeedEvent.Cause.SILENCE);
                }
            }
        }

        private long longestTtlMillis() {
            long longest = option(LogOption.TTL_MILLIS);
            for (Registration registration : live.values()) {
                longest = Math.max(longest, registration.ttlMillis);
            }
            return longest;
        }

        /// The planted fault: the epoch lives again, with the routes that its rows still show.
        private @Nullable Registration revived(Epoch epoch) {
            for (Registration registration : names.values()) {
                if (registration.epoch.equals(epoch)) {
                    registration.ended = false;
                    registration.silenceMillis = 0;
                    live.put(epoch, registration);
                    sources.put(epoch, new Source());
                    changedSources.add(epoch);
                    changedNames.add(registration.node);
                    return registration;
                }
            }
            return null;
        }

        private Outcome change(Command.RouteChanges c) {
            Source source = sources.get(c.source());
            if (source == null || !live.containsKey(c.source())) {
                return new Outcome.Fenced(c.source());
            }
            if (c.firstNumber() < 1 || c.changes().isEmpty()) {
                return new Outcome.Refused(
                        c.changes().size() + " changes from number " + c.firstNumber());
            }
            long last = c.firstNumber() + c.changes().size() - 1;
            if (off.contains(StoreRule.CHANGES_ARE_ORDERED)) {
                source.lastNumber = Math.min(source.lastNumber, c.firstNumber() - 1);
            }
            if (c.firstNumber() > source.lastNumber + 1) {
                return new Outcome.Gap(source.lastNumber + 1);
            }
            if (last <= source.lastNumber) {
                return new Outcome.Done(source.indexOf(last));
            }
            List<RouteChange> news =
                    c.changes()
                            .subList(
                                    (int) (source.lastNumber + 1 - c.firstNumber()),
                                    c.changes().size());
            List<byte[]> keys = new ArrayList<>(news.size());
            byte[] epochKey = Keys.epoch(c.source());
            try {
                for (RouteChange change : news) {
                    keys.add(Keys.route(Keys.filter(change.filter()), epochKey));
                }
            } catch (InvalidTopicException e) {
                return new Outcome.Refused(String.valueOf(e.getMessage()));
            }
            List<FeedEvent.Step> steps = new ArrayList<>(news.size());
            for (int i = 0; i < news.size(); i++) {
                steps.add(step(source, keys.get(i), news.get(i)));
            }
            long first = source.lastNumber + 1;
            source.took(last, index);
            changedSources.add(c.source());
            if (source.digest != c.digestAfter()) {
                alarms.add(
                        "routes of epoch "
                                + c.source()
                                + " after change "
                                + last
                                + ": digest "
                                + Long.toHexString(source.digest)
                                + ", its gateway says "
                                + Long.toHexString(c.digestAfter()));
            }
            events.add(new FeedEvent.Routed(c.source(), first, steps, source.digest));
            return new Outcome.Done(index);
        }

        private FeedEvent.Step step(Source source, byte[] key, RouteChange change) {
            int before = RouteRow.weight(batch.get(Family.ROUTES, key));
            int after = change.weight();
            if (after == 0) {
                batch.delete(Family.ROUTES, key);
            } else {
                batch.put(Family.ROUTES, key, RouteRow.of(after));
            }
            source.routes += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
            source.digest +=
                    RouteDigest.of(change.filter(), after)
                            - RouteDigest.of(change.filter(), before);
            return new FeedEvent.Step(change.filter(), before, after);
        }
    }
}
