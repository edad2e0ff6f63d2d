package io.banyanmq.route.store.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import io.banyanmq.route.store.core.RouteQueries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Store nodes with real logs, disks and conversations; gateways by hand.
@Timeout(120)
class RouteStoreTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path temp;

    @Test
    void route_is_committed_fed_and_visible_once_everyone_who_serves_has_it() throws Exception {
        try (Cluster cluster = new Cluster(temp).form(1)) {
            Gateway a = cluster.gateway("a", 1);
            Gateway b = cluster.gateway("b", 2);
            Epoch epochA = a.serve();
            Epoch epochB = b.serve();

            long index = a.add(epochA, "t/+/x");
            b.talks.getFirst().awaitUpTo(index);
            assertThat(b.talks.getFirst().events())
                    .contains(
                            new FeedEvent.Joined(
                                    epochB,
                                    b.node,
                                    new Incarnation(1, 2),
                                    new HostPort("h", 1),
                                    ""));

            a.awaitVisible(index);
            a.applied(epochA, index);
            b.applied(epochB, index - 1);
            await().atMost(LONG).until(() -> a.talks.getFirst().visible() == index - 1);
            b.applied(epochB, index);
            await().atMost(LONG).until(() -> a.talks.getFirst().visible() >= index);
        }
    }

    @Test
    void lease_ends_in_silence_and_lives_while_it_is_renewed() throws Exception {
        try (Cluster cluster = new Cluster(temp, Duration.ofSeconds(4)).form(1)) {
            Gateway a = cluster.gateway("a", 1);
            Gateway b = cluster.gateway("b", 2);
            Epoch epochA = a.serve();
            Epoch epochB = b.serve();
            Gateway.Talk talk = a.talks.getFirst();

            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        a.renew(epochA, talk.upTo());
                        return talk.events().stream()
                                .anyMatch(event ->
                                        event instanceof FeedEvent.Ended ended
                                                && ended.epoch().equals(epochB));
                    });

            assertThat(talk.events())
                    .noneMatch(event ->
                            event instanceof FeedEvent.Ended ended && ended.epoch().equals(epochA));
            assertThat(talk.events()).anyMatch(event -> event instanceof FeedEvent.Renewed);
            assertThat(a.propose(new Command.Serve(epochB))).isInstanceOf(Outcome.Fenced.class);
        }
    }

    @Test
    void restarted_store_scans_what_it_had_and_feeds_on() throws Exception {
        try (Cluster cluster = new Cluster(temp).form(1)) {
            Cluster.Member store = cluster.leader();
            Gateway a = cluster.gateway("a", 1);
            Epoch epoch = a.serve();
            for (int i = 0; i < 20; i++) {
                a.add(epoch, "t/" + i);
            }
            store.close();
            Cluster.Member again = cluster.restart(store);
            Gateway b = cluster.gateway("b", 2);

            assertThat(b.talks.getFirst().scanned())
                    .hasSize(20)
                    .contains(new Route("t/7", epoch, 1));
            RouteQueries.Listing listing =
                    again.store.read(view -> RouteQueries.match(view, "t/7", 10)).orElseThrow();
            assertThat(listing.routes())
                    .extracting(RouteQueries.Listed::filter)
                    .containsExactly("t/7");
        }
    }

    @Test
    void source_is_said_again_at_the_index_that_the_feed_has_reached() throws Exception {
        try (Cluster cluster = new Cluster(temp).form(1)) {
            Gateway a = cluster.gateway("a", 1);
            Epoch epoch = a.serve();
            long index = a.add(epoch, "t/1");
            Gateway.Talk talk = a.talks.getFirst();
            talk.awaitUpTo(index);

            talk.send(new StoreRequest.ScanSource(epoch));
            await().atMost(LONG).until(() -> talk.scanned().contains(new Route("t/1", epoch, 1)));

            long before = -1;
            for (StoreReply reply : talk.replies) {
                if (reply instanceof StoreReply.Feed feed) {
                    before = feed.upTo();
                } else if (reply instanceof StoreReply.SourceBegin begin) {
                    assertThat(begin.index()).isEqualTo(before);
                }
            }
        }
    }

    @Test
    void three_nodes_form_once_and_outlive_their_leader() throws Exception {
        try (Cluster cluster = new Cluster(temp).form(3)) {
            Cluster.Member first = cluster.leader();
            Gateway a = cluster.gateway("a", 1);
            Epoch epoch = a.serve();
            long index = a.add(epoch, "t/1");
            a.talks.forEach(talk -> talk.awaitUpTo(index));
            NodeName leader = first.store.leader().orElseThrow();
            for (Cluster.Member member : cluster.members()) {
                assertThat(member.store.status().voters()).hasSize(3);
                await().atMost(LONG).until(() -> member.store.leader().equals(Optional.of(leader)));
            }

            first.close();

            Epoch second = a.serve();
            long after = a.add(second, "t/2");
            TreeSet<String> seen = new TreeSet<>();
            for (Cluster.Member member : cluster.members()) {
                await().atMost(LONG).until(() -> member.store.status().appliedIndex() >= after);
                member.store
                        .read(view -> RouteQueries.list(view, "", 10))
                        .orElseThrow()
                        .routes()
                        .forEach(listed -> seen.add(listed.filter()));
                assertThat(member.store.read(RouteQueries::verify).orElseThrow())
                        .allMatch(RouteQueries.Verified::agrees);
            }
            assertThat(seen).isEqualTo(new TreeSet<>(List.of("t/2")));
        }
    }

    @Test
    void who_does_not_lead_says_who_does() throws Exception {
        try (Cluster cluster = new Cluster(temp).form(3)) {
            Cluster.Member leader = cluster.leader();
            Gateway a = cluster.gateway("a", 1);
            a.serve();
            for (Gateway.Talk talk : a.talks) {
                talk.replies.clear();
                talk.send(new StoreRequest.Propose(9_999, new Command.Serve(new Epoch(1, 0))));
                await().atMost(LONG)
                        .until(() ->
                                talk.replies.stream()
                                        .anyMatch(reply ->
                                                reply instanceof StoreReply.Proposed
                                                        || leads(reply, leader)));
            }
        }
    }

    private static boolean leads(StoreReply reply, Cluster.Member leader) {
        return reply instanceof StoreReply.NotProposed not
                && leader.raftConfig.self().name().equals(String.valueOf(not.leader()));
    }
}
