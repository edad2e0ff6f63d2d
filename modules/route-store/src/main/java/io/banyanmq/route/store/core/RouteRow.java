package io.banyanmq.route.store.core;

import org.jspecify.annotations.Nullable;

/// The value of a row of `routes`: the weight as a varint. There are millions of these, so it has no version of its own; the
/// key's encoding stands for it.
final class RouteRow {
    private static final byte[] ONE = {1};

    private RouteRow() {}

    static byte[] of(int weight) {
        return weight == 1 ? ONE : Fields.Writer.row(weight).done();
    }

    /// The weight; 0 if there is no row.
    static int weight(byte @Nullable [] row) {
        if (row == null) {
            return 0;
        }
        return row.length == 1 && row[0] > 0 ? row[0] : Fields.Reader.of(row).count();
    }
}
