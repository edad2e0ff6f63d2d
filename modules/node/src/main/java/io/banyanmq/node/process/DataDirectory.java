package io.banyanmq.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.node.config.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// A node's data directory, held by one process at a time:
///
/// - `lock`: locked while the process lives; holds its pid
/// - `incarnation`: 128 random bits, drawn when the directory is first used
/// - `registration`: the number of the last registration, raised before each
///
/// What stores keep lies in directories of their own beside these.
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;
    private final Incarnation incarnation;
    private long registration;

    private DataDirectory(
            Path path, FileChannel lockFile, Incarnation incarnation, long registration) {
        this.path = path;
        this.lockFile = lockFile;
        this.incarnation = incarnation;
        this.registration = registration;
    }

    /// Takes the directory, making it if need be.
    ///
    /// @throws StartException if it cannot be written, is in use, or holds what makes no sense
    public static DataDirectory open(Path path, SecureRandom random) throws StartException {
        FileChannel lockFile = null;
        try {
            Files.createDirectories(path);
            lockFile = FileChannel.open(path.resolve("lock"), CREATE, READ, WRITE);
            lock(path, lockFile);
            DataDirectory opened =
                    new DataDirectory(
                            path, lockFile, incarnation(path, random), registration(path));
            lockFile = null;
            return opened;
        } catch (AccessDeniedException e) {
            throw new StartException(
                    ExitCode.DENIED,
                    "data directory " + path + " cannot be written: access denied",
                    e);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.DENIED, "data directory " + path + " cannot be used: " + reason(e), e);
        } finally {
            closeQuietly(lockFile);
        }
    }

    private static void lock(Path path, FileChannel lockFile) throws IOException, StartException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            ByteBuffer pid = ByteBuffer.allocate(32);
            lockFile.read(pid, 0);
            String holder = UTF_8.decode(pid.flip()).toString().strip();
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "data directory "
                            + path
                            + " is in use by process "
                            + (holder.isEmpty() ? "(unknown)" : holder));
        }
        lockFile.truncate(0);
        lockFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)), 0);
    }

    private static Incarnation incarnation(Path path, SecureRandom random)
            throws IOException, StartException {
        Path file = path.resolve("incarnation");
        try {
            return Incarnation.parse(Files.readString(file).strip());
        } catch (NoSuchFileException _) {
            Incarnation drawn = new Incarnation(random.nextLong(), random.nextLong());
            writeDurably(file, drawn + "\n");
            return drawn;
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    ExitCode.BAD_DATA, file + " makes no sense: " + e.getMessage(), e);
        }
    }

    private static long registration(Path path) throws IOException, StartException {
        Path file = path.resolve("registration");
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (NoSuchFileException _) {
            return 0;
        } catch (NumberFormatException e) {
            throw new StartException(
                    ExitCode.BAD_DATA, file + " makes no sense: " + e.getMessage(), e);
        }
    }

    /// Where it is.
    public Path path() {
        return path;
    }

    /// The identity of this directory, the same for as long as it exists.
    public Incarnation incarnation() {
        return incarnation;
    }

    /// The number of the last registration; 0 before the first.
    public synchronized long registration() {
        return registration;
    }

    /// Raises the number of the last registration; it is on disk when this returns. Blocks for as long as an fsync
    /// takes.
    ///
    /// @throws IOException if it cannot be written; then nothing may be registered under it
    /// @throws IllegalArgumentException if it is not higher than before
    public synchronized void raiseRegistration(long number) throws IOException {
        if (number <= registration) {
            throw new IllegalArgumentException("registration " + number + " after " + registration);
        }
        writeDurably(path.resolve("registration"), number + "\n");
        registration = number;
    }

    /// Lets the directory go.
    @Override
    public void close() {
        closeQuietly(lockFile);
    }

    private static void writeDurably(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.resolveSibling("."), READ)) {
            directory.force(true);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException _) {
                // The lock goes with the process at the latest.
            }
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null || e.getMessage().isEmpty()
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
