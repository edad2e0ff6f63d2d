package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/// A Raft group of a cluster.
///
/// @param cluster the cluster's name
/// @param name what the group holds: lower-case letters, digits and hyphens; names its directory
public record Group(String cluster, String name) {
    public Group {
        if (cluster.isEmpty() || !name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("no name of a Raft group: " + cluster + "/" + name);
        }
    }

    RaftGroupId ratisId() {
        return RaftGroupId.valueOf(uuid());
    }

    UUID uuid() {
        return UUID.nameUUIDFromBytes((cluster + "/" + name).getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return cluster + "/" + name;
    }
}
