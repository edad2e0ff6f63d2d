package io.banyanmq.node.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of the cluster.
///
/// @param state of a gateway `joining` or `serving`; of a store `leader`, `follower`, or `unknown`
/// @param epoch of a gateway
/// @param fabric where other nodes reach it; none: within this process
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeRow(
        String name,
        List<String> roles,
        String state,
        @Nullable String epoch,
        @Nullable String fabric) {
    public NodeRow {
        roles = List.copyOf(roles);
    }
}
