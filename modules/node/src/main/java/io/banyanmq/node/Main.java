package io.banyanmq.node;

import java.lang.module.ModuleDescriptor;

/// The program of a node. It knows `version` so far.
///
/// Exit codes: 0 ok, 64 usage.
public final class Main {
    private Main() {}

    /// Runs the verb that is the first argument.
    ///
    /// @param arguments a verb and its options
    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("version")) {
            System.out.println("BanyanMQ " + version());
            return;
        }
        System.err.println("banyan: node knows no verb but version yet");
        System.exit(64);
    }

    private static String version() {
        ModuleDescriptor descriptor = Main.class.getModule().getDescriptor();
        return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    }
}
