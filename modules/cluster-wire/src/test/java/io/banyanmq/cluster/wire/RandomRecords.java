package io.banyanmq.cluster.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Records of every kind, out of a seed.
final class RandomRecords {
    private static final String[] LEVELS = {"t", "+", "a", "", "größe", "温度", "$SYS", "x-1"};
    private static final List<FeedEvent.Cause> CAUSES = List.of(FeedEvent.Cause.values());
    private final Random random;

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    <T> List<T> list(Supplier<T> each) {
        List<T> list = new ArrayList<>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            list.add(each.get());
        }
        return list;
    }

    Epoch epoch() {
        return new Epoch(1 + number(), random.nextInt(300));
    }

    /// Small and large ones, as far as a varint goes.
    long number() {
        return random.nextLong() >>> (1 + random.nextInt(62));
    }

    NodeName name() {
        return new NodeName("n" + random.nextInt(9), "10.0.0." + random.nextInt(256));
    }

    Incarnation incarnation() {
        return new Incarnation(random.nextLong(), random.nextLong());
    }

    HostPort address() {
        return new HostPort(random.nextBoolean() ? "::1" : "host", random.nextInt(65_536));
    }

    String filter() {
        StringBuilder filter = new StringBuilder(random.nextInt(4) == 0 ? "$share/g/" : "f");
        for (int i = random.nextInt(4); i >= 0; i--) {
            filter.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
        }
        return filter.toString();
    }

    Renewal renewal() {
        return new Renewal(epoch(), number(), random.nextInt(600_000), number());
    }

    Command command() {
        return switch (random.nextInt(7)) {
            case 0 ->
                    new Command.RegisterNode(
                            name(),
                            incarnation(),
                            number(),
                            address(),
                            random.nextBoolean() ? "" : "mqtt.example:1883",
                            random.nextInt(9));
            case 1 -> new Command.Serve(epoch());
            case 2 ->
                    new Command.Tick(
                            number(),
                            number(),
                            random.nextInt(1_001),
                            list(this::renewal),
                            number());
            case 3 ->
                    new Command.RouteChanges(
                            epoch(),
                            number(),
                            list(() -> new RouteChange(filter(), random.nextInt(9))),
                            random.nextLong());
            case 4 -> new Command.EndEpoch(epoch());
            case 5 -> new Command.Condemn(epoch());
            default -> new Command.SetOption("k" + random.nextInt(9), "v" + random.nextInt());
        };
    }

    Outcome outcome() {
        return switch (random.nextInt(7)) {
            case 0 -> new Outcome.Registered(epoch());
            case 1 -> new Outcome.Done(number());
            case 2 -> new Outcome.Gap(number());
            case 3 -> new Outcome.Fenced(epoch());
            case 4 -> new Outcome.Occupied(name(), epoch());
            case 5 -> new Outcome.Outdated(number());
            default -> new Outcome.Refused("because " + random.nextInt());
        };
    }

    FeedEvent event() {
        return switch (random.nextInt(6)) {
            case 0 -> new FeedEvent.Joined(epoch(), name(), incarnation(), address(), "");
            case 1 -> new FeedEvent.Serving(epoch());
            case 2 -> new FeedEvent.Ended(epoch(), CAUSES.get(random.nextInt(CAUSES.size())));
            case 3 ->
                    new FeedEvent.Renewed(
                            list(() -> new FeedEvent.Confirmation(epoch(), number())), number());
            case 4 ->
                    new FeedEvent.Routed(
                            epoch(),
                            number(),
                            list(() ->
                                    new FeedEvent.Step(
                                            filter(), random.nextInt(9), random.nextInt(9))),
                            random.nextLong());
            default -> option();
        };
    }

    FeedEvent.OptionSet option() {
        return new FeedEvent.OptionSet("k" + random.nextInt(9), "v" + random.nextInt());
    }

    FeedEntry entry() {
        return new FeedEntry(number(), list(this::event));
    }

    EpochState epochState() {
        return new EpochState(
                epoch(),
                name(),
                incarnation(),
                address(),
                "a:1",
                random.nextBoolean(),
                number(),
                random.nextLong());
    }

    StoreRequest request() {
        return switch (random.nextInt(6)) {
            case 0 -> new StoreRequest.Follow(number());
            case 1 -> new StoreRequest.Applied(epoch(), number());
            case 2 -> new StoreRequest.Renew(renewal());
            case 3 -> new StoreRequest.Propose(number(), command());
            case 4 -> new StoreRequest.AwaitVisible(number());
            default -> new StoreRequest.ScanSource(epoch());
        };
    }

    StoreReply reply() {
        return switch (random.nextInt(8)) {
            case 0 -> new StoreReply.Feed(number(), list(this::entry), number());
            case 1 ->
                    new StoreReply.ScanBegin(number(), list(this::epochState), list(this::option));
            case 2 -> new StoreReply.SourceBegin(number(), epochState());
            case 3 ->
                    new StoreReply.ScanRoutes(
                            list(() -> new Route(filter(), epoch(), 1 + random.nextInt(9))));
            case 4 -> new StoreReply.ScanEnd(number());
            case 5 -> new StoreReply.Proposed(number(), outcome());
            case 6 ->
                    new StoreReply.NotProposed(
                            number(), random.nextBoolean() ? name() : null, "does not lead");
            default -> new StoreReply.Visible(number());
        };
    }
}
