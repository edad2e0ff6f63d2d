package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.Handshake;
import io.banyanmq.fabric.core.Handshake.Reason;
import io.banyanmq.fabric.core.LinkFaultException;
import io.banyanmq.fabric.core.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection that carries a link to this node: takes its frames and acknowledges once a read.
final class Receiving implements Connection.Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Receiving.class);

    private final InboundLinks links;
    private final Connection connection;
    private final EventLoop loop;
    private final NodeName sender;

    private @Nullable LinkInbox inbox;
    private InboundLinks.@Nullable Entry link;
    private long senderKnows;

    /// Whether this connection may touch the link's receiver now.
    private boolean owns;

    /// Who wants the link while we are still waiting for it ourselves.
    private @Nullable Receiving heir;

    private long bytes;
    private long repeats;

    Receiving(InboundLinks links, Connection connection, NodeName sender) {
        this.links = links;
        this.connection = connection;
        this.loop = connection.channel().eventLoop();
        this.sender = sender;
    }

    @Override
    public void frame(FrameType type, ByteBuf body) {
        InboundLinks.Entry opened = link;
        LinkInbox to = inbox;
        if (opened == null || to == null) {
            if (type != FrameType.OPEN) {
                throw new Connection.MalformedFrameException(type + " before OPEN");
            }
            open(LinkOpening.decode(body));
        } else if (!owns) {
            throw new Connection.MalformedFrameException(type + " before RESUME");
        } else if (type == FrameType.NUMBERED) {
            numbered(opened.receiver, to, body);
        } else if (type == FrameType.SETTLED) {
            opened.receiver.settled(body.readLong());
        } else {
            throw new Connection.MalformedFrameException(
                    "unexpected " + type + " from the sender of a link");
        }
    }

    private void open(LinkOpening opening) {
        InboundLinks.Entry entry = links.entry(opening.id(), sender);
        LinkInbox accepted =
                entry.sender.equals(sender)
                        ? links.acceptor().accept(sender, opening.id(), loop)
                        : null;
        if (accepted == null) {
            links.forget(opening.id());
            connection.closeAfter(
                    Handshake.refused(
                            Reason.NOT_WELCOME, "link " + opening.id() + " is not known here"),
                    "link " + opening.id() + " is not welcome");
            return;
        }
        link = entry;
        inbox = accepted;
        senderKnows = opening.taken();
        Receiving previous = entry.owner.getAndSet(this);
        if (previous == null) {
            granted();
        } else {
            previous.loop.execute(() -> previous.handOverTo(this));
        }
    }

    /// A newer connection wants the link.
    private void handOverTo(Receiving newer) {
        connection.close("resumed on a newer connection");
        if (owns) {
            owns = false;
            // Behind whatever delivering our last frames has left in this loop's queue.
            loop.execute(() -> newer.loop.execute(newer::granted));
        } else {
            heir = newer;
        }
    }

    /// Nobody else touches the link's receiver from now on.
    private void granted() {
        Receiving next = heir;
        if (next != null) {
            next.loop.execute(next::granted);
            return;
        }
        owns = true;
        InboundLinks.Entry opened = link;
        if (opened == null || !connection.isOpen()) {
            return;
        }
        try {
            for (LinkReceiver.Answer answer : opened.receiver.resume(senderKnows)) {
                send(answer);
            }
            connection.send(FrameType.RESUME, opened.receiver.acknowledge());
        } catch (LinkFaultException e) {
            LOG.error("fabric: link {} of {} cannot resume: {}", opened.id, sender, e.getMessage());
            connection.close(String.valueOf(e.getMessage()));
        }
    }

    private void numbered(LinkReceiver receiver, LinkInbox to, ByteBuf body) {
        long number = body.readLong();
        switch (receiver.offered(number)) {
            case TAKE -> {
                bytes += body.readableBytes();
                byte[] answer = take(to, number, body);
                receiver.took(answer);
                if (answer != null) {
                    send(new LinkReceiver.Answer(number, answer));
                }
            }
            case REPEAT -> repeats++;
            case GAP ->
                    throw new LinkFaultException(
                            "frame " + number + " came, the next one is " + (receiver.taken() + 1));
        }
    }

    private byte @Nullable [] take(LinkInbox to, long number, ByteBuf body) {
        try {
            return to.take(body);
        } catch (RuntimeException e) {
            LOG.error("fabric: frame {} from {} could not be taken", number, sender, e);
            return null;
        }
    }

    private void send(LinkReceiver.Answer answer) {
        byte[] body =
                ByteBuffer.allocate(Long.BYTES + answer.body().length)
                        .putLong(answer.number())
                        .put(answer.body())
                        .array();
        connection.send(FrameType.ANSWER, body);
    }

    @Override
    public void readComplete() {
        InboundLinks.Entry opened = link;
        if (opened != null && owns && opened.receiver.acknowledgementDue()) {
            opened.publish(bytes, repeats);
            connection.send(FrameType.TAKEN, opened.receiver.acknowledge());
            connection.flushNow();
        }
    }

    /// From any thread.
    void end(String why) {
        loop.execute(() -> connection.close(why));
    }

    @Override
    public void closed(String why) {
        LOG.debug("fabric: incoming link of {} closed: {}", sender, why);
    }
}
