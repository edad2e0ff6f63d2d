package io.banyanmq.raft.kit;

/// A key space of its own within one [Database].
///
/// @param name lower-case letters, digits and hyphens; `raft` is the kit's own
public record ColumnFamily(String name) {
    public ColumnFamily {
        if (!name.matches("[a-z][a-z0-9-]*") || name.equals("default")) {
            throw new IllegalArgumentException("no name of a column family: " + name);
        }
    }
}
