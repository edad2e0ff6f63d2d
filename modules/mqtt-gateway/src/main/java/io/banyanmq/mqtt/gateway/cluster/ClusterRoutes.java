package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.mqtt.gateway.lane.Interest;
import io.banyanmq.topic.DestinationSet;
import io.banyanmq.topic.LevelHash;
import io.banyanmq.topic.RouteIndex;
import io.banyanmq.topic.Subscribers;
import io.banyanmq.topic.SubscriptionTable;
import io.banyanmq.topic.TopicFilter;
import io.banyanmq.topic.TopicLevels;
import io.banyanmq.topic.TopicRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where publishes have to go outside this gateway's own subscription table: the compact index of plain routes, and an exact
/// table of shared ones. The cluster's loop writes; every loop matches with a [Query] of its own.
///
/// Routes point at *destinations*, and a destination stands for a peer or, as yet, for nobody: a peer's routes can so be
/// said anew under another destination while the old ones stay in force, and change places with them at once.
final class ClusterRoutes {
    private static final String SHARE = "$share/";
    private static final int NOBODY = Integer.MIN_VALUE;

    /// This gateway's own members of shared subscriptions.
    private static final int SELF_DESTINATION = DestinationSet.DESTINATION_MAX;

    private record Member(int destination, int weight) {}

    /// What some of the routes point at, and how many plain ones do.
    private static final class Destination {
        final int number;
        long plainRoutes;

        Destination(int number) {
            this.number = number;
        }
    }

    /// Where a peer's routes are.
    private static final class Place {
        /// In force; null if there are none yet.
        @Nullable Destination current;

        /// Being said anew; null if they are not.
        @Nullable Destination next;
    }

    private final LevelHash levelHash;
    private final RouteIndex plain;
    private final SubscriptionTable<Member> shared;

    // Of the cluster's loop.
    private final Map<Integer, Place> places = new HashMap<>();
    private final boolean[] taken = new boolean[DestinationSet.DESTINATION_MAX + 1];
    private int nextDestination;

    /// The peer of each destination, or [#NOBODY].
    private volatile int[] peers = new int[0];

    private volatile long exchanges;

    /// @param levelHash keyed at random, so that no client can make filters collide
    ClusterRoutes(LevelHash levelHash) {
        this.levelHash = levelHash;
        this.plain = new RouteIndex(levelHash);
        this.shared = new SubscriptionTable<>(levelHash);
        taken[SELF_DESTINATION] = true;
    }

    // ---- changes, on the cluster's loop

    /// `filter` of `peer` had weight `before` and has `after`; 0 is none.
    void change(int peer, String filter, int before, int after) {
        Place place = places.computeIfAbsent(peer, _ -> new Place());
        Destination current = place.current;
        if (current == null) {
            current = take();
            place.current = current;
            point(current, peer);
        }
        set(current, filter, before, after);
    }

    private void set(Destination destination, String filter, int before, int after) {
        byte[] utf8 = filter.getBytes(StandardCharsets.UTF_8);
        if (filter.startsWith(SHARE)) {
            setShared(TopicRules.UNLIMITED.filter(utf8), destination.number, after);
        } else if (before > 0 && after == 0) {
            destination.plainRoutes--;
            plain.remove(utf8, destination.number);
        } else if (before == 0 && after > 0) {
            destination.plainRoutes++;
            plain.add(utf8, destination.number);
        }
    }

    /// This gateway itself has about `weight` members of a shared subscription; 0 for none.
    void changeOwn(String sharedFilter, int weight) {
        setShared(TopicRules.UNLIMITED.filter(sharedFilter), SELF_DESTINATION, weight);
    }

    /// Forgets the own members.
    void forgetOwn() {
        clearShared(SELF_DESTINATION);
    }

    /// All routes of `peer` come anew ([#restate]); those known stay in force until [#restated].
    void restating(int peer) {
        Place place = places.computeIfAbsent(peer, _ -> new Place());
        giveBack(place.next);
        place.next = take();
    }

    /// `peer` has the route, with `weight` 1 or more.
    void restate(int peer, String filter, int weight) {
        Place place = places.get(peer);
        if (place != null && place.next != null) {
            set(place.next, filter, 0, weight);
        }
    }

    /// All have come: they replace what was known, at once.
    void restated(int peer) {
        Place place = places.get(peer);
        if (place != null && place.next != null) {
            Destination old = place.current;
            place.current = place.next;
            place.next = null;
            point(place.current, peer);
            giveBack(old);
        }
    }

