package io.banyanmq.mqtt.gateway.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.cluster.wire.StoreRequest;
import java.util.ArrayList;
import java.util.List;

/// Effects as lines of text, and the requests among them.
final class RecordedEffects implements AgentEffects {
    final List<String> lines = new ArrayList<>();
    final List<Sent> requests = new ArrayList<>();

    record Sent(NodeName store, StoreRequest request) {}

    /// What came since the last call.
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    /// The requests of a kind since the last call of it with that kind.
    <R extends StoreRequest> List<R> take(Class<R> kind) {
        List<R> taken =
                requests.stream()
                        .map(Sent::request)
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .toList();
        requests.removeIf(sent -> kind.isInstance(sent.request()));
        return taken;
    }

    @Override
    public void send(NodeName store, StoreRequest request) {
        requests.add(new Sent(store, request));
    }

    @Override
    public void raiseNumber(long number) {
        lines.add("raise " + number);
    }

    @Override
    public void began(Epoch epoch) {
        lines.add("began " + epoch);
    }

    @Override
    public void serving(Epoch epoch) {
        lines.add("serving " + epoch);
    }

    @Override
    public void gaveUp(Epoch epoch, String reason) {
        lines.add("gave up " + epoch);
    }

    @Override
    public void stopped() {
        lines.add("stopped");
    }

    @Override
    public void deadline(long nanos) {
        lines.add("deadline " + nanos / 1_000_000);
    }

    @Override
    public void visible(long token) {
        lines.add("visible " + token);
    }

    @Override
    public void peerJoined(Epoch peer, NodeName node, HostPort fabric, String advertised) {
        lines.add("joined " + peer + " " + node);
    }

    @Override
    public void peerServing(Epoch peer) {
        lines.add("serving " + peer);
    }

    @Override
    public void peerEnded(Epoch peer) {
        lines.add("ended " + peer);
    }

    @Override
    public void route(Epoch peer, String filter, int before, int after) {
        lines.add("route " + peer + " " + filter + " " + before + "->" + after);
    }

    @Override
    public void restating(Epoch peer) {
        lines.add("restating " + peer);
    }

    @Override
    public void restate(Epoch peer, String filter, int weight) {
        lines.add("restate " + peer + " " + filter + " " + weight);
    }

    @Override
    public void restated(Epoch peer) {
        lines.add("restated " + peer);
    }

    @Override
    public void alarm(String text) {
        lines.add("alarm " + text);
    }
}
