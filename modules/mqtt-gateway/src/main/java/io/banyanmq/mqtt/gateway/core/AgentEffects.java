package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.StoreRequest;

/// What a [ClusterAgent] wants done, in the order of the calls. An interface and not a list of records, because a scan has
/// millions of [#route]s. Calls come only from within calls of the agent; they must not call back into it.
public interface AgentEffects {
    /// Send to one store node. Its connection was reported up; a message may be lost only with the connection.
    void send(NodeName store, StoreRequest request);

    /// Raise the registration number in the data directory to `number` and fsync it, then call
    /// [ClusterAgent#numberRaised].
    void raiseNumber(long number);

    /// The gateway has an epoch, joining: open links to the peers, report them ([ClusterAgent#reaches]).
    void began(Epoch epoch);

    /// The gateway serves: clients are welcome.
    void serving(Epoch epoch);

    /// The gateway's epoch has ended or was given up; nothing may be acknowledged under it any more. Close every connection
    /// and every link made under it, forget the subscriptions, then call [ClusterAgent#closed].
    void gaveUp(Epoch epoch, String reason);

    /// The epoch was ended in an orderly way, or never was: the process may stop.
    void stopped();

    /// Acknowledgements may be decided under the present epoch as long as the monotonic clock is before `nanos`. Under a new
    /// epoch none may until this comes.
    void deadline(long nanos);

    /// The subscriber that came with `token` is visible everywhere.
    void visible(long token);

    /// Another gateway has an epoch.
    void peerJoined(Epoch peer, NodeName node, HostPort fabric, String advertised);

    /// The peer serves, from what was applied now on.
    void peerServing(Epoch peer);

    /// The peer's epoch ended, for ever: its routes are gone, what it did not take counts as taken.
    void peerEnded(Epoch peer);

    /// `filter` of `peer` had weight `before` and has `after`; 0 is none. They differ.
    void route(Epoch peer, String filter, int before, int after);

    /// All routes of `peer` come anew ([#restate]). What is known of it stays in force until [#restated], and [#route] goes on
    /// changing that. Comes again if it was broken off; then what came since the first time is void.
    void restating(Epoch peer);

    /// `peer` has the route, with `weight` 1 or more.
    void restate(Epoch peer, String filter, int weight);

    /// All routes of `peer` have come: they replace what was known of it, at once.
    void restated(Epoch peer);

    /// A fault that a person must look at.
    void alarm(String text);
}