    /// The peer has ended, and all its routes with it.
    void ended(int peer) {
        Place place = places.remove(peer);
        if (place != null) {
            giveBack(place.current);
            giveBack(place.next);
        }
    }

    /// A destination that stands for nobody. Numbers go round, so a match under way does not meet one again.
    private Destination take() {
        for (int tries = 0; tries < taken.length; tries++) {
            int number = nextDestination;
            nextDestination = (nextDestination + 1) % taken.length;
            if (!taken[number]) {
                taken[number] = true;
                return new Destination(number);
            }
        }
        throw new IllegalStateException(
                "all " + taken.length + " destinations of routes are taken");
    }

    private void giveBack(@Nullable Destination destination) {
        if (destination == null) {
            return;
        }
        point(destination, NOBODY);
        if (destination.plainRoutes > 0) {
            plain.removeDestination(destination.number);
        }
        clearShared(destination.number);
        taken[destination.number] = false;
    }

    private void clearShared(int destination) {
        List<TopicFilter> filters = new ArrayList<>();
        shared.forEach(members ->
                members.forEach(member -> {
                    if (member.destination == destination) {
                        filters.add(members.filter());
                    }
                }));
        filters.forEach(filter -> setShared(filter, destination, 0));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void point(Destination destination, int peer) {
        int[] now = peers;
        int length = now.length;
        now = Arrays.copyOf(now, Math.max(length, destination.number + 1));
        Arrays.fill(now, length, now.length, NOBODY);
        now[destination.number] = peer;
        peers = now;
        exchanges++;
    }

    private void setShared(TopicFilter filter, int destination, int weight) {
        Member old = member(filter, destination);
        if (old == null && weight > 0) {
            shared.add(filter, new Member(destination, weight));
        } else if (old != null && weight == 0) {
            shared.remove(filter, old);
        } else if (old != null && old.weight != weight) {
            shared.replace(filter, old, new Member(destination, weight));
        }
    }

    private @Nullable Member member(TopicFilter filter, int destination) {
        Subscribers<Member> members = shared.find(filter);
        if (members == null) {
            return null;
        }
        List<Member> found = new ArrayList<>(1);
        members.forEach(member -> {
            if (member.destination == destination) {
                found.add(member);
            }
        });
        return found.isEmpty() ? null : found.getFirst();
    }

    // ---- readers

    /// Changes whenever a match may have.
    long version() {
        return plain.version() + shared.version() + exchanges;
    }

    /// How many routes there are, own ones left out but for shared ones.
    long size() {
        return plain.size() + shared.subscriptions();
    }

    /// About how many bytes the index takes; on the cluster's loop only.
    long bytes() {
        return plain.bytes();
    }

    /// Matches for one loop.
    final class Query {
        private final TopicLevels levels = new TopicLevels(levelHash);
        private final DestinationSet destinations = new DestinationSet();
        private final List<Interest.Members> members = new ArrayList<>();
        private @Nullable Interest into;
        private final Consumer<Subscribers<Member>> addShared = this::addShared;
        private final Consumer<Member> addMember = this::addMember;

        /// See [io.banyanmq.mqtt.gateway.lane.ClusterLane#match].
        void match(byte[] topic, int offset, int length, Interest result) {
            result.clear();
            levels.set(topic, offset, length);
            plain.match(levels, destinations);
            for (int i = 0; i < destinations.size(); i++) {
                int peer = peerOf(destinations.get(i));
                if (peer != NOBODY) {
                    result.addPeer(peer);
                }
            }
            if (shared.filters() > 0) {
                into = result;
                shared.match(levels, addShared);
                into = null;
            }
        }

        private void addShared(Subscribers<Member> group) {
            members.clear();
            group.forEach(addMember);
            Interest result = into;
            if (!members.isEmpty() && result != null) {
                members.sort(Comparator.comparingInt(Interest.Members::peer));
                result.addShared(new Interest.Shared(group.filter().text(), members));
            }
        }

        private void addMember(Member member) {
            int peer = peerOf(member.destination);
            if (peer != NOBODY) {
                members.add(new Interest.Members(peer, member.weight));
            }
        }
    }

    private int peerOf(int destination) {
        if (destination == SELF_DESTINATION) {
            return Interest.SELF;
        }
        int[] now = peers;
        return destination < now.length ? now[destination] : NOBODY;
    }
}
