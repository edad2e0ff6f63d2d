package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.topic.SubscriptionTable.Removal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTableTest {
    private static final LevelHash KEYED = LevelHash.keyed(1, 2);

    /// Every level collides with half of the others.
    private static final LevelHash COLLIDING = (utf8, from, to) -> (to - from) & 1;

    private final SubscriptionTable<Integer> table = new SubscriptionTable<>(KEYED);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void finds_what_the_reference_finds_while_it_changes(long seed) {
        LevelHash hash = seed % 2 == 0 ? KEYED : COLLIDING;
        SubscriptionTable<Integer> table = new SubscriptionTable<>(hash);
        TopicLevels levels = new TopicLevels(hash);
        RandomTopics topics = new RandomTopics(seed, 5);
        Map<TopicFilter, List<Integer>> model = new HashMap<>();
        int subscriptions = 0;
        for (int step = 0; step < 3_000; step++) {
            TopicFilter filter = topics.filterOrShared();
            List<Integer> there = model.computeIfAbsent(filter, absent -> new ArrayList<>());
            long before = table.version();
            if (topics.random().nextInt(100) < (step / 500 % 2 == 0 ? 70 : 30)) {
                Integer subscriber = step;
                assertThat(table.add(filter, subscriber)).isEqualTo(there.isEmpty());
                there.add(subscriber);
                subscriptions++;
                assertThat(table.version()).isNotEqualTo(before);
            } else if (there.isEmpty()) {
                assertThat(table.remove(filter, -1)).isEqualTo(Removal.ABSENT);
                assertThat(table.version()).isEqualTo(before);
            } else {
                Integer removed = there.remove(/* index */ topics.random().nextInt(there.size()));
                Removal expected = there.isEmpty() ? Removal.LAST : Removal.OTHERS_REMAIN;
                assertThat(table.remove(filter, removed)).isEqualTo(expected);
                subscriptions--;
                assertThat(table.version()).isNotEqualTo(before);
            }
            model.values().removeIf(List::isEmpty);
            assertThat(table.filters()).isEqualTo(model.size());
            assertThat(table.subscriptions()).isEqualTo(subscriptions);
            if (step % 10 == 0) {
                String topic = topics.topic();
                Set<String> expected = new HashSet<>();
                model.forEach((key, value) -> {
                    if (key.matches(topic)) {
                        expected.add(key + "=" + value);
                    }
                });
                assertThat(match(table, levels, topic))
                        .as("seed %d '%s'", seed, topic)
                        .isEqualTo(expected);
            }
        }
        model.forEach((filter, all) -> all.forEach(each -> table.remove(filter, each)));
        assertThat(table.nodes()).as("only the root is left").isEqualTo(1);
    }

    @Test
    void lists_all_filters() {
        Set<String> expected = new HashSet<>();
        for (String filter : List.of("#", "+", "a/+/#", "a/b", "$share/g/a/b", "$share/h/a/b")) {
            table.add(TopicFilter.of(filter), 1);
            expected.add(filter);
        }
        Set<String> listed = new HashSet<>();
        table.forEach(subscribers -> listed.add(subscribers.filter().text()));
        assertThat(listed).isEqualTo(expected);
        assertThat(found("$share/h/a/b")).containsExactly(1);
        assertThat(table.find(TopicFilter.of("$share/i/a/b"))).isNull();
        assertThat(table.find(TopicFilter.of("a"))).isNull();
    }

    @Test
    void a_successor_takes_the_place_of_a_subscriber() {
        TopicFilter filter = TopicFilter.of("a");
        table.add(filter, 1);
        table.add(filter, 2);
        table.add(filter, 3);
        assertThat(table.replace(filter, 2, 9)).isTrue();
        assertThat(table.replace(filter, 2, 8)).isFalse();
        assertThat(table.replace(TopicFilter.of("b"), 1, 8)).isFalse();
        assertThat(found("a")).containsExactly(1, 9, 3);
    }

    @Test
    void a_shared_group_goes_round_evenly_after_members_left() {
        TopicFilter filter = TopicFilter.of("$share/g/a");
        List<Integer> members = new ArrayList<>();
        for (Integer i : numbers(200)) {
            table.add(filter, i);
            members.add(i);
        }
        for (Integer gone : List.of(members.get(0), members.get(7), members.get(199))) {
            table.remove(filter, gone);
            members.remove(/* element */ gone);
        }
        Subscribers<Integer> group = Objects.requireNonNull(table.find(filter));
        List<Integer> picked = new ArrayList<>();
        for (int ticket = -1_000; picked.size() < 197; ticket++) {
            picked.add(group.pick(ticket));
        }
        assertThat(picked).containsExactlyInAnyOrderElementsOf(members);
        members.forEach(each -> table.remove(filter, each));
        assertThat(group.pick(3)).isNull();
    }

    @Test
    void many_subscribers_of_one_filter_come_and_go() {
        TopicFilter filter = TopicFilter.of("a/#");
        for (int round = 0; round < 2; round++) {
            Integer[] all = numbers(10_000);
            for (int i = 0; i < all.length; i++) {
                assertThat(table.add(filter, all[i])).isEqualTo(i == 0);
            }
            for (int i = 0; i < all.length; i += 2) {
                assertThat(table.remove(filter, all[i])).isEqualTo(Removal.OTHERS_REMAIN);
            }
            assertThat(found("a/#")).hasSize(5_000).isSorted().allMatch(i -> i % 2 == 1);
            for (int i = 1; i < all.length; i += 2) {
                Removal expected = i == all.length - 1 ? Removal.LAST : Removal.OTHERS_REMAIN;
                assertThat(table.remove(filter, all[i])).isEqualTo(expected);
            }
            assertThat(table.filters()).isZero();
        }
    }

    @Test
    void attacks_by_shape_stay_exact() {
        TopicLevels levels = new TopicLevels(KEYED);
        for (int i = 0; i < 1 << 12; i++) { // every shape of 12 levels
            StringBuilder filter = new StringBuilder();
            for (int level = 0; level < 12; level++) {
                filter.append((i >> level & 1) == 0 ? "+/" : "a/");
            }
            table.add(TopicFilter.of(filter.substring(0, filter.length() - 1)), 1);
        }
        assertThat(match(table, levels, "a/a/a/a/a/a/a/a/a/a/a/a")).hasSize(1 << 12);
        assertThat(match(table, levels, "b/b/b/b/b/b/b/b/b/b/b/b")).hasSize(1);

        table.add(TopicFilter.of("+/".repeat(127) + "#"), 2);
        assertThat(match(table, levels, "x/".repeat(127) + "x")).hasSize(1);

        for (int i = 0; i < 100_000; i++) {
            table.add(TopicFilter.of("wide/" + i), i);
        }
        assertThat(match(table, levels, "wide/77777")).containsExactly("wide/77777=[77777]");
        assertThat(match(table, levels, "wide/100000")).isEmpty();
    }

    @Test // [MQTT-4.7.3-3]
    void a_topic_of_the_greatest_length() {
        TopicLevels levels = new TopicLevels(KEYED);
        table.add(TopicFilter.of("/".repeat(65_535)), 1);
        table.add(TopicFilter.of("+/".repeat(32_767) + "#"), 2);
        table.add(TopicFilter.of("x".repeat(65_535)), 3);
        assertThat(match(table, levels, "/".repeat(65_535))).hasSize(2);
        assertThat(match(table, levels, "x".repeat(65_535))).hasSize(1);
        table.remove(TopicFilter.of("/".repeat(65_535)), 1);
        assertThat(match(table, levels, "/".repeat(65_535))).hasSize(1);
    }

    @Test
    void a_topic_is_matched_with_the_hash_of_its_table() {
        TopicLevels levels = new TopicLevels(LevelHash.keyed(3, 4)).set(new byte[] {'a'}, 0, 1);
        assertThatThrownBy(() -> table.match(levels, subscribers -> {}))
                .hasMessageContaining("another key");
    }

    @Test
    void readers_never_miss_what_stays_while_a_writer_churns() throws InterruptedException {
        Integer stay = -1;
        List<String> stable = List.of("a/b", "a/+", "+/b", "a/#", "#");
        stable.forEach(filter -> table.add(TopicFilter.of(filter), stay));
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Runnable reader =
                () -> {
                    TopicLevels levels = new TopicLevels(KEYED);
                    byte[] topic = "a/b".getBytes(UTF_8);
                    while (!done.get() && failures.isEmpty()) {
                        int[] seen = {0};
                        table.match(
                                levels.set(topic, 0, topic.length),
                                subscribers ->
                                        subscribers.forEach(
                                                each -> seen[0] += each.equals(stay) ? 1 : 0));
                        if (seen[0] != stable.size()) {
                            failures.add(
                                    new AssertionError("saw " + seen[0] + " of " + stable.size()));
                        }
                    }
                };
        List<Thread> readers =
                List.of(Thread.ofPlatform().start(reader), Thread.ofPlatform().start(reader));
        RandomTopics topics = new RandomTopics(5, 3);
        try {
            for (int round = 0; round < 300; round++) {
                List<TopicFilter> added = new ArrayList<>();
                Integer[] all = numbers(200);
                for (Integer i : all) {
                    TopicFilter filter =
                            i % 3 == 0
                                    ? TopicFilter.of(stable.get(i % 5))
                                    : topics.filterOrShared();
                    added.add(filter);
                    table.add(filter, i);
                    table.add(TopicFilter.of("a/" + i), i);
                }
                for (Integer i : all) {
                    table.remove(added.get(i), i);
                    table.remove(TopicFilter.of("a/" + i), i);
                }
            }
        } finally {
            done.set(true);
            for (Thread thread : readers) {
                thread.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(table.subscriptions()).isEqualTo(stable.size());
    }

    /// 0, 1, 2 …, each one object, as a subscriber is known by identity.
    private static Integer[] numbers(int count) {
        return IntStream.range(0, count).boxed().toArray(Integer[]::new);
    }

    private List<Integer> found(String filter) {
        List<Integer> found = new ArrayList<>();
        Subscribers<Integer> subscribers = table.find(TopicFilter.of(filter));
        assertThat(subscribers).isNotNull();
        Objects.requireNonNull(subscribers).forEach(found::add);
        assertThat(subscribers.size()).isEqualTo(found.size());
        return found;
    }

    private static Set<String> match(
            SubscriptionTable<Integer> table, TopicLevels levels, String topic) {
        byte[] utf8 = ("<" + topic + ">").getBytes(UTF_8);
        Set<String> found = new HashSet<>();
        table.match(
                levels.set(utf8, 1, utf8.length - 2),
                subscribers -> {
                    List<Integer> all = new ArrayList<>();
                    subscribers.forEach(all::add);
                    assertThat(found.add(subscribers.filter() + "=" + all)).as("once").isTrue();
                });
        return found;
    }
}
