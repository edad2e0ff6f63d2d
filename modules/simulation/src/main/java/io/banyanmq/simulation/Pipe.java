package io.banyanmq.simulation;

/// One direction of a connection: in order, as late as it likes, and lost as a whole with the connection.
final class Pipe {
    private final World world;
    private long lastArrival;
    private long heldUntil;
    private int connection;
    private boolean open;

    Pipe(World world) {
        this.world = world;
    }

    void open() {
        open = true;
        connection++;
    }

    void broken() {
        open = false;
        connection++;
    }

    boolean isOpen() {
        return open;
    }

    /// Nothing arrives for `duration`; then all of it.
    void hold(long duration) {
        heldUntil = Math.max(heldUntil, world.now() + duration);
    }

    void release() {
        heldUntil = 0;
    }

    /// `arrival` runs at `process`, unless the connection breaks first.
    void send(SimProcess process, String what, Runnable arrival) {
        if (!open) {
            return;
        }
        int on = connection;
        long delay = world.chance(1) ? world.millis(20, 500) : world.millis(0, 3);
        long at = Math.max(Math.max(lastArrival, heldUntil), world.now() + delay);
        lastArrival = at;
        arrive(at - world.now(), process, what, on, arrival);
    }

    private void arrive(long delay, SimProcess process, String what, int on, Runnable arrival) {
        world.after(
                delay,
                process,
                what,
                () -> {
                    if (on == connection) {
                        arrival.run();
                    }
                });
    }
}
