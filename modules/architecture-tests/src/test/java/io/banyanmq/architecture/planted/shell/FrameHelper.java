package io.banyanmq.architecture.planted.shell;

import io.banyanmq.architecture.planted.core.ImpureCore;
import java.util.concurrent.atomic.AtomicInteger;

/// Planted: badly named, holds static state, and is in a circle with its core.
public final class FrameHelper {
    static final AtomicInteger COUNT = new AtomicInteger();

    private final ImpureCore core;

    /// Counts itself.
    ///
    /// @param core whose shell this is
    public FrameHelper(ImpureCore core) {
        COUNT.incrementAndGet();
        this.core = core;
    }

    ImpureCore core() {
        return core;
    }
}
