package io.banyanmq.mqtt.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.EpochState;
import io.banyanmq.cluster.wire.FeedEntry;
import io.banyanmq.cluster.wire.FeedEvent;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.LogOption;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.Outcome;
import io.banyanmq.cluster.wire.Route;
import io.banyanmq.cluster.wire.RouteChange;
import io.banyanmq.cluster.wire.RouteDigest;
import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The agent's life as transcripts: what comes in, what goes out.
class ClusterAgentTest {
    private static final long MS = 1_000_000;
    private static final NodeName STORE1 = new NodeName("store1", "h");
    private static final NodeName STORE2 = new NodeName("store2", "h");
    private static final Epoch OWN = new Epoch(11, 0);
    private static final Epoch PEER = new Epoch(5, 0);
    private static final Incarnation OWN_INCARNATION = new Incarnation(1, 1);
    private static final Incarnation PEER_INCARNATION = new Incarnation(2, 2);
    private static final HostPort ADDRESS = new HostPort("h", 7);

    private final RecordedEffects out = new RecordedEffects();
    private final ClusterAgent agent =
            new ClusterAgent(
                    new AgentConfig(
                            new NodeName("gateway", "h"),
                            OWN_INCARNATION,
                            3,
                            ADDRESS,
                            "",
                            0,
                            List.of(STORE1, STORE2),
                            Duration.ofSeconds(10),
                            false),
                    out);
    private long index = 10;
    private long serial;

    // ---- registering and serving

    @Test
    void it_raises_its_number_before_it_registers() {
        agent.storeUp(STORE1, 0);
        agent.start(0);
        assertThat(out.take()).containsExactly("raise 4");
        assertThat(out.take(StoreRequest.Propose.class)).isEmpty();
        agent.numberRaised(4, 0);
        assertThat(out.take(StoreRequest.Propose.class))
                .extracting(StoreRequest.Propose::command)
                .containsExactly(
                        new Command.RegisterNode(
                                new NodeName("gateway", "h"), OWN_INCARNATION, 4, ADDRESS, "", 0));
    }

    @Test
    void it_serves_after_a_confirmed_renewal_links_to_all_serving_peers_and_its_own_event() {
        register();
        feed(0, joined(PEER, PEER_INCARNATION), new FeedEvent.Serving(PEER));
        feed(0, joined(OWN, OWN_INCARNATION));
        assertThat(out.take()).containsExactly("began 11.0", "joined 5.0 peer@h", "serving 5.0");
        confirm(100);
        assertThat(out.take(StoreRequest.Propose.class)).isEmpty();
        agent.reaches(PEER, true, 100 * MS);
        List<StoreRequest.Propose> serve = out.take(StoreRequest.Propose.class);
        assertThat(serve)
                .extracting(StoreRequest.Propose::command)
                .containsExactly(new Command.Serve(OWN));
        agent.reply(
                STORE1,
                new StoreReply.Proposed(serve.getFirst().request(), new Outcome.Done(40)),
                100 * MS);
        assertThat(agent.serving()).isFalse();
        feed(100, new FeedEvent.Serving(OWN));
        assertThat(agent.serving()).isTrue();
        assertThat(agent.mayAcknowledge(101 * MS)).isTrue();
    }

    @Test
    void a_name_that_is_held_is_waited_for() {
        agent.storeUp(STORE1, 0);
        agent.start(0);
        agent.numberRaised(4, 0);
        long request = out.take(StoreRequest.Propose.class).getFirst().request();
        agent.reply(
                STORE1,
                new StoreReply.Proposed(
                        request, new Outcome.Occupied(new NodeName("gateway", "h"), PEER)),
                0);
        agent.time(400 * MS);
        assertThat(out.take(StoreRequest.Propose.class)).isEmpty();
        agent.time(600 * MS);
        assertThat(out.take(StoreRequest.Propose.class)).hasSize(1);
    }

    @Test
    void a_number_that_is_behind_is_raised_beyond_the_latest() {
        agent.storeUp(STORE1, 0);
        agent.start(0);
        agent.numberRaised(4, 0);
        long request = out.take(StoreRequest.Propose.class).getFirst().request();
        agent.reply(STORE1, new StoreReply.Proposed(request, new Outcome.Outdated(8)), 0);
        assertThat(out.take()).contains("raise 9");
    }

    // ---- the lease

