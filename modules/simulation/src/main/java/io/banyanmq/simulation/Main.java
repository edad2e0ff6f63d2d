package io.banyanmq.simulation;

import java.util.ArrayList;
import java.util.List;

/// `banyan sim`: replays a seed, or runs many.
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 64;
    private static final String HELP =
            """
            usage: banyan sim [--seed N] [--steps M] [--trace]
                   banyan sim --seeds K [--seed N] [--bug NAME]
              --seed N    the seed, or the first one (default 1)
              --steps M   stop after M events
              --trace     print what happens
              --seeds K   run K seeds, from N on, and print how many a minute
              --bug NAME  plant a bug; --bug list names them
            """;

    private Main() {}

    /// Runs; exits with 1 if a promise was broken.
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        long seed = 1;
        long steps = Simulation.ALL;
        long seeds = 0;
        boolean trace = false;
        List<Bug> bugs = new ArrayList<>();
        try {
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case "--seed" -> seed = Long.parseLong(arguments.get(++i));
                    case "--steps" -> steps = Long.parseLong(arguments.get(++i));
                    case "--seeds" -> seeds = Long.parseLong(arguments.get(++i));
                    case "--trace" -> trace = true;
                    case "--bug" -> {
                        String name = arguments.get(++i);
                        if (name.equals("list")) {
                            for (Bug bug : Bug.values()) {
                                System.out.println(bug.title() + "  breaks  " + bug.promise());
                            }
                            return OK;
                        }
                        bugs.add(Bug.named(name));
                    }
                    case "--help", "-h" -> {
                        System.out.print(HELP);
                        return OK;
                    }
                    default -> throw new IllegalArgumentException(arguments.get(i));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            System.err.println("banyan sim: " + e.getMessage());
            System.err.print(HELP);
            return USAGE;
        }
        Bug bug = bugs.isEmpty() ? null : bugs.getFirst();
        Variant variant = bug == null ? Variant.NONE : bug.variant();
        long last = seed + Math.max(1, seeds) - 1;
        long began = System.nanoTime();
        long events = 0;
        for (long each = seed; each <= last; each++) {
            Simulation.Result result =
                    Simulation.run(
                            each, steps, variant, p -> bug == null ? p : bug.profile(p), trace);
            events += result.steps();
            result.trace().forEach(System.out::println);
            Violation violation = result.violation();
            if (violation != null) {
                System.out.println(
                        "seed "
                                + each
                                + " breaks a promise after "
                                + result.steps()
                                + " events: "
                                + violation.getMessage());
                System.out.println(
                        "replay: banyan sim --seed "
                                + each
                                + " --trace"
                                + (bug == null ? "" : " --bug " + bug.title()));
                return FAILED;
            }
            if (seeds == 0) {
                System.out.println(
                        "seed "
                                + each
                                + ": "
                                + result.steps()
                                + " events, "
                                + result.acknowledgements()
                                + " acknowledgements, history "
                                + Long.toHexString(result.hash())
                                + ", every promise kept");
            }
        }
        if (seeds > 0) {
            double minutes = (System.nanoTime() - began) / 60e9;
            System.out.println(
                    seeds
                            + " seeds, "
                            + events
                            + " events, every promise kept, "
                            + Math.round(seeds / minutes)
                            + " seeds a minute");
        }
        return OK;
    }
}
