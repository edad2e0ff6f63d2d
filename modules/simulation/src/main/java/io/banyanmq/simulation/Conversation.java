package io.banyanmq.simulation;

import io.banyanmq.cluster.wire.StoreReply;
import io.banyanmq.cluster.wire.StoreRequest;

/// The connection between one gateway process and one store node; it opens itself again when it broke.
final class Conversation {
    private final World world;
    private final SimGateway gateway;
    private final SimStore store;
    private final Pipe toStore;
    private final Pipe toGateway;
    private long cutUntil;

    // The store's side.
    long sentUpTo = -1;
    long awaited;
    long toldVisible;

    Conversation(World world, SimGateway gateway, SimStore store) {
        this.world = world;
        this.gateway = gateway;
        this.store = store;
        toStore = new Pipe(world);
        toGateway = new Pipe(world);
    }

    SimGateway gateway() {
        return gateway;
    }

    SimStore store() {
        return store;
    }

    void connect() {
        world.after(
                world.millis(1, 30),
                null,
                "connect to store",
                () -> {
                    if (!gateway.process().alive()) {
                        return;
                    }
                    if (!store.process().alive() || world.now() < cutUntil) {
                        connect();
                        return;
                    }
                    toStore.open();
                    toGateway.open();
                    sentUpTo = -1;
                    awaited = 0;
                    toldVisible = 0;
                    store.opened(this);
                    toGateway.send(gateway.process(), "store up", () -> gateway.storeUp(store));
                });
    }

    /// Breaks the connection, with all that is under way; both ends notice.
    void breakOff() {
        if (toStore.isOpen()) {
            toStore.broken();
            toGateway.broken();
            store.closed(this);
            world.after(
                    world.millis(1, 50),
                    gateway.process(),
                    "store down",
                    () -> {
                        gateway.storeDown(store);
                        connect();
                    });
        }
    }

    /// Nothing passes for `duration`, and then all of it; new connections do not come about.
    void cut(long duration) {
        cutUntil = world.now() + duration;
        toStore.hold(duration);
        toGateway.hold(duration);
    }

    /// What the store sends comes late.
    void slow(long duration) {
        toGateway.hold(duration);
    }

    void heal() {
        cutUntil = 0;
        toStore.release();
        toGateway.release();
    }

    void send(StoreRequest request) {
        toStore.send(store.process(), "request", () -> store.request(this, request));
    }

    void send(StoreReply reply) {
        toGateway.send(gateway.process(), "reply", () -> gateway.reply(store, reply));
    }
}
