package io.banyanmq.cluster.wire;

import java.util.List;

/// What can be proposed to the route store's log. One log entry holds a list of commands, applied in order.
///
/// Applying is deterministic: a command carries all it needs, and settings come from the log
/// ([SetOption]), never from a node's file.
public sealed interface Command {

    /// Begins an epoch, joining. `number` rises with every registration of one incarnation and is
    /// fsynced in the data directory before it is sent: a higher one ends the incarnation's own live epoch, an
    /// equal one gets the first answer again, a lower one is refused. Another incarnation under a live
    /// name is refused.
    ///
    /// `fabric` is where peers reach the gateway; `advertised` is the MQTT address for server references, or empty.
    record RegisterNode(
            NodeName node,
            Incarnation incarnation,
            long number,
            HostPort fabric,
            String advertised,
            int features)
            implements Command {}

    /// Joining -> serving. From here on SUBACKs wait for this epoch.
    record Serve(Epoch epoch) implements Command {}

    /// Time. `elapsedMillis` (at most 1,000) since the leader's last *proposed* tick of `term`, 0 for the first. It
    /// counts as 0 if the entry's own term is another, or if `number`, which rises from 1 in a term, has come
    /// before: nothing can run time fast. `wallClockMillis` only moves forward and serves expiry, never
    /// leases.
    record Tick(
            long term, long number, int elapsedMillis, List<Renewal> renewals, long wallClockMillis)
            implements Command {
        public Tick {
            renewals = List.copyOf(renewals);
        }
    }

    /// The next changes of a numbered source: the first has number `firstNumber`, the rest follow. `digestAfter` is
    /// the source's own digest ([RouteDigest]) when all are applied.
    record RouteChanges(Epoch source, long firstNumber, List<RouteChange> changes, long digestAfter)
            implements Command {
        public RouteChanges {
            changes = List.copyOf(changes);
        }
    }

    /// The owner ends its epoch, having closed everything that was made under it.
    record EndEpoch(Epoch epoch) implements Command {}

    /// No later tick renews the epoch; silence will end it.
    record Condemn(Epoch epoch) implements Command {}

    /// Sets an option of the log, see [LogOption].
    record SetOption(String key, String value) implements Command {}
}
