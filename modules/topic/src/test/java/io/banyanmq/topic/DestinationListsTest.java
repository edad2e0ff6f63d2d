package io.banyanmq.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class DestinationListsTest {
    private final DestinationLists lists = new DestinationLists();

    @Test
    void equal_lists_are_one() {
        int oneTwo = lists.with(1, 2);
        int twoOne = lists.with(2, 1);
        assertThat(oneTwo).isEqualTo(twoOne).isGreaterThan(DestinationSet.DESTINATION_MAX);
        int three = lists.with(oneTwo, 0);
        assertThat(members(three)).containsExactly(0, 1, 2);
        assertThat(lists.without(three, 0)).isEqualTo(oneTwo);
        assertThat(lists.without(oneTwo, 2)).isEqualTo(1);
        assertThat(lists.without(7, 7)).isEqualTo(RouteTable.ABSENT);
        assertThat(lists.contains(three, 2)).isTrue();
        assertThat(lists.contains(three, 3)).isFalse();
    }

    /// What a reader relies on that took a number from a row some time ago: while the generation is
    /// the same, so is the list.
    @Test
    void a_number_means_one_list_within_a_generation() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        int[] rows = new int[50];
        List<TreeSet<Integer>> model = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
            model.add(new TreeSet<>(List.of(i)));
        }
        Map<Integer, int[]> seen = new HashMap<>();
        long generation = lists.generation();
        int generations = 0;
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(rows.length);
            TreeSet<Integer> members = model.get(i);
            int destination = random.nextInt(100);
            int old = rows[i];
            if (members.add(destination)) {
                rows[i] = lists.with(old, destination);
                lists.release(old);
            } else if (members.size() > 1) {
                members.remove(destination);
                rows[i] = lists.without(old, destination);
                lists.release(old);
            }
            if (generation != lists.generation()) {
                generation = lists.generation();
                generations++;
                seen.clear();
            }
            int[] now = members(rows[i]);
            assertThat(now).containsExactlyInAnyOrder(members.stream().mapToInt(m -> m).toArray());
            seen.put(rows[i], now);
            if (step % 50 == 0) {
                seen.forEach((row, then) -> assertThat(members(row)).isEqualTo(then));
            }
        }
        assertThat(generations).as("numbers are used again").isGreaterThan(50);
        assertThat(lists.bytes()).as("and do not pile up").isLessThan(40_000);
    }

    private int[] members(int row) {
        DestinationSet set = new DestinationSet();
        lists.addTo(row, set);
        return set.toArray();
    }
}
