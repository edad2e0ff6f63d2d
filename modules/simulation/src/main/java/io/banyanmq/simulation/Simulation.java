package io.banyanmq.simulation;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One seed's history.
final class Simulation {
    /// More events than any run has.
    static final long ALL = Long.MAX_VALUE;

    private Simulation() {}

    /// How a run went.
    ///
    /// @param hash of everything that happened
    /// @param violation the promise that was broken, or null
    /// @param trace what happened, if asked for
    record Result(
            long seed,
            long steps,
            long hash,
            long acknowledgements,
            List<String> alarms,
            @Nullable Violation violation,
            List<String> trace) {
        Result {
            alarms = List.copyOf(alarms);
            trace = List.copyOf(trace);
        }
    }

    static Result run(long seed) {
        return run(seed, ALL, Variant.NONE, p -> p, false);
    }

    /// Runs `seed` for `stepsMax` events at most.
    static Result run(
            long seed,
            long stepsMax,
            Variant variant,
            UnaryOperator<Profile> change,
            boolean traced) {
        World world = new World(seed, traced);
        Cluster cluster = new Cluster(world, variant, change);
        Violation violation = null;
        try {
            cluster.run(stepsMax);
        } catch (Violation broken) {
            violation = broken;
        }
        return new Result(
                seed,
                world.steps(),
                world.hash(),
                cluster.acknowledgements(),
                cluster.alarms(),
                violation,
                world.trace());
    }
}
