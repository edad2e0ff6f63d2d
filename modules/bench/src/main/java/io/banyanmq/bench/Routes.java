package io.banyanmq.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A route table of any size for benchmarks: every second filter is exact, the others have wildcards in one
/// of six shapes; all are different.
final class Routes {
    private static final int SITES = 1_000;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_125);

    byte[] filter(int number) {
        return text(number, true).getBytes(UTF_8);
    }

    /// `count` topics that match the filters of random numbers below `filters`.
    byte[][] topics(int count, int filters) {
        byte[][] topics = new byte[count][];
        for (int i = 0; i < count; i++) {
            topics[i] = text(random.nextInt(filters), false).getBytes(UTF_8);
        }
        return topics;
    }

    private static String text(int number, boolean filter) {
        String one = filter ? "+" : "any";
        String rest = filter ? "#" : "x/y";
        int site = number % SITES;
        if (number % 2 == 0) {
            return "site/" + site + "/device/" + number + "/state";
        }
        return switch (number / 2 % 6) {
            case 0 -> "site/" + number + "/" + one + "/temperature";
            case 1 -> "telemetry/" + number + "/" + rest;
            case 2 -> one + "/device" + number + "/state";
            case 3 -> "fleet/" + number + "/" + one + "/" + one;
            case 4 -> "plant/" + number + "/line/" + one + "/alarm";
            default -> "zone/" + site + "/" + one + "/" + number + "/" + rest;
        };
    }

    /// Bytes of heap in use after a collection.
    static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
