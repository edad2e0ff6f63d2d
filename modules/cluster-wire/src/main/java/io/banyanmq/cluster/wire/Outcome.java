package io.banyanmq.cluster.wire;

/// How a [Command] ended, once applied. Deterministic: every replica computes the same.
public sealed interface Outcome {
    /// The registration's epoch.
    record Registered(Epoch epoch) implements Outcome {}

    /// Took effect at log index `index`; a repeat is answered with the index of the first time.
    record Done(long index) implements Outcome {}

    /// The numbered source must go on with `wanted`; nothing was applied.
    record Gap(long wanted) implements Outcome {}

    /// The epoch ended, or never was; nothing was applied.
    record Fenced(Epoch epoch) implements Outcome {}

    /// A live epoch of another incarnation holds the name.
    record Occupied(NodeName node, Epoch holder) implements Outcome {}

    /// A registration with a lower number than `latest` of the same incarnation.
    record Outdated(long latest) implements Outcome {}

    /// Not acceptable, with a reason for a person to read.
    record Refused(String reason) implements Outcome {}
}
