package io.banyanmq.architecture.planted.core;

import io.banyanmq.architecture.planted.shell.FrameHelper;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Planted: does all that a core must not do.
@SuppressWarnings("NonFinalStaticField")
public final class ImpureCore {
    static int changes;

    private final FrameHelper shell = new FrameHelper(this);

    long time() {
        changes++;
        return System.nanoTime() + Instant.now().toEpochMilli();
    }

    String chance() {
        return UUID.randomUUID() + " " + new Random().nextInt();
    }

    CompletableFuture<FrameHelper> future() {
        return CompletableFuture.completedFuture(shell);
    }
}
