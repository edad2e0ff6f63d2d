package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.route.store.core.Rows.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Removes the rows of routes whose epoch ended, a bounded number with each tick. Nobody can tell whether it has come by: all
/// reads pass over such rows.
///
/// A pass walks all routes once and begins in an entry behind the one that wanted it, so it sees every row
/// that was written before.
final class Sweep {
    private static final int FORMAT = 1;
    private static final int ROWS_A_TICK = 8_192;

    private long wantedAt;
    private long passSince;
    private boolean running;
    private byte[] from = Keys.FIRST;

    private Sweep() {}

    static Sweep open(Rows.Reader rows) {
        Sweep sweep = new Sweep();
        byte[] row = rows.get(Family.META, Keys.SWEEP);
        if (row != null) {
            Fields.Reader in = Fields.Reader.row("meta/sweep", FORMAT, row);
            sweep.wantedAt = in.number();
            sweep.passSince = in.number();
            sweep.running = in.number() != 0;
            sweep.from = in.bytes();
        }
        return sweep;
    }

    /// An epoch with routes ended at `index`.
    void wanted(long index, Rows.Batch batch) {
        wantedAt = index;
        save(batch);
    }

    /// Goes on with a pass, or begins one.
    void step(long index, Set<Epoch> live, Rows.Batch batch) {
        if (!running) {
            if (wantedAt <= passSince || wantedAt == index) {
                return;
            }
            running = true;
            passSince = index;
            from = Keys.FIRST;
        }
        List<byte[]> dead = new ArrayList<>();
        try (Rows.Cursor routes = batch.cursor(Family.ROUTES, from, Keys.LAST)) {
            for (int i = 0; i < ROWS_A_TICK && routes.valid(); i++, routes.next()) {
                if (!live.contains(Keys.destination(routes.key()))) {
                    dead.add(routes.key());
                }
            }
            running = routes.valid();
            from = running ? routes.key() : Keys.FIRST;
        }
        for (byte[] key : dead) {
            batch.delete(Family.ROUTES, key);
        }
        save(batch);
    }

    private void save(Rows.Batch batch) {
        batch.put(
                Family.META,
                Keys.SWEEP,
                Fields.Writer.row(FORMAT)
                        .number(wantedAt)
                        .number(passSince)
                        .number(running ? 1 : 0)
                        .bytes(from)
                        .done());
    }
}
