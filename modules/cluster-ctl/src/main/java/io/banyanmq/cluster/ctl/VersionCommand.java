package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.lang.module.ModuleDescriptor;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `version`: of this program; a node's own is in `status`.
@Command(
        name = "version",
        description = "The version of this program; a node's own is in its status.")
final class VersionCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        ModuleDescriptor descriptor = VersionCommand.class.getModule().getDescriptor();
        String version = descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
        ParentOptions.of(spec).commandLine().getOut().println("cluster-ctl " + version);
        return ExitCode.OK;
    }
}
