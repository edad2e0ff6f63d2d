package io.banyanmq.cluster.ctl;

import io.banyanmq.node.config.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `completion`: a script for bash and zsh.
@Command(
        name = "completion",
        description = "A completion script for bash and zsh: source <(cluster-ctl completion)")
final class CompletionCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine top = ParentOptions.of(spec).parent().commandLine();
        top.getOut().print(AutoComplete.bash("cluster-ctl", top));
        return ExitCode.OK;
    }
}
