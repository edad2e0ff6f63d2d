package io.banyanmq.cluster.wire;

import static io.banyanmq.cluster.wire.Protos.map;

import com.google.protobuf.UnsafeByteOperations;
import io.banyanmq.cluster.proto.StoreProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages of the conversation between a gateway and a store node as bytes (`store.proto`). The handshake of
/// the connection has agreed on the version.
public final class StoreFormat {
    private StoreFormat() {}

    public static byte[] encode(StoreRequest request) {
        StoreProto.StoreRequest.Builder to = StoreProto.StoreRequest.newBuilder();
        switch (request) {
            case StoreRequest.Follow r -> to.setFollowAfter(r.afterIndex());
            case StoreRequest.Applied r ->
                    to.getAppliedBuilder().setEpoch(Protos.write(r.epoch())).setIndex(r.index());
            case StoreRequest.Renew r -> to.setRenew(Protos.write(r.renewal()));
            case StoreRequest.Propose r ->
                    to.getProposeBuilder()
                            .setRequest(r.request())
                            .setCommand(LogFormat.write(r.command()));
            case StoreRequest.AwaitVisible r -> to.setAwaitVisible(r.index());
            case StoreRequest.ScanSource r -> to.setScanSource(Protos.write(r.source()));
        }
        return to.build().toByteArray();
    }

    /// A request that [#encode(StoreRequest)] wrote.
    ///
    /// @throws UnknownFormat if the kind is not known here, or the bytes are damaged
    public static StoreRequest decodeRequest(byte[] bytes) {
        return Protos.read("store request", () -> read(StoreProto.StoreRequest.parseFrom(bytes)));
    }

    public static byte[] encode(StoreReply reply) {
        if (reply instanceof StoreReply.Feed feed) {
            return encodeFeed(feed.after(), map(feed.entries(), FeedFormat::encode), feed.upTo());
        }
        return write(reply).toByteArray();
    }

    /// [StoreReply.Feed] out of entries that are encoded already ([FeedFormat]), as the store keeps them.
    public static byte[] encodeFeed(long after, List<byte[]> entries, long upTo) {
        StoreProto.StoreReply.Builder to = StoreProto.StoreReply.newBuilder();
        StoreProto.Feed.Builder feed = to.getFeedBuilder().setAfter(after).setUpTo(upTo);
        for (byte[] entry : entries) {
            feed.addEntries(UnsafeByteOperations.unsafeWrap(entry));
        }
        return to.build().toByteArray();
    }

    /// A reply that [#encode(StoreReply)] or [#encodeFeed] wrote.
    ///
    /// @throws UnknownFormat if the kind is not known here, or the bytes are damaged
    public static StoreReply decodeReply(byte[] bytes) {
        return Protos.read("store reply", () -> read(StoreProto.StoreReply.parseFrom(bytes)));
    }

    private static StoreRequest read(StoreProto.StoreRequest from) {
        return switch (from.getKindCase()) {
            case FOLLOW_AFTER -> new StoreRequest.Follow(from.getFollowAfter());
            case APPLIED ->
                    new StoreRequest.Applied(
                            Protos.read(from.getApplied().getEpoch()),
                            from.getApplied().getIndex());
            case RENEW -> new StoreRequest.Renew(Protos.read(from.getRenew()));
            case PROPOSE ->
                    new StoreRequest.Propose(
                            from.getPropose().getRequest(),
                            LogFormat.read(from.getPropose().getCommand()));
            case AWAIT_VISIBLE -> new StoreRequest.AwaitVisible(from.getAwaitVisible());
            case SCAN_SOURCE -> new StoreRequest.ScanSource(Protos.read(from.getScanSource()));
            case KIND_NOT_SET -> throw Protos.unknownKind("store request", from);
        };
    }

