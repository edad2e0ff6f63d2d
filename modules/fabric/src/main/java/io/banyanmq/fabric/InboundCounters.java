package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;

/// What came in over one link, as of the last read.
///
/// @param frames frames taken, each once
/// @param bytes their bodies
/// @param repeats frames that came again after a reconnect, and were skipped
public record InboundCounters(
        LinkId link, NodeName sender, long frames, long bytes, long repeats) {}
