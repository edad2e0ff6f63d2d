package io.banyanmq.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs programs from outside, as a person at a shell would, and keeps what they print.
final class Program {
    static final Path ROOT = Path.of(System.getProperty("banyan.root"));
    static final Path WORK = Path.of(System.getProperty("banyan.work"));

    /// What a finished program left behind.
    record Result(int exit, String out, String err) {
        /// The standard output of a run that must have gone well.
        String ok() {
            if (exit != 0) {
                throw new AssertionError(
                        "exit " + exit + "\n--- out\n" + out + "\n--- err\n" + err);
            }
            return out;
        }
    }

    private Program() {}

    /// `./banyan` with arguments.
    static Result banyan(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("banyan").toString());
        command.addAll(List.of(arguments));
        return run(Duration.ofMinutes(5), Map.of(), command);
    }

    static Result run(Duration most, String... command) {
        return run(most, Map.of(), List.of(command));
    }

    /// Runs to the end; a program that takes longer than `most` is killed and fails the test.
    static Result run(Duration most, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile(WORK, "out", ".txt");
            Path err = Files.createTempFile(WORK, "err", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(ROOT.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("BANYAN_NO_BUILD", "1");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command
                                + " still ran after "
                                + most.toSeconds()
                                + " s\n"
                                + Files.readString(out)
                                + Files.readString(err));
            }
            Result result =
                    new Result(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