    private static StoreProto.StoreReply write(StoreReply reply) {
        StoreProto.StoreReply.Builder to = StoreProto.StoreReply.newBuilder();
        switch (reply) {
            case StoreReply.Feed _ -> throw new AssertionError("the feed has its own way");
            case StoreReply.ScanBegin r -> {
                StoreProto.ScanBegin.Builder begin = to.getScanBeginBuilder().setIndex(r.index());
                r.epochs().forEach(e -> begin.addEpochs(write(e)));
                r.options().forEach(o -> begin.addOptions(FeedFormat.write(o)));
            }
            case StoreReply.SourceBegin r ->
                    to.getSourceBeginBuilder().setIndex(r.index()).setSource(write(r.source()));
            case StoreReply.ScanRoutes r -> {
                StoreProto.ScanRoutes.Builder routes = to.getScanRoutesBuilder();
                for (Route route : r.routes()) {
                    routes.addRoutesBuilder()
                            .setFilter(route.filter())
                            .setEpochIndex(route.destination().index())
                            .setEpochPosition(route.destination().position())
                            .setWeight(route.weight());
                }
            }
            case StoreReply.ScanEnd r -> to.setScanEnd(r.index());
            case StoreReply.Proposed r ->
                    to.getProposedBuilder()
                            .setRequest(r.request())
                            .setOutcome(LogFormat.write(r.outcome()));
            case StoreReply.NotProposed r -> {
                StoreProto.NotProposed.Builder not =
                        to.getNotProposedBuilder().setRequest(r.request()).setReason(r.reason());
                NodeName leader = r.leader();
                if (leader != null) {
                    not.setLeader(Protos.write(leader));
                }
            }
            case StoreReply.Visible r -> to.setVisible(r.index());
        }
        return to.build();
    }

    private static StoreReply read(StoreProto.StoreReply from) {
        return switch (from.getKindCase()) {
            case FEED ->
                    new StoreReply.Feed(
                            from.getFeed().getAfter(),
                            map(
                                    from.getFeed().getEntriesList(),
                                    entry -> FeedFormat.decode(entry.toByteArray())),
                            from.getFeed().getUpTo());
            case SCAN_BEGIN ->
                    new StoreReply.ScanBegin(
                            from.getScanBegin().getIndex(),
                            map(from.getScanBegin().getEpochsList(), StoreFormat::read),
                            map(from.getScanBegin().getOptionsList(), FeedFormat::read));
            case SOURCE_BEGIN ->
                    new StoreReply.SourceBegin(
                            from.getSourceBegin().getIndex(),
                            read(from.getSourceBegin().getSource()));
            case SCAN_ROUTES -> new StoreReply.ScanRoutes(routes(from.getScanRoutes()));
            case SCAN_END -> new StoreReply.ScanEnd(from.getScanEnd());
            case PROPOSED ->
                    new StoreReply.Proposed(
                            from.getProposed().getRequest(),
                            LogFormat.read(from.getProposed().getOutcome()));
            case NOT_PROPOSED ->
                    new StoreReply.NotProposed(
                            from.getNotProposed().getRequest(),
                            leader(from.getNotProposed()),
                            from.getNotProposed().getReason());
            case VISIBLE -> new StoreReply.Visible(from.getVisible());
            case KIND_NOT_SET -> throw Protos.unknownKind("store reply", from);
        };
    }

    private static @Nullable NodeName leader(StoreProto.NotProposed from) {
        return from.hasLeader() ? Protos.read(from.getLeader()) : null;
    }

    /// The routes of a chunk; neighbours of one destination share its object.
    private static List<Route> routes(StoreProto.ScanRoutes from) {
        List<Route> routes = new ArrayList<>(from.getRoutesCount());
        @Nullable Epoch last = null;
        for (StoreProto.Route route : from.getRoutesList()) {
            Epoch epoch =
                    last != null
                                    && last.index() == route.getEpochIndex()
                                    && last.position() == route.getEpochPosition()
                            ? last
                            : new Epoch(route.getEpochIndex(), route.getEpochPosition());
            routes.add(new Route(route.getFilter(), epoch, route.getWeight()));
            last = epoch;
        }
        return routes;
    }

    private static StoreProto.EpochState write(EpochState state) {
        return StoreProto.EpochState.newBuilder()
                .setEpoch(Protos.write(state.epoch()))
                .setNode(Protos.write(state.node()))
                .setIncarnation(Protos.write(state.incarnation()))
                .setFabric(Protos.write(state.fabric()))
                .setAdvertised(state.advertised())
                .setServing(state.serving())
                .setLastNumber(state.lastNumber())
                .setDigest(state.digest())
                .build();
    }

    private static EpochState read(StoreProto.EpochState from) {
        return new EpochState(
                Protos.read(from.getEpoch()),
                Protos.read(from.getNode()),
                Protos.read(from.getIncarnation()),
                Protos.read(from.getFabric()),
                from.getAdvertised(),
                from.getServing(),
                from.getLastNumber(),
                from.getDigest());
    }
}