    @Test
    void the_deadline_is_the_sending_of_the_confirmed_renewal_and_two_thirds_of_the_ttl() {
        serve();
        out.take();
        agent.time(1_000 * MS);
        serial++;
        agent.time(1_500 * MS);
        serial++;
        feed(3_000, new FeedEvent.Renewed(List.of(new FeedEvent.Confirmation(OWN, serial - 1)), 0));
        assertThat(out.take()).containsExactly("deadline 5000");
        assertThat(agent.mayAcknowledge(4_999 * MS)).isTrue();
        assertThat(agent.mayAcknowledge(5_000 * MS)).isFalse();
    }

    @Test
    void a_renewal_with_a_lower_ttl_moves_the_deadline_when_it_is_sent() {
        serve();
        feed(100, new FeedEvent.OptionSet(LogOption.TTL_MILLIS.key(), "600"));
        out.take();
        agent.time(500 * MS);
        assertThat(out.take()).containsExactly("deadline 900");
    }

    @Test
    void past_the_hold_it_gives_up_closes_and_registers_anew() {
        serve();
        out.take();
        agent.time(14_000 * MS);
        assertThat(out.take()).isEmpty();
        agent.time(14_200 * MS);
        assertThat(out.take()).containsExactly("gave up 11.0");
        agent.time(14_300 * MS);
        assertThat(out.take()).isEmpty();
        agent.closed(14_400 * MS);
        assertThat(out.take()).containsExactly("raise 5");
        feed(14_400, new FeedEvent.Renewed(List.of(new FeedEvent.Confirmation(OWN, 1)), 0));
        assertThat(agent.mayAcknowledge(14_401 * MS)).isFalse();
    }

    @Test
    void an_epoch_that_ended_before_the_registration_was_answered_is_given_up_at_once() {
        agent.storeUp(STORE1, 0);
        agent.start(0);
        agent.numberRaised(4, 0);
        long request = out.take(StoreRequest.Propose.class).getFirst().request();
        scan(List.of());
        feed(0, joined(OWN, OWN_INCARNATION));
        feed(0, new FeedEvent.Ended(OWN, FeedEvent.Cause.SILENCE));
        agent.reply(STORE1, new StoreReply.Proposed(request, new Outcome.Registered(OWN)), 0);
        assertThat(out.take()).contains("began 11.0", "gave up 11.0");
    }

    // ---- the feed

    @Test
    void it_acknowledges_what_it_applied_to_all_stores() {
        serve();
        agent.storeUp(STORE2, 100 * MS);
        out.requests.clear();
        feed(100, new FeedEvent.Renewed(List.of(), 0));
        assertThat(out.requests)
                .containsExactly(
                        new RecordedEffects.Sent(STORE1, new StoreRequest.Applied(OWN, index)),
                        new RecordedEffects.Sent(STORE2, new StoreRequest.Applied(OWN, index)));
    }

    @Test
    void a_message_after_a_hole_is_not_applied_and_the_feed_is_asked_for_again() {
        serve();
        out.requests.clear();
        long applied = agent.feedIndex();
        agent.reply(STORE1, new StoreReply.Feed(applied + 1, List.of(), applied + 2), 100 * MS);
        assertThat(agent.feedIndex()).isEqualTo(applied);
        assertThat(out.take(StoreRequest.Follow.class))
                .containsExactly(new StoreRequest.Follow(applied));
    }

    @Test
    void a_silent_store_is_left_for_another() {
        serve();
        agent.storeUp(STORE2, 100 * MS);
        out.requests.clear();
        agent.time(2_200 * MS);
        assertThat(out.requests)
                .contains(
                        new RecordedEffects.Sent(
                                STORE2, new StoreRequest.Follow(agent.feedIndex())));
    }

