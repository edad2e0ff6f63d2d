package io.banyanmq.raft.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas, each with its own port and directory.
@Timeout(90)
class ReplicasTest {
    @TempDir Path temp;

    private final List<Store> stores = new ArrayList<>();

    @AfterEach
    void closeAll() {
        stores.parallelStream().forEach(store -> store.node.closeAbruptly());
    }

    private List<Peer> formThree() throws Exception {
        List<Peer> peers = Store.peers(3);
        for (Peer peer : peers) {
            stores.add(Store.open(temp.resolve(peer.incarnation()), peer).form(peers));
        }
        return peers;
    }

    @Test
    void killed_leader_is_replaced_and_catches_up_when_it_returns() throws Exception {
        formThree();
        Store first = Store.leader(stores);
        for (int i = 0; i < 50; i++) {
            first.put("before" + i, "x");
        }

        first.node.closeAbruptly();
        stores.remove(first);
        Store second = Store.leader(stores);
        assertThat(second.peer).isNotEqualTo(first.peer);
        long last = 0;
        for (int i = 0; i < 50; i++) {
            last = second.put("after" + i, "x");
        }
        Store returned = Store.open(temp.resolve(first.peer.incarnation()), first.peer).recover();
        stores.add(returned);

        SortedMap<String, String> expected = second.words.all();
        assertThat(expected).hasSize(100);
        for (Store store : stores) {
            store.awaitApplied(last);
            assertThat(store.words.all()).isEqualTo(expected);
        }
    }

    @Test
    void follower_names_the_leader_and_takes_no_entry() throws Exception {
        formThree();
        Store leader = Store.leader(stores);
        leader.put("a", "1");
        Store follower = stores.stream().filter(store -> store != leader).findFirst().orElseThrow();
        follower.awaitApplied(leader.words.applied().index());

        Reply reply =
                Store.get(follower.replica().submit(Words.put("b", "2")).toCompletableFuture());

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.NotLeader.class,
                        not -> assertThat(not.leader()).hasValue(leader.peer.id()));
    }

    @Test
    void planned_stop_hands_leadership_over_first() throws Exception {
        formThree();
        Store leader = Store.leader(stores);
        long term = leader.replica().term();
        leader.put("a", "1");

        leader.close();

        stores.remove(leader);
        Store next = Store.leader(stores);
        assertThat(next.replica().term()).isEqualTo(term + 1);
    }

    @Test
    void fresh_peer_gets_the_snapshot_in_place_of_the_purged_log() throws Exception {
        List<Peer> peers = formThree();
        Store leader = Store.leader(stores);
        String filler = "x".repeat(1_000);
        for (int i = 0; i < 300; i++) {
            leader.put("k" + i, filler);
        }
        long snapshot = Store.get(leader.replica().snapshot().toCompletableFuture());
        leader.put("after", "1");

        // One of the others comes back with an empty disk, so as another peer.
        Store wiped = stores.stream().filter(store -> store != leader).findFirst().orElseThrow();
        wiped.node.closeAbruptly();
        stores.remove(wiped);
        Peer address = Store.peers(1).getFirst();
        Peer fresh = new Peer(wiped.peer.name(), "b1", address.address());
        Store joined = Store.open(temp.resolve("b1"), fresh).join();
        stores.add(joined);
        List<Peer> without = new ArrayList<>(peers);
        without.remove(wiped.peer);
        List<Peer> with = new ArrayList<>(without);
        with.add(fresh);
        changePeers(leader, peers, without);
        changePeers(leader, without, with);

        long last = leader.put("last", "1");
        joined.awaitApplied(last);
        assertThat(joined.replica().machine().snapshotPoint().index())
                .isGreaterThanOrEqualTo(snapshot);
        assertThat(joined.words.all()).hasSize(302).isEqualTo(leader.words.all());

        // What it got is its own: it survives a restart.
        joined.close();
        stores.remove(joined);
        Store again = Store.open(temp.resolve("b1"), fresh).recover();
        stores.add(again);
        again.awaitApplied(last);
        assertThat(again.words.all()).isEqualTo(leader.words.all());
        assertThat(again.replica().peers()).containsExactlyInAnyOrderElementsOf(with);
    }

    @Test
    void follower_that_was_away_gets_the_snapshot_in_place_of_its_database() throws Exception {
        formThree();
        Store leader = Store.leader(stores);
        leader.put("k0", "old");
        Store away = stores.stream().filter(store -> store != leader).findFirst().orElseThrow();
        away.awaitApplied(leader.words.applied().index());
        away.close();
        stores.remove(away);
        String filler = "x".repeat(1_000);
        for (int i = 0; i < 300; i++) {
            leader.put("k" + i, filler);
        }
        Store.get(leader.replica().snapshot().toCompletableFuture());

        Store back = Store.open(temp.resolve(away.peer.incarnation()), away.peer).recover();
        stores.add(back);
        long last = leader.put("last", "1");
        back.awaitApplied(last);
        assertThat(back.replica().machine().snapshotPoint().index()).isPositive();
        assertThat(back.words.all()).hasSize(301).isEqualTo(leader.words.all());
    }

    private static void changePeers(Store leader, List<Peer> from, List<Peer> to) throws Exception {
        Reply reply = Store.get(leader.replica().changePeers(from, to).toCompletableFuture());
        assertThat(reply).isInstanceOf(Reply.Applied.class);
    }
}
