package io.banyanmq.route.store.core;

/// The state of a numbered source: the row of `sources`.
///
/// It remembers the index of its last [#REMEMBERED] batches, so that a repeat is answered with the index of
/// the first time; an older repeat gets the oldest index it still knows, which is later and therefore as
/// safe to wait for.
final class Source {
    private static final int FORMAT = 1;
    private static final int REMEMBERED = 16;

    long lastNumber;
    long digest;

    /// Routes of weight 1 or more.
    long routes;

    private final long[] upTo = new long[REMEMBERED];
    private final long[] index = new long[REMEMBERED];
    private int batches;

    /// Everything up to `number` was applied at `atIndex`.
    void took(long number, long atIndex) {
        lastNumber = number;
        if (batches == REMEMBERED) {
            System.arraycopy(upTo, 1, upTo, 0, REMEMBERED - 1);
            System.arraycopy(index, 1, index, 0, REMEMBERED - 1);
            batches--;
        }
        upTo[batches] = number;
        index[batches++] = atIndex;
    }

    /// The index at which `number`, taken before, was applied, or a later one.
    long indexOf(long number) {
        for (int i = 0; i < batches; i++) {
            if (upTo[i] >= number) {
                return index[i];
            }
        }
        throw new IllegalStateException(
                "number " + number + " was not taken, " + lastNumber + " was");
    }

    byte[] row() {
        Fields.Writer row =
                Fields.Writer.row(FORMAT)
                        .number(lastNumber)
                        .fixed(digest)
                        .number(routes)
                        .number(batches);
        for (int i = 0; i < batches; i++) {
            row.number(upTo[i]).number(index[i]);
        }
        return row.done();
    }

    static Source of(byte[] row) {
        Fields.Reader in = Fields.Reader.row("sources", FORMAT, row);
        Source source = new Source();
        source.lastNumber = in.number();
        source.digest = in.fixed();
        source.routes = in.number();
        source.batches = in.count();
        for (int i = 0; i < source.batches; i++) {
            source.upTo[i] = in.number();
            source.index[i] = in.number();
        }
        return source;
    }
}
