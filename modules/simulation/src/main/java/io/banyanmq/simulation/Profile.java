package io.banyanmq.simulation;

import java.util.ArrayList;
import java.util.List;

/// How rough a run is. It is drawn from the seed, and may be changed until the run begins.
final class Profile {
    private List<Fault> faults = new ArrayList<>();
    private int faultEveryMillis;
    private int slowestPermille = 750;
    private boolean slowGateways;
    private int gateways;
    private int clientsMax = 3;
    private int topics;
    private int ttlMillis;
    private int holdMillis;
    private int latePercent = 4;
    private Scenario scenario = Scenario.NONE;

    private Profile() {}

    /// The mix of every day.
    static Profile of(World world) {
        Profile profile = new Profile();
        for (Fault fault : Fault.values()) {
            for (int i = 0; i < fault.weight; i++) {
                profile.faults.add(fault);
            }
        }
        profile.faultEveryMillis = world.pick(List.of(300, 700, 1_500));
        profile.slowGateways = world.chance(40);
        profile.gateways = world.chance(70) ? 3 : 2;
        profile.topics = 1 + world.below(3);
        profile.ttlMillis = world.pick(List.of(1_500, 3_000, 6_000));
        profile.holdMillis = 200 + world.below(6_000);
        if (world.chance(25)) {
            profile.then(world.pick(List.of(Scenario.values())));
        }
        return profile;
    }

    /// Only these faults happen; as often as they are listed.
    Profile only(Fault... some) {
        faults = List.of(some);
        return this;
    }

    /// The mean time between two faults.
    Profile every(int millis) {
        faultEveryMillis = millis;
        return this;
    }

    Profile ttl(int millis) {
        ttlMillis = millis;
        return this;
    }

    /// `partition.hold` of all gateways.
    Profile hold(int millis) {
        holdMillis = millis;
        return this;
    }

    /// How many proposals of a hundred come much later, too, or only then.
    Profile late(int percent) {
        latePercent = percent;
        return this;
    }

    /// The gateways' clocks run at `permille` of the stores'.
    Profile slowGateways(int permille) {
        slowGateways = true;
        slowestPermille = permille;
        return this;
    }

    /// What is looked at afterwards. Promises of time are for a ttl of several ticks.
    Profile then(Scenario next) {
        scenario = next;
        if (next != Scenario.NONE) {
            ttlMillis = 6_000;
        }
        if (next == Scenario.OUTAGE || next == Scenario.STORES_STOP) {
            holdMillis = 100_000;
        }
        return this;
    }

    List<Fault> faults() {
        return faults;
    }

    int faultEveryMillis() {
        return faultEveryMillis;
    }

    int slowestPermille() {
        return slowestPermille;
    }

    boolean slowGateways() {
        return slowGateways;
    }

    int gateways() {
        return gateways;
    }

    int clientsMax() {
        return clientsMax;
    }

    int topics() {
        return topics;
    }

    int ttlMillis() {
        return ttlMillis;
    }

    int holdMillis() {
        return holdMillis;
    }

    int latePercent() {
        return latePercent;
    }

    Scenario scenario() {
        return scenario;
    }
}
