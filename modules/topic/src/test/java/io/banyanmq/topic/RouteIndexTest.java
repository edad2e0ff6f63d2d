package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteIndexTest {
    private static final LevelHash KEYED = LevelHash.keyed(1, 2);
    private static final LevelHash COLLIDING = (utf8, from, to) -> (to - from) & 1;

    private record Route(TopicFilter filter, int destination) {}

    private final RouteIndex index = new RouteIndex(KEYED);
    private final TopicLevels levels = new TopicLevels(KEYED);

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 3", "3, 5", "4, 5", "5, 8", "6, 8", "7, 12", "8, 2"})
    void finds_what_the_reference_finds_while_it_changes(long seed, int depthMax) {
        run(seed, depthMax, KEYED, TopicFilter::matches);
    }

    /// Levels of equal parity of length are one level to the index, so that is what the reference
    /// says.
    @ParameterizedTest
    @CsvSource({"11, 3", "12, 5", "13, 8", "14, 2"})
    void collisions_add_destinations_and_never_lose_one(long seed, int depthMax) {
        run(
                seed,
                depthMax,
                COLLIDING,
                (filter, topic) ->
                        !(topic.startsWith("$") && filter.text().matches("[+#].*"))
                                && TopicFilter.of(parities(filter.text()))
                                        .matches(parities(topic)));
    }

    private interface Reference {
        boolean matches(TopicFilter filter, String topic);
    }

    private void run(long seed, int depthMax, LevelHash hash, Reference reference) {
        RouteIndex index = new RouteIndex(hash);
        TopicLevels levels = new TopicLevels(hash);
        RandomTopics topics = new RandomTopics(seed, depthMax);
        Set<Route> model = new LinkedHashSet<>();
        for (int step = 0; step < 4_000; step++) {
            boolean growing = step / 800 % 2 == 0;
            int destination = topics.random().nextInt(step % 3 == 0 ? 3 : 40) * 1_600;
            long before = index.version();
            if (topics.random().nextInt(100) < (growing ? 75 : 25) || model.isEmpty()) {
                Route route = new Route(topics.filter(), destination);
                if (model.add(route)) {
                    index.add(route.filter.toBytes(), destination);
                }
            } else if (step % 700 == 0) {
                long gone = model.stream().filter(r -> r.destination == destination).count();
                model.removeIf(route -> route.destination == destination);
                assertThat(index.removeDestination(destination)).isEqualTo(gone);
            } else {
                Route route = any(model, topics);
                model.remove(route);
                assertThat(index.remove(route.filter.toBytes(), route.destination)).isTrue();
            }
            assertThat(index.size()).isEqualTo(model.size());
            if (step % 20 == 0) {
                assertThat(index.version()).isGreaterThanOrEqualTo(before);
                for (int i = 0; i < 3; i++) {
                    String topic = topics.topic();
                    Set<Integer> expected =
                            model.stream()
                                    .filter(route -> reference.matches(route.filter, topic))
                                    .map(Route::destination)
                                    .collect(Collectors.toSet());
                    assertThat(match(index, levels, topic))
                            .as("seed %d step %d '%s'", seed, step, topic)
                            .isEqualTo(expected);
                }
            }
        }
        model.forEach(
                each -> assertThat(index.remove(each.filter.toBytes(), each.destination)).isTrue());
        assertThat(index.size()).isZero();
        assertThat(index.shapes()).isZero();
        assertThat(index.overflowSize()).isZero();
    }

    private static Route any(Set<Route> model, RandomTopics topics) {
        int skip = topics.random().nextInt(Math.min(model.size(), 50));
        return model.stream().skip(skip).findFirst().orElseThrow();
    }

    private static String parities(String text) {
        List<String> parities = new ArrayList<>();
        for (String level : text.split("/", -1)) {
            boolean wild = level.equals("+") || level.equals("#");
            parities.add(wild ? level : "p" + (level.getBytes(UTF_8).length & 1));
        }
        return String.join("/", parities);
    }

    @Test
    void one_destination_has_many_filters_and_is_named_once() {
        add("a/b", 7);
        add("a/+", 7);
        add("#", 7);
        add("+/#", 9);
        assertThat(match("a/b")).containsExactlyInAnyOrder(7, 9);
        assertThat(index.remove("+/#".getBytes(UTF_8), 8)).isFalse();
        assertThat(index.remove("a/c".getBytes(UTF_8), 7)).isFalse();
        assertThat(index.remove("c/+/+".getBytes(UTF_8), 7)).isFalse();
        assertThat(index.size()).isEqualTo(4);
    }

    @Test // [MQTT-4.7.2-1]
    void root_wildcards_are_not_for_dollar_topics() {
        add("#", 1);
        add("+/x", 2);
        add("$SYS/#", 3);
        add("$SYS/+", 4);
        assertThat(match("$SYS/x")).containsExactlyInAnyOrder(3, 4);
        assertThat(match("SYS/x")).containsExactlyInAnyOrder(1, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shapes_beyond_the_limit_overflow_to_a_trie_and_come_back(boolean rest) {
        List<String> filters = new ArrayList<>();
        for (int bits = 0; bits < 1 << 9; bits++) {
            StringBuilder filter = new StringBuilder();
            for (int level = 0; level < 9; level++) {
                filter.append((bits >> level & 1) == 0 ? "+/" : "a/");
            }
            filters.add(filter.append(rest ? "#" : "z").toString());
        }
        for (int i = 0; i < filters.size(); i++) {
            add(filters.get(i), i);
            add(filters.get(i), 1_000);
        }
        assertThat(index.shapes()).isEqualTo(RouteIndex.SHAPES_OF_LENGTH_MAX);
        assertThat(index.overflowSize()).isEqualTo(2 * (512 - 64));
        assertThat(match("a/a/a/a/a/a/a/a/a/z")).hasSize(513);
        assertThat(match("b/b/b/b/b/b/b/b/b/z")).containsExactlyInAnyOrder(0, 1_000);
        add("other", 1_001);
        assertThat(match("other")).containsExactly(1_001);

        assertThat(index.removeDestination(1_000)).isEqualTo(512);
        assertThat(match("a/a/a/a/a/a/a/a/a/z")).hasSize(512);
        for (int i = 0;
                i < 100;
                i++) { // the shapes of the tables go; the others stay where they are
            remove(filters.get(i), i);
        }
        assertThat(index.overflowSize()).isEqualTo(412);
        add(filters.get(300), 2_000);
        add(filters.get(0), 2_001);
        assertThat(index.overflowSize()).isEqualTo(413);
        assertThat(match("a/a/a/a/a/a/a/a/a/z")).hasSize(412 + 2);
        remove(filters.get(300), 2_000);
        for (int i = 100; i < filters.size(); i++) {
            remove(filters.get(i), i);
        }
        assertThat(match("a/a/a/a/a/a/a/a/a/z")).containsExactly(2_001);
        assertThat(index.overflowSize()).isZero();
        assertThat(index.size()).isEqualTo(2);
    }

    @Test // [MQTT-4.7.3-3]
    void a_topic_of_the_greatest_length() {
        add("/".repeat(65_535), 1);
        add("+/".repeat(32_767) + "#", 2);
        add("x".repeat(65_535), 3);
        add("/".repeat(65_534), 4);
        assertThat(match("/".repeat(65_535))).containsExactlyInAnyOrder(1, 2);
        assertThat(match("x".repeat(65_535))).containsExactly(3);
        index.removeDestination(1);
        assertThat(match("/".repeat(65_535))).containsExactly(2);
    }

    @Test
    void a_route_takes_at_most_26_bytes_while_it_grows_and_little_when_all_are_gone() {
        for (int i = 0; i < 200_000; i++) {
            add(i % 2 == 0 ? "device/" + i + "/+" : "site/x/" + i, i % 3);
            if (i > 10_000 && i % 10_000 == 0) {
                assertThat((double) index.bytes() / index.size()).isLessThan(26);
            }
        }
        assertThat(match("device/77776/on")).containsExactly(77_776 % 3);
        assertThat(match("device/77777/on")).isEmpty();
        assertThat(match("site/x/77777")).containsExactly(77_777 % 3);
        assertThat(index.removeDestination(0)).isEqualTo(66_667);
        assertThat((double) index.bytes() / index.size()).isLessThan(32);
        for (int i = 0; i < 199_990; i++) {
            if (i % 3 > 0) {
                remove(i % 2 == 0 ? "device/" + i + "/+" : "site/x/" + i, i % 3);
            }
        }
        assertThat(index.bytes()).isLessThan(100_000);
        assertThat(match("site/x/199997")).containsExactly(2);
    }

    @Test
    void many_destinations_of_a_filter() {
        for (int i = 0; i <= DestinationSet.DESTINATION_MAX; i += 13) {
            add("a", i);
        }
        assertThat(match("a")).hasSize(5_042);
        for (int i = 0; i < 65_533; i += 13) {
            remove("a", i);
        }
        assertThat(match("a")).containsExactly(65_533);
    }

    @Test
    void what_does_not_belong_here_is_refused() {
        assertThatThrownBy(() -> add("a", 65_536)).hasMessageContaining("must be 0..65535");
        assertThatThrownBy(() -> add("$share/g/a", 1)).hasMessageContaining("shared");
        TopicLevels other = new TopicLevels(LevelHash.keyed(3, 4)).set(new byte[] {'a'}, 0, 1);
        assertThatThrownBy(() -> index.match(other, new DestinationSet()))
                .hasMessageContaining("another key");
    }

    private void add(String filter, int destination) {
        index.add(filter.getBytes(UTF_8), destination);
    }

    private void remove(String filter, int destination) {
        assertThat(index.remove(filter.getBytes(UTF_8), destination)).as(filter).isTrue();
    }

    private Set<Integer> match(String topic) {
        return match(index, levels, topic);
    }

    private static Set<Integer> match(RouteIndex index, TopicLevels levels, String topic) {
        byte[] utf8 = (">" + topic).getBytes(UTF_8);
        DestinationSet found = new DestinationSet();
        found.add(65_535);
        index.match(levels.set(utf8, 1, utf8.length - 1), found);
        Set<Integer> set = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            assertThat(set.add(found.get(i))).as("once").isTrue();
            assertThat(found.contains(found.get(i))).isTrue();
        }
        assertThat(found.toArray()).hasSize(set.size());
        return set;
    }
}
