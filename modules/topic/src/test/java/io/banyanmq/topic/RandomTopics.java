package io.banyanmq.topic;

import java.util.List;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Seeded topics and filters from few level names, so that they often match each other.
final class RandomTopics {
    private static final List<String> NAMES =
            List.of("a", "b", "", "ab", "$s", "é", "\u0001", "\u0002", "aa", "\uFFFD");
    private final RandomGenerator random;
    private final int depthMax;

    RandomTopics(long seed, int depthMax) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.depthMax = depthMax;
    }

    RandomGenerator random() {
        return random;
    }

    String topic() {
        String topic = join(0);
        return topic.isEmpty() ? "a" : topic;
    }

    TopicFilter filter() {
        String filter = join(30);
        return TopicFilter.of(filter.isEmpty() ? "#" : filter);
    }

    /// One in four is shared.
    TopicFilter filterOrShared() {
        TopicFilter filter = filter();
        return random.nextInt(4) > 0
                ? filter
                : TopicFilter.of("$share/g" + random.nextInt(3) + "/" + filter);
    }

    private String join(int wildPercent) {
        StringJoiner levels = new StringJoiner("/");
        int depth = 1 + random.nextInt(depthMax);
        for (int i = 0; i < depth; i++) {
            boolean wild = random.nextInt(100) < wildPercent;
            if (wild && i == depth - 1 && random.nextBoolean()) {
                levels.add("#");
            } else {
                levels.add(wild ? "+" : NAMES.get(random.nextInt(NAMES.size())));
            }
        }
        return levels.toString();
    }
}
