package io.banyanmq.raft.kit;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// A database that cannot be opened, read or written. The message names the directory and says what
/// to do about it.
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What is wrong, as far as it decides what to do.
    public enum Fault {
        /// Another process (or another database object of this one) has it open.
        LOCKED,
        /// The directory cannot be created or written.
        UNWRITABLE,
        /// What is on disk does not hold together; only a rebuild from other replicas helps.
        CORRUPT,
        /// The disk is full.
        NO_SPACE,
        /// It was closed, or replaced by an installed snapshot: open a new view.
        CLOSED,
        /// Any other failure of the disk.
        IO
    }

    private final Fault fault;

    DatabaseException(Fault fault, Path directory, String detail, @Nullable Throwable cause) {
        super(text(fault, directory, detail), cause);
        this.fault = fault;
    }

    static DatabaseException closed(Path directory) {
        return new DatabaseException(Fault.CLOSED, directory, "", null);
    }

    static DatabaseException corrupt(Path directory, String detail) {
        return new DatabaseException(Fault.CORRUPT, directory, detail, null);
    }

    static DatabaseException of(Path directory, RocksDBException cause) {
        String detail = cause.getMessage() == null ? "no detail" : cause.getMessage();
        return new DatabaseException(faultOf(cause, detail), directory, detail, cause);
    }

    /// What is wrong.
    public Fault fault() {
        return fault;
    }

    private static Fault faultOf(RocksDBException cause, String detail) {
        Status status = cause.getStatus();
        String text = detail.toLowerCase(Locale.ROOT);
        if ((status != null && status.getSubCode() == Status.SubCode.NoSpace)
                || text.contains("no space left")) {
            return Fault.NO_SPACE;
        }
        if (text.contains("lock hold") || text.contains("lock file")) {
            return Fault.LOCKED;
        }
        if (text.contains("permission denied")
                || text.contains("read-only file system")
                || text.contains("not a directory")) {
            return Fault.UNWRITABLE;
        }
        if ((status != null && status.getCode() == Status.Code.Corruption)
                || text.contains("no such file")) {
            return Fault.CORRUPT;
        }
        return Fault.IO;
    }

    private static String text(Fault fault, Path directory, String detail) {
        String advice =
                switch (fault) {
                    case LOCKED -> "is in use by another process; stop that one first";
                    case UNWRITABLE -> "cannot be written; check its owner and mode";
                    case CORRUPT ->
                            "is damaged; move it away with its Raft log and let this store return as a"
                                    + " new peer";
                    case NO_SPACE -> "is on a full disk; free some space and start again";
                    case CLOSED -> "is closed";
                    case IO -> "failed";
                };
        return "database " + directory + " " + advice + (detail.isEmpty() ? "" : ": " + detail);
    }
}
