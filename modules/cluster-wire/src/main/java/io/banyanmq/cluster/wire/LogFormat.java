package io.banyanmq.cluster.wire;

import static io.banyanmq.cluster.wire.Protos.map;
import static io.banyanmq.cluster.wire.Protos.whole;

import com.google.protobuf.CodedInputStream;
import io.banyanmq.cluster.proto.LogProto;
import java.util.List;

/// Entries of the route store's log, and the outcomes of their commands, as bytes: one byte for the version of the
/// format, then a Protobuf message (`log.proto`). Entries are kept for ever: golden-byte tests watch them.
public final class LogFormat {
    private LogFormat() {}

    /// One log entry, of one command or more.
    public static byte[] encode(List<Command> commands) {
        LogProto.Entry.Builder entry = LogProto.Entry.newBuilder();
        for (Command command : commands) {
            entry.addCommands(write(command));
        }
        return Protos.versioned(entry.build());
    }

    /// The commands of an entry.
    ///
    /// @throws UnknownFormat if the version, a command or a field of one is not known here, or the bytes are damaged
    public static List<Command> decode(byte[] entry) {
        Protos.checkVersion("log entry", entry);
        return Protos.read(
                "log entry",
                () -> {
                    LogProto.Entry read =
                            LogProto.Entry.parseFrom(
                                    CodedInputStream.newInstance(entry, 1, entry.length - 1));
                    return map(whole("log entry", read).getCommandsList(), LogFormat::read);
                });
    }

    /// The outcomes of an entry, in the order of its commands.
    public static byte[] encodeOutcomes(List<Outcome> outcomes) {
        LogProto.Outcomes.Builder all = LogProto.Outcomes.newBuilder();
        for (Outcome outcome : outcomes) {
            all.addOutcomes(write(outcome));
        }
        return Protos.versioned(all.build());
    }

    /// The outcomes that [#encodeOutcomes] wrote.
    ///
    /// @throws UnknownFormat as [#decode]
    public static List<Outcome> decodeOutcomes(byte[] bytes) {
        Protos.checkVersion("outcomes", bytes);
        return Protos.read(
                "outcomes",
                () ->
                        map(
                                LogProto.Outcomes.parseFrom(
                                                CodedInputStream.newInstance(
                                                        bytes, 1, bytes.length - 1))
                                        .getOutcomesList(),
                                LogFormat::read));
    }

    static LogProto.Command write(Command command) {
        LogProto.Command.Builder to = LogProto.Command.newBuilder();
        switch (command) {
            case Command.RegisterNode c ->
                    to.getRegisterNodeBuilder()
                            .setNode(Protos.write(c.node()))
                            .setIncarnation(Protos.write(c.incarnation()))
                            .setNumber(c.number())
                            .setFabric(Protos.write(c.fabric()))
                            .setAdvertised(c.advertised())
                            .setFeatures(c.features());
            case Command.Serve c -> to.getServeBuilder().setEpoch(Protos.write(c.epoch()));
            case Command.Tick c -> {
                LogProto.Tick.Builder tick =
                        to.getTickBuilder()
                                .setTerm(c.term())
                                .setNumber(c.number())
                                .setElapsedMillis(c.elapsedMillis())
                                .setWallClockMillis(c.wallClockMillis());
                for (Renewal renewal : c.renewals()) {
                    tick.addRenewals(Protos.write(renewal));
                }
            }
            case Command.RouteChanges c -> {
                LogProto.RouteChanges.Builder changes =
                        to.getRouteChangesBuilder()
                                .setSource(Protos.write(c.source()))
                                .setFirstNumber(c.firstNumber())
                                .setDigestAfter(c.digestAfter());
                for (RouteChange change : c.changes()) {
                    changes.addChanges(Protos.write(change));
                }
            }
            case Command.EndEpoch c -> to.getEndEpochBuilder().setEpoch(Protos.write(c.epoch()));
            case Command.Condemn c -> to.getCondemnBuilder().setEpoch(Protos.write(c.epoch()));
            case Command.SetOption c ->
                    to.getSetOptionBuilder().setKey(c.key()).setValue(c.value());
        }
        return to.build();
    }

    static Command read(LogProto.Command from) {
        whole("command", from);
        return switch (from.getKindCase()) {
            case REGISTER_NODE -> {
                LogProto.RegisterNode c = whole("RegisterNode", from.getRegisterNode());
                yield new Command.RegisterNode(
                        Protos.read(c.getNode()),
                        Protos.read(c.getIncarnation()),
                        c.getNumber(),
                        Protos.read(c.getFabric()),
                        c.getAdvertised(),
                        c.getFeatures());
            }
            case SERVE ->
                    new Command.Serve(Protos.read(whole("Serve", from.getServe()).getEpoch()));
            case TICK -> {
                LogProto.Tick c = whole("Tick", from.getTick());
                yield new Command.Tick(
                        c.getTerm(),
                        c.getNumber(),
                        c.getElapsedMillis(),
                        map(c.getRenewalsList(), r -> Protos.read(whole("Renewal", r))),
                        c.getWallClockMillis());
            }
            case ROUTE_CHANGES -> {
                LogProto.RouteChanges c = whole("RouteChanges", from.getRouteChanges());
                yield new Command.RouteChanges(
                        Protos.read(c.getSource()),
                        c.getFirstNumber(),
                        map(c.getChangesList(), r -> Protos.read(whole("RouteChange", r))),
                        c.getDigestAfter());
            }
            case END_EPOCH ->
                    new Command.EndEpoch(
                            Protos.read(whole("EndEpoch", from.getEndEpoch()).getEpoch()));
            case CONDEMN ->
                    new Command.Condemn(
                            Protos.read(whole("Condemn", from.getCondemn()).getEpoch()));
            case SET_OPTION -> {
                LogProto.SetOption c = whole("SetOption", from.getSetOption());
                yield new Command.SetOption(c.getKey(), c.getValue());
            }
            case KIND_NOT_SET -> throw Protos.unknownKind("command", from);
        };
    }

    static LogProto.Outcome write(Outcome outcome) {
        LogProto.Outcome.Builder to = LogProto.Outcome.newBuilder();
        switch (outcome) {
            case Outcome.Registered o -> to.setRegistered(Protos.write(o.epoch()));
            case Outcome.Done o -> to.setDone(o.index());
            case Outcome.Gap o -> to.setGap(o.wanted());
            case Outcome.Fenced o -> to.setFenced(Protos.write(o.epoch()));
            case Outcome.Occupied o ->
                    to.getOccupiedBuilder()
                            .setNode(Protos.write(o.node()))
                            .setHolder(Protos.write(o.holder()));
            case Outcome.Outdated o -> to.setOutdated(o.latest());
            case Outcome.Refused o -> to.setRefused(o.reason());
        }
        return to.build();
    }

    static Outcome read(LogProto.Outcome from) {
        return switch (from.getKindCase()) {
            case REGISTERED -> new Outcome.Registered(Protos.read(from.getRegistered()));
            case DONE -> new Outcome.Done(from.getDone());
            case GAP -> new Outcome.Gap(from.getGap());
            case FENCED -> new Outcome.Fenced(Protos.read(from.getFenced()));
            case OCCUPIED ->
                    new Outcome.Occupied(
                            Protos.read(from.getOccupied().getNode()),
                            Protos.read(from.getOccupied().getHolder()));
            case OUTDATED -> new Outcome.Outdated(from.getOutdated());
            case REFUSED -> new Outcome.Refused(from.getRefused());
            case KIND_NOT_SET -> throw Protos.unknownKind("outcome", from);
        };
    }
}
