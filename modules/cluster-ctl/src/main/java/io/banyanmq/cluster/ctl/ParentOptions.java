package io.banyanmq.cluster.ctl;

import org.jspecify.annotations.Nullable;

/// What picocli injects before it calls a command.
final class ParentOptions {
    private ParentOptions() {}

    static <T> T of(@Nullable T injected) {
        if (injected == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return injected;
    }
}