    @Test
    void a_source_that_does_not_fit_its_digest_is_said_again_and_nothing_acknowledged_meanwhile() {
        serve();
        feed(100, routed(1, RouteDigest.of("a", 1), new FeedEvent.Step("a", 0, 1)));
        long before = agent.feedIndex();
        out.take();
        out.requests.clear();
        feed(100, routed(2, 99, new FeedEvent.Step("b", 0, 1)));
        assertThat(out.take(StoreRequest.ScanSource.class))
                .containsExactly(new StoreRequest.ScanSource(PEER));
        assertThat(out.take(StoreRequest.Applied.class))
                .containsExactly(new StoreRequest.Applied(OWN, before));
        out.take();
        long digest = RouteDigest.of("a", 1) + RouteDigest.of("c", 1);
        agent.reply(
                STORE1,
                new StoreReply.SourceBegin(index, state(PEER, PEER_INCARNATION, true, 2, digest)),
                100 * MS);
        agent.reply(
                STORE1,
                new StoreReply.ScanRoutes(
                        List.of(new Route("a", PEER, 1), new Route("c", PEER, 1))),
                100 * MS);
        agent.reply(STORE1, new StoreReply.ScanEnd(index), 100 * MS);
        assertThat(out.take())
                .containsExactly(
                        "restating 5.0", "restate 5.0 a 1", "restate 5.0 c 1", "restated 5.0");
        assertThat(out.take(StoreRequest.Applied.class))
                .containsExactly(new StoreRequest.Applied(OWN, index));
    }

    @Test
    void behind_the_horizon_a_scan_ends_who_is_absent() {
        serve();
        out.take();
        index += 100;
        scan(List.of(state(OWN, OWN_INCARNATION, true, 0, 0)));
        assertThat(out.take()).containsExactly("ended 5.0");
        assertThat(agent.feedIndex()).isEqualTo(index);
    }

    // ---- interest

    @Test
    void a_subscriber_is_visible_when_its_change_is_and_a_second_one_with_it() {
        serve();
        agent.add("t/#", 1, 100 * MS);
        agent.flush(100 * MS);
        StoreRequest.Propose proposed = out.take(StoreRequest.Propose.class).getFirst();
        assertThat(proposed.command())
                .isEqualTo(
                        new Command.RouteChanges(
                                OWN, 1, List.of(RouteChange.add("t/#")), RouteDigest.of("t/#", 1)));
        agent.add("t/#", 2, 100 * MS);
        agent.flush(100 * MS);
        assertThat(out.take(StoreRequest.Propose.class)).isEmpty();
        agent.reply(
                STORE1,
                new StoreReply.Proposed(proposed.request(), new Outcome.Done(50)),
                100 * MS);
        assertThat(out.take(StoreRequest.AwaitVisible.class))
                .containsExactly(new StoreRequest.AwaitVisible(50));
        out.take();
        agent.reply(STORE1, new StoreReply.Visible(49), 100 * MS);
        assertThat(out.take()).isEmpty();
        agent.reply(STORE1, new StoreReply.Visible(50), 100 * MS);
        assertThat(out.take()).containsExactlyInAnyOrder("visible 1", "visible 2");
        agent.add("t/#", 3, 100 * MS);
        assertThat(out.take()).containsExactly("visible 3");
    }

    @Test
    void an_unsubscribe_and_a_subscribe_keep_their_order() {
        serve();
        agent.add("a", 1, 100 * MS);
        agent.remove("a", 100 * MS);
        agent.add("a", 2, 100 * MS);
        agent.flush(100 * MS);
        assertThat(changes(out.take(StoreRequest.Propose.class).getFirst()))
                .containsExactly(
                        RouteChange.add("a"), RouteChange.remove("a"), RouteChange.add("a"));
    }

    @Test
    void a_shared_filter_travels_with_powers_of_two() {
        serve();
        IntStream.range(0, 5).forEach(i -> agent.add("$share/g/a", i, 100 * MS));
        agent.remove("$share/g/a", 100 * MS);
        agent.remove("$share/g/a", 100 * MS);
        agent.flush(100 * MS);
        assertThat(changes(out.take(StoreRequest.Propose.class).getFirst()))
                .extracting(RouteChange::weight)
                .containsExactly(1, 2, 4, 2);
    }

    @Test
    void after_a_gap_it_goes_on_where_the_store_wants() {
        serve();
        agent.add("a", 1, 100 * MS);
        agent.flush(100 * MS);
        agent.add("b", 2, 100 * MS);
        agent.flush(100 * MS);
        List<StoreRequest.Propose> two = out.take(StoreRequest.Propose.class);
        agent.reply(
                STORE1,
                new StoreReply.Proposed(two.get(1).request(), new Outcome.Gap(1)),
                100 * MS);
        agent.time(150 * MS);
        assertThat(changes(out.take(StoreRequest.Propose.class).getFirst()))
                .containsExactly(RouteChange.add("a"), RouteChange.add("b"));
    }

