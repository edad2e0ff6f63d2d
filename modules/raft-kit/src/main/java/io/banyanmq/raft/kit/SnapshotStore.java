package io.banyanmq.raft.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// Snapshots as directories `snapshot.TERM_INDEX` in Ratis' state machine directory. Ratis replaces
/// that whole directory when it installs one, so nothing else may lie in it.
final class SnapshotStore implements StateMachineStorage {
    private static final Pattern NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");
    private static final String UNFINISHED = "unfinished";

    /// Set by [#init], before anything else is called.
    private Path directory = Path.of("");

    private volatile @Nullable Stored latest;

    /// A finished snapshot.
    record Stored(LogPoint point, Path directory) {}

    /// Fills a directory with a snapshot.
    interface Writer {
        void write(Path directory) throws IOException;
    }

    @Override
    public void init(RaftStorage storage) throws IOException {
        directory = storage.getStorageDir().getStateMachineDir().toPath();
        Files.createDirectories(directory);
        Disk.deleteTree(directory.resolve(UNFINISHED));
        reload();
    }

    /// Looks again what lies there, after Ratis has put an installed snapshot in place.
    void reload() throws IOException {
        latest =
                stored().stream()
                        .max(Comparator.comparingLong(s -> s.point().index()))
                        .orElse(null);
    }

    /// The newest finished snapshot.
    Optional<Stored> latest() {
        return Optional.ofNullable(latest);
    }

    /// Makes a snapshot: it appears, durably, under its name once it is complete.
    void add(LogPoint point, Writer writer) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED);
        Disk.deleteTree(unfinished);
        writer.write(unfinished);
        Disk.syncAll(unfinished);
        Path finished = directory.resolve("snapshot." + point.term() + "_" + point.index());
        Disk.moveDurably(unfinished, finished);
        latest = new Stored(point, finished);
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        Stored stored = latest;
        if (stored == null) {
            return null;
        }
        try {
            List<FileInfo> files = new ArrayList<>();
            for (Path file : files(stored.directory())) {
                files.add(new FileInfo(file, null));
            }
            return new FileListSnapshotInfo(files, stored.point().term(), stored.point().index());
        } catch (IOException e) {
            throw new IllegalStateException("snapshot " + stored.directory() + " vanished", e);
        }
    }

    @Override
    public void format() {
        // Ratis has just created the directory: there is nothing to format in it.
    }

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        List<Stored> newestFirst = new ArrayList<>(stored());
        newestFirst.sort(Comparator.comparingLong((Stored s) -> s.point().index()).reversed());
        for (int i = Math.max(1, policy.getNumSnapshotsRetained()); i < newestFirst.size(); i++) {
            Disk.deleteTree(newestFirst.get(i).directory());
        }
    }

    /// The database's files in a snapshot, without the checksums that Ratis puts beside them.
    static List<Path> files(Path snapshot) throws IOException {
        return Disk.list(snapshot).stream()
                .filter(file -> !Disk.name(file).endsWith(MD5FileUtil.MD5_SUFFIX))
                .toList();
    }

    private List<Stored> stored() throws IOException {
        List<Stored> stored = new ArrayList<>();
        for (Path entry : Disk.list(directory)) {
            Matcher name = NAME.matcher(Disk.name(entry));
            if (name.matches()) {
                LogPoint point =
                        new LogPoint(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
                stored.add(new Stored(point, entry));
            }
        }
        return stored;
    }
}
