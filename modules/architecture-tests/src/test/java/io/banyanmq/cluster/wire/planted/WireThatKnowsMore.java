package io.banyanmq.cluster.wire.planted;

import io.banyanmq.architecture.planted.core.ImpureCore;

/// Planted: a message that knows a core.
record WireThatKnowsMore(ImpureCore core) {}
