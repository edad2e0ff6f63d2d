package io.banyanmq.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.banyanmq.node.config.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// A file that holds one secret and is readable by its owner only: the cluster's cookie, the admin token.
public final class SecretFile {
    private static final int BYTES_MAX = 1_024;
    private static final int DRAWN_BYTES = 32;

    private SecretFile() {}

    /// The secret, without white space around it.
    ///
    /// @param key whose file it is, for messages
    /// @throws StartException if it cannot be read, is empty or too long, or others may read it
    public static String read(String key, Path file) throws StartException {
        try {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> permissions = view.readAttributes().permissions();
                if (permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new StartException(
                            ExitCode.DENIED,
                            key
                                    + " "
                                    + file
                                    + " can be read or written by everybody (mode "
                                    + PosixFilePermissions.toString(permissions)
                                    + "); chmod 600 it");
                }
            }
            String secret = Files.readString(file).strip();
            if (secret.isEmpty() || secret.length() > BYTES_MAX) {
                throw new StartException(
                        ExitCode.BAD_DATA,
                        key
                                + " "
                                + file
                                + " holds "
                                + secret.length()
                                + " characters, need 1 to "
                                + BYTES_MAX);
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new StartException(ExitCode.CONFIG, key + " " + file + " does not exist", e);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.DENIED, key + " " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Draws a secret and writes it, mode 0600, unless the file is there.
    ///
    /// @throws StartException if it cannot be written
    public static void drawIfMissing(Path file, SecureRandom random) throws StartException {
        byte[] secret = new byte[DRAWN_BYTES];
        random.nextBytes(secret);
        byte[] text = (HexFormat.of().formatHex(secret) + "\n").getBytes(UTF_8);
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
            try (SeekableByteChannel channel =
                    Files.newByteChannel(
                            file,
                            Set.of(CREATE_NEW, WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                channel.write(ByteBuffer.wrap(text));
                if (channel instanceof FileChannel disk) {
                    disk.force(true);
                }
            }
        } catch (FileAlreadyExistsException _) {
            // drawn before
        } catch (IOException e) {
            throw new StartException(ExitCode.DENIED, file + " cannot be written: " + e, e);
        }
    }
}
