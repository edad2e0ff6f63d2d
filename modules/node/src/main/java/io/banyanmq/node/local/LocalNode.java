package io.banyanmq.node.local;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.banyanmq.cluster.wire.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A node of a local cluster as `nodes.json` has it.
///
/// @param name full name
/// @param roles as in configurations
/// @param pid of its process; none while it is down
/// @param started when that process began, in milliseconds since 1970: a pid alone may be another's by now
/// @param mqtt where clients connect; none without a gateway
/// @param ws the same over WebSocket
/// @param admin URL of its admin port
/// @param log its log file
/// @param arguments options that it was last started with beside its own configuration
@JsonInclude(JsonInclude.Include.NON_NULL)
record LocalNode(
        String name,
        List<String> roles,
        @Nullable Long pid,
        @Nullable Long started,
        @Nullable String mqtt,
        @Nullable String ws,
        String admin,
        String log,
        List<String> arguments) {
    private static final Duration START_SLACK = Duration.ofSeconds(2);

    LocalNode {
        roles = List.copyOf(roles);
        arguments = List.copyOf(arguments);
    }

    /// The part of its name before the host: `gateway1`.
    @JsonIgnore
    String briefName() {
        return NodeName.parse(name).name();
    }

    boolean calledAs(String text) {
        return text.equals(name) || text.equals(briefName());
    }

    /// Its process, if it lives and is the one that was started.
    @JsonIgnore
    Optional<ProcessHandle> process() {
        if (pid == null || started == null) {
            return Optional.empty();
        }
        Instant begun = Instant.ofEpochMilli(started);
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        process.info()
                                .startInstant()
                                .filter(at ->
                                        Duration.between(at, begun).abs().compareTo(START_SLACK)
                                                < 0)
                                .isPresent());
    }

    LocalNode running(ProcessHandle process, List<String> with) {
        long at = process.info().startInstant().orElseGet(Instant::now).toEpochMilli();
        return new LocalNode(name, roles, process.pid(), at, mqtt, ws, admin, log, with);
    }

    LocalNode down() {
        return new LocalNode(name, roles, null, null, mqtt, ws, admin, log, arguments);
    }
}
