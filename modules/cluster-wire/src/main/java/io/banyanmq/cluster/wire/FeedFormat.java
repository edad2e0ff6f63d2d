package io.banyanmq.cluster.wire;

import static io.banyanmq.cluster.wire.Protos.map;

import com.google.protobuf.CodedInputStream;
import io.banyanmq.cluster.proto.FeedProto;

/// A [FeedEntry] as bytes, as the store keeps it and sends it: one byte for the version of the format, then a
/// Protobuf message (`feed.proto`).
public final class FeedFormat {
    private FeedFormat() {}

    public static byte[] encode(FeedEntry entry) {
        FeedProto.FeedEntry.Builder to = FeedProto.FeedEntry.newBuilder().setIndex(entry.index());
        for (FeedEvent event : entry.events()) {
            to.addEvents(write(event));
        }
        return Protos.versioned(to.build());
    }

    /// The entry that [#encode] wrote.
    ///
    /// @throws UnknownFormat if the version or an event is not known here, or the bytes are damaged
    public static FeedEntry decode(byte[] bytes) {
        Protos.checkVersion("feed entry", bytes);
        return Protos.read(
                "feed entry",
                () -> {
                    FeedProto.FeedEntry from =
                            FeedProto.FeedEntry.parseFrom(
                                    CodedInputStream.newInstance(bytes, 1, bytes.length - 1));
                    return new FeedEntry(
                            from.getIndex(), map(from.getEventsList(), FeedFormat::read));
                });
    }

    private static FeedProto.FeedEvent write(FeedEvent event) {
        FeedProto.FeedEvent.Builder to = FeedProto.FeedEvent.newBuilder();
        switch (event) {
            case FeedEvent.Joined e ->
                    to.getJoinedBuilder()
                            .setEpoch(Protos.write(e.epoch()))
                            .setNode(Protos.write(e.node()))
                            .setIncarnation(Protos.write(e.incarnation()))
                            .setFabric(Protos.write(e.fabric()))
                            .setAdvertised(e.advertised());
            case FeedEvent.Serving e -> to.setServing(Protos.write(e.epoch()));
            case FeedEvent.Ended e ->
                    to.getEndedBuilder()
                            .setEpoch(Protos.write(e.epoch()))
                            .setCause(write(e.cause()));
            case FeedEvent.Renewed e -> {
                FeedProto.Renewed.Builder renewed =
                        to.getRenewedBuilder().setWallClockMillis(e.wallClockMillis());
                for (FeedEvent.Confirmation c : e.confirmations()) {
                    renewed.addConfirmationsBuilder()
                            .setEpoch(Protos.write(c.epoch()))
                            .setSerial(c.serial());
                }
            }
            case FeedEvent.Routed e -> {
                FeedProto.Routed.Builder routed =
                        to.getRoutedBuilder()
                                .setSource(Protos.write(e.source()))
                                .setFirstNumber(e.firstNumber())
                                .setDigestAfter(e.digestAfter());
                for (FeedEvent.Step step : e.steps()) {
                    routed.addStepsBuilder()
                            .setFilter(step.filter())
                            .setBefore(step.before())
                            .setAfter(step.after());
                }
            }
            case FeedEvent.OptionSet e -> to.setOptionSet(write(e));
        }
        return to.build();
    }

    static FeedProto.OptionSet write(FeedEvent.OptionSet option) {
        return FeedProto.OptionSet.newBuilder()
                .setKey(option.key())
                .setValue(option.value())
                .build();
    }

    static FeedEvent.OptionSet read(FeedProto.OptionSet option) {
        return new FeedEvent.OptionSet(option.getKey(), option.getValue());
    }

    private static FeedEvent read(FeedProto.FeedEvent from) {
        return switch (from.getKindCase()) {
            case JOINED -> {
                FeedProto.Joined e = from.getJoined();
                yield new FeedEvent.Joined(
                        Protos.read(e.getEpoch()),
                        Protos.read(e.getNode()),
                        Protos.read(e.getIncarnation()),
                        Protos.read(e.getFabric()),
                        e.getAdvertised());
            }
            case SERVING -> new FeedEvent.Serving(Protos.read(from.getServing()));
            case ENDED ->
                    new FeedEvent.Ended(
                            Protos.read(from.getEnded().getEpoch()),
                            read(from.getEnded().getCause()));
            case RENEWED ->
                    new FeedEvent.Renewed(
                            map(
                                    from.getRenewed().getConfirmationsList(),
                                    c ->
                                            new FeedEvent.Confirmation(
                                                    Protos.read(c.getEpoch()), c.getSerial())),
                            from.getRenewed().getWallClockMillis());
            case ROUTED -> {
                FeedProto.Routed e = from.getRouted();
                yield new FeedEvent.Routed(
                        Protos.read(e.getSource()),
                        e.getFirstNumber(),
                        map(
                                e.getStepsList(),
                                s ->
                                        new FeedEvent.Step(
                                                s.getFilter(), s.getBefore(), s.getAfter())),
                        e.getDigestAfter());
            }
            case OPTION_SET -> read(from.getOptionSet());
            case KIND_NOT_SET -> throw Protos.unknownKind("feed event", from);
        };
    }

    private static FeedProto.EndCause write(FeedEvent.Cause cause) {
        return switch (cause) {
            case SILENCE -> FeedProto.EndCause.END_CAUSE_SILENCE;
            case SUPERSEDED -> FeedProto.EndCause.END_CAUSE_SUPERSEDED;
            case OWNER -> FeedProto.EndCause.END_CAUSE_OWNER;
        };
    }

    private static FeedEvent.Cause read(FeedProto.EndCause cause) {
        return switch (cause) {
            case END_CAUSE_SILENCE -> FeedEvent.Cause.SILENCE;
            case END_CAUSE_SUPERSEDED -> FeedEvent.Cause.SUPERSEDED;
            case END_CAUSE_OWNER -> FeedEvent.Cause.OWNER;
            case END_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new UnknownFormat("feed event Ended: unknown cause");
        };
    }
}
