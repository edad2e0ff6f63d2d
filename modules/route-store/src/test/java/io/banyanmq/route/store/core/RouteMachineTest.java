package io.banyanmq.route.store.core;

import static io.banyanmq.route.store.core.TestStore.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.FeedFormat;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Renewal;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.RouteChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteMachineTest {
    private final TestStore store = new TestStore();

    // ---- registrations

    @Test
    void two_registrations_in_one_entry_are_two_epochs() {
        Applied applied = store.apply(register("a", 1, 1), register("b", 2, 1));
        assertThat(applied.outcomes())
                .containsExactly(
                        new Outcome.Registered(new Epoch(1, 0)),
                        new Outcome.Registered(new Epoch(1, 1)));
    }

    @Test
    void another_incarnation_is_refused_while_the_epoch_lives() {
        Epoch first = store.serve("a", 1, 1);
        assertThat(store.outcome(register("a", 2, 1)))
                .isEqualTo(new Outcome.Occupied(register("a", 2, 1).node(), first));
        store.apply(new Command.EndEpoch(first));
        assertThat(store.outcome(register("a", 2, 1))).isInstanceOf(Outcome.Registered.class);
    }

    @Test
    void a_higher_number_of_the_incarnation_ends_its_epoch_at_once() {
        Epoch first = store.serve("a", 1, 1);
        Applied applied = store.apply(register("a", 1, 2));
        assertThat(events(applied))
                .startsWith(new FeedEvent.Ended(first, FeedEvent.Cause.SUPERSEDED));
        assertThat(store.machine.serving()).isEmpty();
    }

    @Test
    void an_equal_number_gets_the_first_answer_and_a_lower_one_ends_nothing() {
        Epoch epoch = store.serve("a", 1, 5);
        assertThat(store.outcome(register("a", 1, 5))).isEqualTo(new Outcome.Registered(epoch));
        assertThat(store.outcome(register("a", 1, 4))).isEqualTo(new Outcome.Outdated(5));
        assertThat(store.machine.serving()).containsExactly(epoch);
    }

    @Test
    void a_renamed_incarnation_ends_its_epoch_under_the_old_name() {
        Epoch first = store.serve("a", 1, 1);
        store.apply(register("b", 1, 2));
        assertThat(store.outcome(new Command.Serve(first))).isEqualTo(new Outcome.Fenced(first));
        assertThat(store.outcome(register("a", 9, 1))).isInstanceOf(Outcome.Registered.class);
    }

    // ---- time

    @Test
    void silence_beyond_the_ttl_ends_an_epoch_for_ever() {
        Epoch epoch = store.serve("a", 1, 1);
        for (int i = 0; i < 6; i++) {
            store.apply(store.tick(1_000));
        }
        assertThat(store.machine.serving()).containsExactly(epoch);
        Applied applied = store.apply(store.tick(1, store.renewal(new Epoch(77, 0), 1)));
        assertThat(events(applied)).contains(new FeedEvent.Ended(epoch, FeedEvent.Cause.SILENCE));
        Applied late = store.apply(store.tick(0, store.renewal(epoch, 1)));
        assertThat(events(late)).containsExactly(new FeedEvent.Renewed(List.of(), 0));
        assertThat(store.machine.serving()).isEmpty();
    }

    @Test
    void a_tick_of_another_term_and_a_repeated_tick_count_no_time() {
        Epoch epoch = store.serve("a", 1, 1);
        Command.Tick tick = store.tick(1_000);
        for (int i = 0; i < 20; i++) {
            store.apply(TestStore.TERM + 1, List.of(store.tick(1_000)));
            store.apply(tick);
        }
        assertThat(store.machine.serving()).containsExactly(epoch);
    }

    @Test
    void a_tick_counts_a_second_at_most() {
        Epoch epoch = store.serve("a", 1, 1);
        store.apply(store.tick(60_000));
        assertThat(store.machine.serving()).containsExactly(epoch);
    }

    @Test
    void only_a_renewal_that_was_accepted_is_confirmed() {
        Epoch epoch = store.serve("a", 1, 1);
        assertThat(renewed(store.apply(store.tick(500, store.renewal(epoch, 4)))))
                .containsExactly(new FeedEvent.Confirmation(epoch, 4));
        assertThat(renewed(store.apply(store.tick(500, store.renewal(epoch, 4))))).isEmpty();
        store.apply(new Command.Condemn(epoch));
        assertThat(renewed(store.apply(store.tick(500, store.renewal(epoch, 5))))).isEmpty();
        assertThat(store.machine.serving()).containsExactly(epoch);
    }

    @Test
    void a_serving_epoch_whose_feed_is_stuck_is_not_renewed_and_a_joining_one_is() {
        Epoch serving = store.serve("a", 1, 1);
        Epoch joining = ((Outcome.Registered) store.outcome(register("b", 2, 1))).epoch();
        long stuckAt = store.index();
        for (int i = 0; i < 4; i++) {
            store.apply(store.tick(1_000));
        }
        Applied applied =
                store.apply(
                        store.tick(
                                1_000,
                                new Renewal(serving, 1, 6_000, stuckAt),
                                new Renewal(joining, 1, 6_000, 0)));
        assertThat(renewed(applied)).containsExactly(new FeedEvent.Confirmation(joining, 1));
        Applied fresh = store.apply(store.tick(500, new Renewal(serving, 2, 6_000, store.index())));
        assertThat(renewed(fresh)).containsExactly(new FeedEvent.Confirmation(serving, 2));
    }

    @Test
    void a_lowered_ttl_counts_from_the_first_renewal_that_carries_it() {
        Epoch epoch = store.serve("a", 1, 1);
        store.apply(store.tick(500, store.renewal(epoch, 1)));
        store.apply(new Command.SetOption(LogOption.TTL_MILLIS.key(), "1000"));
        store.apply(store.tick(1_000));
        store.apply(store.tick(1_000));
        assertThat(store.machine.serving()).containsExactly(epoch);
        store.apply(store.tick(0, new Renewal(epoch, 2, 1_000, store.index())));
        store.apply(store.tick(1_000));
        assertThat(store.machine.serving()).containsExactly(epoch);
        store.apply(store.tick(1));
        assertThat(store.machine.serving()).isEmpty();
    }

    // ---- sources

    @Test
    void a_source_is_applied_in_order_repeats_are_answered_and_gaps_refused() {
        Epoch epoch = store.serve("a", 1, 1);
        Command.RouteChanges first = store.changes(epoch, "+t/a", "+t/+/x");
        Command.RouteChanges second = store.changes(epoch, "-t/a");
        assertThat(store.outcome(second)).isEqualTo(new Outcome.Gap(1));
        assertThat(store.outcome(first)).isEqualTo(new Outcome.Done(4));
        assertThat(store.outcome(second)).isEqualTo(new Outcome.Done(5));
        assertThat(store.outcome(first)).isEqualTo(new Outcome.Done(4));
        assertThat(filters("")).containsExactly("t/+/x");
    }

    @Test
    void of_a_batch_that_overlaps_only_what_is_new_is_applied() {
        Epoch epoch = store.serve("a", 1, 1);
        store.apply(store.changes(epoch, "+a"));
        Command.RouteChanges next = store.changes(epoch, "+b");
        Command.RouteChanges both =
                new Command.RouteChanges(
                        epoch,
                        1,
                        List.of(RouteChange.add("a"), RouteChange.add("b")),
                        next.digestAfter());
        Applied applied = store.apply(both);
        assertThat(applied.alarms()).isEmpty();
        assertThat(events(applied))
                .containsExactly(
                        new FeedEvent.Routed(
                                epoch,
                                2,
                                List.of(new FeedEvent.Step("b", 0, 1)),
                                next.digestAfter()));
    }

    @Test
    void a_digest_that_does_not_agree_is_an_alarm() {
        Epoch epoch = store.serve("a", 1, 1);
        Command.RouteChanges changes = store.changes(epoch, "+a");
        Applied applied = store.apply(new Command.RouteChanges(epoch, 1, changes.changes(), 17));
        assertThat(applied.alarms()).singleElement().asString().contains(epoch.toString());
    }

    @Test
    void an_invalid_filter_is_refused_and_nothing_of_its_batch_applied() {
        Epoch epoch = store.serve("a", 1, 1);
        assertThat(store.outcome(store.changes(epoch, "+a", "+b/#/c")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(filters("")).isEmpty();
    }

    @Test
    void routes_of_an_ended_epoch_are_gone_at_once_and_their_rows_soon() {
        Epoch epoch = store.serve("a", 1, 1);
        store.apply(store.changes(epoch, "+a", "+b"));
        Epoch next = store.serve("a", 1, 2);
        store.apply(store.changes(next, "+a"));
        assertThat(filters("")).containsExactly("a");
        assertThat(routeRows()).isEqualTo(3);
        store.apply(store.tick(1));
        assertThat(routeRows()).isEqualTo(1);
    }

    // ---- reads

    @Test
    void lists_and_matches_name_the_gateways() {
        Epoch one = store.serve("node1", 1, 1);
        Epoch two = store.serve("node2", 2, 1);
        store.apply(store.changes(one, "+t/+/x", "+t/+/y"), store.changes(two, "+t/#", "+t/a"));
        assertThat(filters("")).containsExactly("t/+/x", "t/+/y", "t/#", "t/a");
        assertThat(filters("t/+")).containsExactly("t/+/x", "t/+/y");
        try (Rows.View view = store.rows.view()) {
            RouteQueries.Listing match = RouteQueries.match(view, "t/a", 10);
            assertThat(match.routes())
                    .extracting(RouteQueries.Listed::filter)
                    .containsExactly("t/#", "t/a");
            assertThat(match.routes().getFirst().members())
                    .containsExactly(
                            new RouteQueries.Member(register("node2", 2, 1).node(), two, 1));
            assertThat(RouteQueries.list(view, "", 3).more()).isTrue();
            assertThat(RouteQueries.verify(view)).allMatch(RouteQueries.Verified::agrees);
            assertThat(RouteQueries.stats(view).sources())
                    .extracting(RouteQueries.SourceStats::routes)
                    .containsExactly(2L, 2L);
        }
    }

    @Test
    void the_feed_gives_entries_behind_an_index_or_asks_for_a_scan() {
        Epoch epoch = store.serve("a", 1, 1);
        store.apply(store.changes(epoch, "+a"));
        try (Rows.View view = store.rows.view()) {
            FeedReader.Chunk.Entries all =
                    (FeedReader.Chunk.Entries) FeedReader.read(view, 1, 1_000);
            assertThat(all.encoded())
                    .extracting(bytes -> FeedFormat.decode(bytes).index())
                    .containsExactly(2L, 3L);
            assertThat(all.upTo()).isEqualTo(3);
            FeedReader.Chunk.Entries one = (FeedReader.Chunk.Entries) FeedReader.read(view, 1, 1);
            assertThat(one.upTo()).isEqualTo(2);
        }
        for (int i = 0; i < 8; i++) {
            store.apply(store.tick(0));
        }
        try (Rows.View view = store.rows.view()) {
            assertThat(FeedReader.read(view, 2, 1_000)).isEqualTo(new FeedReader.Chunk.Behind(3));
            assertThat(FeedReader.read(view, 3, 1_000))
                    .isInstanceOf(FeedReader.Chunk.Entries.class);
        }
    }

    @Test
    void a_scan_has_what_lives_and_stays_at_its_index() {
        Epoch one = store.serve("a", 1, 1);
        Epoch two = store.serve("b", 2, 1);
        store.apply(store.changes(one, "+a"), store.changes(two, "+a", "+b"));
        try (RouteScan scan = RouteScan.all(store.rows.view())) {
            store.apply(store.changes(one, "+later"));
            List<Route> routes = new ArrayList<>();
            while (!scan.done()) {
                routes.addAll(scan.next(1).routes());
            }
            assertThat(routes)
                    .containsExactly(
                            new Route("a", one, 1), new Route("a", two, 1), new Route("b", two, 1));
            assertThat(scan.end().index()).isEqualTo(5);
        }
        try (RouteScan scan = RouteScan.of(store.rows.view(), two).orElseThrow()) {
            assertThat(scan.next(100).routes()).hasSize(2);
        }
    }

    // ---- the whole

    @Test
    void a_machine_that_was_reopened_at_any_entry_goes_on_alike() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TestStore steady = new TestStore();
            TestStore restarted = new TestStore();
            List<Epoch> epochs = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Command command = command(random, steady, epochs);
                Applied expected = steady.apply(command);
                if (random.nextInt(3) == 0) {
                    restarted.reopen();
                }
                assertThat(restarted.apply(command)).isEqualTo(expected);
                if (expected.outcomes().getFirst() instanceof Outcome.Registered(Epoch epoch)) {
                    epochs.add(epoch);
                }
                try (Rows.View view = steady.rows.view()) {
                    assertThat(RouteQueries.verify(view))
                            .allMatch(RouteQueries.Verified::agrees, "seed " + seed);
                }
            }
        }
    }

    private static Command command(Random random, TestStore store, List<Epoch> epochs) {
        Epoch epoch =
                epochs.isEmpty()
                        ? new Epoch(99, 0)
                        : epochs.get(
                                epochs.size() - 1 - random.nextInt(Math.min(3, epochs.size())));
        String filter = "t/" + random.nextInt(4);
        return switch (random.nextInt(8)) {
            case 0 -> register("n" + random.nextInt(2), random.nextInt(3), 1 + random.nextInt(9));
            case 1 -> new Command.Serve(epoch);
            case 2, 3 ->
                    store.tick(random.nextInt(1_500), store.renewal(epoch, random.nextInt(40)));
            case 4, 5 -> store.changes(epoch, (random.nextBoolean() ? "+" : "-") + filter);
            case 6 ->
                    new Command.SetOption(
                            LogOption.TTL_MILLIS.key(), "" + (500 + random.nextInt(4_000)));
            default ->
                    random.nextInt(4) == 0
                            ? new Command.EndEpoch(epoch)
                            : new Command.Condemn(epoch);
        };
    }

    private List<String> filters(String prefix) {
        try (Rows.View view = store.rows.view()) {
            return RouteQueries.list(view, prefix, 100).routes().stream()
                    .map(RouteQueries.Listed::filter)
                    .toList();
        }
    }

    private int routeRows() {
        int rows = 0;
        try (Rows.View view = store.rows.view();
                Rows.Cursor cursor = view.cursor(Rows.Family.ROUTES, Keys.FIRST, Keys.LAST)) {
            for (; cursor.valid(); cursor.next()) {
                rows++;
            }
        }
        return rows;
    }

    private static List<FeedEvent> events(Applied applied) {
        FeedEntry feed = applied.feed();
        return feed == null ? List.of() : feed.events();
    }

    private static List<FeedEvent.Confirmation> renewed(Applied applied) {
        return events(applied).stream()
                .filter(FeedEvent.Renewed.class::isInstance)
                .map(FeedEvent.Renewed.class::cast)
                .findFirst()
                .orElseThrow()
                .confirmations();
    }
}
