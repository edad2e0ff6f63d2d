package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.fabric.core.FrameType;
import io.banyanmq.fabric.core.Handshake;
import io.banyanmq.fabric.core.Handshake.Done;
import io.banyanmq.fabric.core.Handshake.Message;
import io.banyanmq.fabric.core.Handshake.Reason;
import io.banyanmq.fabric.core.Handshake.Refuse;
import io.banyanmq.fabric.core.Handshake.Send;
import io.banyanmq.fabric.core.Handshake.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The first stage of every connection: runs the handshake, bounded in time, and hands the connection on once both sides are proven.
final class Introduction implements Connection.Stage {
    /// One side of the pure handshake.
    interface Party {
        /// What it says first, if anything.
        @Nullable Message opening();

        Step on(FrameType type, byte[] body, byte[] exporter);

        @Nullable NodeName claimed();
    }

    /// What comes of it; one of the two is called, once.
    interface Result {
        /// `connection` has to [Connection#enter] its next stage now.
        void proven(Connection connection, Handshake.Peer peer);

        void failed(String why);
    }

    private final FabricConfig config;
    private final RefusalLog log;
    private final Party party;
    private final Result result;
    private final Connection connection;
    private final ScheduledFuture<?> deadline;

    Introduction(FabricConfig config, RefusalLog log, Channel channel, Party party, Result result) {
        this.config = config;
        this.log = log;
        this.party = party;
        this.result = result;
        this.connection = new Connection(config, channel, this);
        this.deadline =
                channel.eventLoop()
                        .schedule(
                                this::tooLate,
                                config.handshake().toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void started() {
        Message opening = party.opening();
        if (opening != null) {
            connection.send(opening.type(), opening.body());
        }
    }

    @Override
    public void frame(FrameType type, ByteBuf body) {
        byte[] exporter;
        try {
            exporter = exporter();
        } catch (SSLException e) {
            connection.close("TLS: " + e.getMessage());
            return;
        }
        switch (party.on(type, ByteBufUtil.getBytes(body), exporter)) {
            case Send(Message message) -> connection.send(message.type(), message.body());
            case Done(Handshake.Peer peer, Message last) -> done(peer, last);
            case Refuse(Reason reason, String detail, NodeName claimed, Message tell) ->
                    refuse(reason, detail, claimed, tell);
        }
    }

    private void done(Handshake.Peer peer, @Nullable Message last) {
        SslHandler tls = connection.channel().pipeline().get(SslHandler.class);
        if (tls != null && !FabricTls.vouchesFor(peer.node(), tls.engine().getSession())) {
            String detail = "no subject alternative name is " + peer.node() + " or its host";
            refuse(
                    Reason.WRONG_CERTIFICATE,
                    detail,
                    peer.node(),
                    Handshake.refused(Reason.WRONG_CERTIFICATE, detail));
            return;
        }
        deadline.cancel(false);
        if (last != null) {
            connection.send(last.type(), last.body());
        }
        connection.proven();
        result.proven(connection, peer);
    }

    private void refuse(
            Reason reason, String detail, @Nullable NodeName claimed, @Nullable Message tell) {
        log.refused(reason.text(), detail, claimed, connection.channel().remoteAddress());
        String why = reason.text() + ": " + detail;
        if (tell == null) {
            connection.close(why);
        } else {
            connection.closeAfter(tell, why);
        }
    }

    private byte[] exporter() throws SSLException {
        SslHandler tls = connection.channel().pipeline().get(SslHandler.class);
        return tls == null ? new byte[0] : FabricTls.exporter(tls);
    }

    private void tooLate() {
        String why = "no handshake within " + config.handshake().toMillis() + " ms";
        log.refused(why, "", party.claimed(), connection.channel().remoteAddress());
        connection.close(why);
    }

    @Override
    public void closed(String why) {
        deadline.cancel(false);
        if (why.startsWith("not a fabric frame")) {
            log.refused(
                    "malformed handshake",
                    why,
                    party.claimed(),
                    connection.channel().remoteAddress());
        }
        result.failed(why);
    }
}
