package io.banyanmq.route.store.core;

import io.banyanmq.cluster.wire.Command;
import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;

/// The last registration of a node name: the row of `nodes`, and the epoch it began.
///
/// Invariants: `servingSince` > 0 once it serves; an epoch that is [#ended] stays so; `silenceMillis` is the committed
/// time since its last accepted renewal, or since it began.
final class Registration {
    private static final int FORMAT = 1;

    final NodeName node;
    final Incarnation incarnation;
    final long number;
    final HostPort fabric;
    final String advertised;
    final int features;
    final Epoch epoch;
    long servingSince;
    boolean ended;
    boolean condemned;
    long silenceMillis;
    long ttlMillis;
    long serial;

    /// A new epoch, joining, that counts with `ttlMillis` until a renewal says otherwise.
    Registration(Command.RegisterNode command, Epoch epoch, long ttlMillis) {
        this(
                command.node(),
                command.incarnation(),
                command.number(),
                command.fabric(),
                command.advertised(),
                command.features(),
                epoch);
        this.ttlMillis = ttlMillis;
    }

    private Registration(
            NodeName node,
            Incarnation incarnation,
            long number,
            HostPort fabric,
            String advertised,
            int features,
            Epoch epoch) {
        this.node = node;
        this.incarnation = incarnation;
        this.number = number;
        this.fabric = fabric;
        this.advertised = advertised;
        this.features = features;
        this.epoch = epoch;
    }

    boolean live() {
        return !ended;
    }

    boolean serving() {
        return !ended && servingSince > 0;
    }

    byte[] row() {
        return Fields.Writer.row(FORMAT)
                .text(node.name())
                .text(node.host())
                .fixed(incarnation.high())
                .fixed(incarnation.low())
                .number(number)
                .text(fabric.host())
                .number(fabric.port())
                .text(advertised)
                .number(features)
                .number(epoch.index())
                .number(epoch.position())
                .number(servingSince)
                .number((ended ? 1 : 0) | (condemned ? 2 : 0))
                .number(silenceMillis)
                .number(ttlMillis)
                .number(serial)
                .done();
    }

    static Registration of(byte[] row) {
        Fields.Reader in = Fields.Reader.row("nodes", FORMAT, row);
        Registration read =
                new Registration(
                        new NodeName(in.text(), in.text()),
                        new Incarnation(in.fixed(), in.fixed()),
                        in.number(),
                        new HostPort(in.text(), in.count()),
                        in.text(),
                        in.count(),
                        new Epoch(in.number(), in.count()));
        read.servingSince = in.number();
        long flags = in.number();
        read.ended = (flags & 1) != 0;
        read.condemned = (flags & 2) != 0;
        read.silenceMillis = in.number();
        read.ttlMillis = in.number();
        read.serial = in.number();
        return read;
    }
}
