package io.banyanmq.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.banyanmq.cluster.wire.Incarnation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir Path temporary;

    @Test
    void incarnation_and_registration_outlive_the_process() throws StartException, IOException {
        Path path = temporary.resolve("a/b");
        Incarnation first;
        try (DataDirectory directory = DataDirectory.open(path, random)) {
            first = directory.incarnation();
            assertThat(directory.registration()).isZero();
            directory.raiseRegistration(2);
            assertThatIllegalArgumentException().isThrownBy(() -> directory.raiseRegistration(2));
            assertThat(path.resolve("registration")).hasContent("2");
        }
        try (DataDirectory directory = DataDirectory.open(path, random)) {
            assertThat(directory.incarnation()).isEqualTo(first);
            assertThat(directory.registration()).isEqualTo(2);
        }
        try (DataDirectory other = DataDirectory.open(temporary.resolve("c"), random)) {
            assertThat(other.incarnation()).isNotEqualTo(first);
        }
    }

    @Test
    void a_second_holder_is_told_who_holds_it() throws StartException {
        try (DataDirectory held = DataDirectory.open(temporary, random)) {
            refused(
                    69,
                    "data directory "
                            + held.path()
                            + " is in use by process "
                            + ProcessHandle.current().pid());
        }
        DataDirectory.open(temporary, random).close();
    }

    @Test
    void what_makes_no_sense_is_refused() throws IOException {
        Files.writeString(temporary.resolve("incarnation"), "abc");
        refused(
                65,
                temporary.resolve("incarnation")
                        + " makes no sense: incarnation 'abc' has 3 characters, not 32");
        Files.delete(temporary.resolve("incarnation"));
        Files.writeString(temporary.resolve("registration"), "many");
        refused(
                65,
                temporary.resolve("registration") + " makes no sense: For input string: \"many\"");
    }

    @Test
    void a_path_that_is_no_directory_is_refused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(file, random))
                .withMessageStartingWith("data directory " + file + " cannot be used: ")
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(77));
    }

    @Test
    void a_secret_is_drawn_once_for_its_owner_only() throws StartException, IOException {
        Path file = temporary.resolve("new/cookie");
        SecretFile.drawIfMissing(file, random);
        String secret = SecretFile.read("cookie", file);
        SecretFile.drawIfMissing(file, random);

        assertThat(secret).hasSize(64);
        assertThat(SecretFile.read("cookie", file)).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_secret_that_everybody_reads_or_that_is_not_there_is_refused() throws IOException {
        Path file = Files.writeString(temporary.resolve("cookie"), "abc");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> SecretFile.read("cluster.cookie-file", file))
                .withMessage(
                        "cluster.cookie-file "
                                + file
                                + " can be read or written by everybody (mode rw-r--r--);"
                                + " chmod 600 it")
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(77));
        Path none = temporary.resolve("none");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> SecretFile.read("admin.token-file", none))
                .withMessage("admin.token-file " + none + " does not exist")
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(78));
    }

    private void refused(int exitCode, String message) {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(temporary, random))
                .withMessage(message)
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(exitCode));
    }
}
