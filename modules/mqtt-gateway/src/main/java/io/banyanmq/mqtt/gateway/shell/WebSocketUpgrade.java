package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns an HTTP request into an MQTT connection: the right path, and a client that offers subprotocol `mqtt`
/// [MQTT-6.0.0-3], [MQTT-6.0.0-4].
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgrade.class);
    private static final long UPGRADE_SECONDS_MAX = 10;
    private static final int REQUEST_BYTES_MAX = 8 * 1_024;
    private static final int FRAME_BYTES_OVERHEAD = 64 * 1_024;
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private final String path;

    private WebSocketUpgrade(String path) {
        this.path = path;
    }

    /// Sets a channel up.
    ///
    /// @param connections makes the connection when the upgrade is done
    static void install(
            ChannelPipeline pipeline,
            String path,
            int packetBytesMax,
            Supplier<Connection> connections) {
        WebSocketServerProtocolConfig config =
                WebSocketServerProtocolConfig.newBuilder()
                        .websocketPath(path)
                        .subprotocols(String.join(",", SUBPROTOCOLS))
                        .dropPongFrames(true)
                        .decoderConfig(
                                WebSocketDecoderConfig.newBuilder()
                                        // a frame may hold many packets
                                        .maxFramePayloadLength(
                                                packetBytesMax + FRAME_BYTES_OVERHEAD)
                                        .withUTF8Validator(false)
                                        .build())
                        .build();
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(REQUEST_BYTES_MAX),
                new WebSocketUpgrade(path),
                new WebSocketServerProtocolHandler(config),
                new Upgraded(connections));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (!(read instanceof FullHttpRequest request)) {
            ctx.fireChannelRead(read);
            return;
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        if (!(query < 0 ? uri : uri.substring(0, query)).equals(path)) {
            refuse(ctx, request, HttpResponseStatus.NOT_FOUND, "MQTT is at " + path);
        } else if (!offersMqtt(request)) {
            refuse(
                    ctx,
                    request,
                    HttpResponseStatus.BAD_REQUEST,
                    "Sec-WebSocket-Protocol must offer mqtt");
        } else {
            if (query >= 0) {
                request.setUri(path);
            }
            ctx.fireChannelRead(read);
            ctx.pipeline().remove(this);
        }
    }

    private static boolean offersMqtt(FullHttpRequest request) {
        for (String header : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String offered : header.split(",", -1)) {
                if (SUBPROTOCOLS.contains(offered.strip())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void refuse(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpResponseStatus status,
            String text) {
        ReferenceCountUtil.release(request);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /// Waits behind the handler that does the handshake, and makes room for the connection.
    private static final class Upgraded extends ChannelInboundHandlerAdapter {
        private final Supplier<Connection> connections;

        Upgraded(Supplier<Connection> connections) {
            this.connections = connections;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            var _ =
                    ctx.executor()
                            .schedule(
                                    () -> closeUnlessUpgraded(ctx),
                                    UPGRADE_SECONDS_MAX,
                                    TimeUnit.SECONDS);
        }

        private static void closeUnlessUpgraded(ChannelHandlerContext ctx) {
            if (!ctx.isRemoved()) {
                var _ = ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.atDebug()
                    .addKeyValue("remote", ctx.channel().remoteAddress())
                    .setCause(cause)
                    .log("no WebSocket came about");
            var _ = ctx.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeComplete) {
                ctx.pipeline().addLast(new WebSocketFrames(), connections.get());
                ctx.pipeline().remove(this);
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }
    }
}
