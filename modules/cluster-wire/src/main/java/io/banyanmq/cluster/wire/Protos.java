package io.banyanmq.cluster.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import io.banyanmq.cluster.proto.IdentityProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// Identities to and from their messages, and what all formats share.
final class Protos {
    /// The first byte of everything that is kept: the version of the format.
    static final byte VERSION = 1;

    private Protos() {}

    /// Reads the body of a message; damage and values that cannot be come out as [UnknownFormat].
    @FunctionalInterface
    interface Reader<T> {
        T read() throws IOException;
    }

    static <T> T read(String what, Reader<T> reader) {
        try {
            return reader.read();
        } catch (IOException | IllegalArgumentException e) {
            throw new UnknownFormat(what + ": cannot be read: " + e.getMessage(), e);
        }
    }

    static byte[] versioned(MessageLite message) {
        int size = message.getSerializedSize();
        byte[] bytes = new byte[size + 1];
        bytes[0] = VERSION;
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1, size);
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("an array of the right size was too small", e);
        }
        return bytes;
    }

    /// Checks the version byte of `bytes`.
    static void checkVersion(String what, byte[] bytes) {
        if (bytes.length == 0) {
            throw new UnknownFormat(what + ": empty, without even a version");
        }
        if (bytes[0] != VERSION) {
            throw new UnknownFormat(
                    what
                            + ": format version "
                            + (bytes[0] & 0xff)
                            + ", this node knows "
                            + VERSION);
        }
    }

    /// The exception for a message whose `oneof` is of no known kind.
    static UnknownFormat unknownKind(String what, Message message) {
        return new UnknownFormat(
                what + ": unknown kind " + message.getUnknownFields().asMap().keySet());
    }

    /// A log must be understood whole: a field that is not known here is one that other replicas may act on.
    static <M extends Message> M whole(String what, M message) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new UnknownFormat(
                    what + ": unknown fields " + message.getUnknownFields().asMap().keySet());
        }
        return message;
    }

    static <A, B> List<B> map(Collection<A> from, Function<? super A, ? extends B> each) {
        List<B> to = new ArrayList<>(from.size());
        for (A a : from) {
            to.add(each.apply(a));
        }
        return to;
    }

    static IdentityProto.Epoch write(Epoch epoch) {
        return IdentityProto.Epoch.newBuilder()
                .setIndex(epoch.index())
                .setPosition(epoch.position())
                .build();
    }

    static Epoch read(IdentityProto.Epoch epoch) {
        return new Epoch(epoch.getIndex(), epoch.getPosition());
    }

    static IdentityProto.NodeName write(NodeName name) {
        return IdentityProto.NodeName.newBuilder()
                .setName(name.name())
                .setHost(name.host())
                .build();
    }

    static NodeName read(IdentityProto.NodeName name) {
        return new NodeName(name.getName(), name.getHost());
    }

    static IdentityProto.Incarnation write(Incarnation incarnation) {
        return IdentityProto.Incarnation.newBuilder()
                .setHigh(incarnation.high())
                .setLow(incarnation.low())
                .build();
    }

    static Incarnation read(IdentityProto.Incarnation incarnation) {
        return new Incarnation(incarnation.getHigh(), incarnation.getLow());
    }

    static IdentityProto.HostPort write(HostPort address) {
        return IdentityProto.HostPort.newBuilder()
                .setHost(address.host())
                .setPort(address.port())
                .build();
    }

    static HostPort read(IdentityProto.HostPort address) {
        return new HostPort(address.getHost(), address.getPort());
    }

    static IdentityProto.Renewal write(Renewal renewal) {
        return IdentityProto.Renewal.newBuilder()
                .setEpoch(write(renewal.epoch()))
                .setSerial(renewal.serial())
                .setTtlMillis(renewal.ttlMillis())
                .setFeedIndex(renewal.feedIndex())
                .build();
    }

    static Renewal read(IdentityProto.Renewal renewal) {
        return new Renewal(
                read(renewal.getEpoch()),
                renewal.getSerial(),
                renewal.getTtlMillis(),
                renewal.getFeedIndex());
    }

    static IdentityProto.RouteChange write(RouteChange change) {
        return IdentityProto.RouteChange.newBuilder()
                .setFilter(change.filter())
                .setWeight(change.weight())
                .build();
    }

    static RouteChange read(IdentityProto.RouteChange change) {
        return new RouteChange(change.getFilter(), change.getWeight());
    }
}
