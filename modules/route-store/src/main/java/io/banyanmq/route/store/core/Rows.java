package io.banyanmq.route.store.core;

import org.jspecify.annotations.Nullable;

/// The ordered key-value store under a [RouteMachine]: five families of rows, keys in unsigned byte order.
///
/// One thread writes; views may be read on any. Every call may throw an unchecked exception for an I/O failure: the machine
/// must not be used again, and the division must stop.
public interface Rows {
    /// Families of rows.
    enum Family {
        /// One row a node name: its last registration.
        NODES,
        /// One row a route: the filter's key, then the destination's epoch.
        ROUTES,
        /// One row a live epoch: the state of its numbered source.
        SOURCES,
        /// One row a feed entry, by log index; bounded.
        CHANGES,
        /// Applied term and index, options, time.
        META
    }

    /// What is committed, as of now and for as long as the view is open.
    View view();

    /// Something rows can be read from.
    interface Reader {
        /// The value at `key`, not to be written to; null if there is none.
        byte @Nullable [] get(Family family, byte[] key);

        /// A cursor over the keys from `from` on and below `upTo`. It stands on the first, if there is one.
        Cursor cursor(Family family, byte[] from, byte[] upTo);
    }

    /// A consistent state.
    interface View extends Reader, AutoCloseable {
        @Override
        void close();
    }

    /// The writes of one log entry, and what is committed below them: reads see its own writes. No cursor may be open
    /// while it is written to. Whoever hands it to the machine commits it, all or nothing, before
    /// the next entry.
    interface Batch extends Reader {
        void put(Family family, byte[] key, byte[] value);

        void delete(Family family, byte[] key);
    }

    /// A position in the keys of a family, moving forward.
    interface Cursor extends AutoCloseable {
        /// Whether it stands on a row; false behind the last one.
        boolean valid();

        /// Moves to the least key of the range that is `key` or greater.
        void seek(byte[] key);

        /// Moves on by one; only while [#valid].
        void next();

        /// The key here, a copy or immutable; only while [#valid].
        byte[] key();

        /// The value here, a copy or immutable; only while [#valid].
        byte[] value();

        @Override
        void close();
    }
}