    @Test
    void what_was_proposed_to_a_node_that_does_not_lead_goes_to_the_leader_it_names() {
        serve();
        agent.storeUp(STORE2, 100 * MS);
        agent.add("a", 1, 100 * MS);
        agent.flush(100 * MS);
        long request = out.take(StoreRequest.Propose.class).getFirst().request();
        out.requests.clear();
        agent.reply(STORE1, new StoreReply.NotProposed(request, STORE2, "follows"), 100 * MS);
        agent.time(200 * MS);
        assertThat(out.requests)
                .filteredOn(sent -> sent.request() instanceof StoreRequest.Propose)
                .extracting(RecordedEffects.Sent::store)
                .containsExactly(STORE2);
    }

    @Test
    void a_hundred_thousand_subscribers_wait_cheaply() {
        serve();
        int filters = 100_000;
        for (int i = 0; i < filters; i++) {
            agent.add("t/" + i, i, 100 * MS);
        }
        long visible = 0;
        long at = 50;
        while (agent.pendingChanges() > 0) {
            agent.flush(100 * MS);
            for (StoreRequest.Propose batch : out.take(StoreRequest.Propose.class)) {
                agent.reply(
                        STORE1,
                        new StoreReply.Proposed(batch.request(), new Outcome.Done(++at)),
                        100 * MS);
                agent.reply(STORE1, new StoreReply.Visible(at), 100 * MS);
                visible += out.take().stream().filter(line -> line.startsWith("visible")).count();
            }
        }
        assertThat(visible).isEqualTo(filters);
    }

    // ---- the end

    @Test
    void it_tells_the_log_of_its_end_once_everything_is_closed() {
        serve();
        out.take();
        agent.stop(100 * MS);
        assertThat(out.take()).containsExactly("gave up 11.0");
        assertThat(out.take(StoreRequest.Propose.class)).isEmpty();
        agent.closed(100 * MS);
        StoreRequest.Propose end = out.take(StoreRequest.Propose.class).getFirst();
        assertThat(end.command()).isEqualTo(new Command.EndEpoch(OWN));
        agent.reply(STORE1, new StoreReply.Proposed(end.request(), new Outcome.Done(60)), 100 * MS);
        assertThat(out.take()).containsExactly("stopped");
    }

    // ---- how to get there

    private void register() {
        agent.storeUp(STORE1, 0);
        agent.start(0);
        agent.numberRaised(4, 0);
        long request = out.take(StoreRequest.Propose.class).getFirst().request();
        scan(List.of());
        out.take();
        agent.reply(STORE1, new StoreReply.Proposed(request, new Outcome.Registered(OWN)), 0);
        serial = 1;
    }

    private void serve() {
        register();
        feed(0, joined(PEER, PEER_INCARNATION), new FeedEvent.Serving(PEER));
        feed(0, joined(OWN, OWN_INCARNATION));
        agent.reaches(PEER, true, 0);
        confirm(0);
        feed(100, new FeedEvent.Serving(OWN));
        assertThat(agent.serving()).isTrue();
        out.requests.clear();
    }

    private void confirm(long atMillis) {
        feed(atMillis, new FeedEvent.Renewed(List.of(new FeedEvent.Confirmation(OWN, serial)), 0));
    }

    private void feed(long atMillis, FeedEvent... events) {
        long after = agent.feedIndex();
        index = after + 1;
        agent.reply(
                STORE1,
                new StoreReply.Feed(
                        after, List.of(new FeedEntry(index, Arrays.asList(events))), index),
                atMillis * MS);
    }

    private void scan(List<EpochState> states) {
        agent.reply(STORE1, new StoreReply.ScanBegin(index, states, List.of()), 0);
        agent.reply(STORE1, new StoreReply.ScanEnd(index), 0);
    }

    private static FeedEvent.Joined joined(Epoch epoch, Incarnation incarnation) {
        return new FeedEvent.Joined(epoch, new NodeName("peer", "h"), incarnation, ADDRESS, "");
    }

    private static FeedEvent.Routed routed(long first, long digest, FeedEvent.Step... steps) {
        return new FeedEvent.Routed(PEER, first, List.of(steps), digest);
    }

    private static EpochState state(
            Epoch epoch, Incarnation incarnation, boolean serving, long number, long digest) {
        return new EpochState(
                epoch,
                new NodeName("peer", "h"),
                incarnation,
                ADDRESS,
                "",
                serving,
                number,
                digest);
    }

    private static List<RouteChange> changes(StoreRequest.Propose propose) {
        return ((Command.RouteChanges) propose.command()).changes();
    }
}
