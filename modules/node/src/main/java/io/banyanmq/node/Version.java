package io.banyanmq.node;

import java.lang.module.ModuleDescriptor;

/// Which version this is: the module's own, as the build wrote it.
final class Version {
    private Version() {}

    static String text() {
        ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
        return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    }
}
