package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/// Between WebSocket frames and the bytes of MQTT, whose packets may be split over frames in any way. MQTT 5 §6.
final class WebSocketFrames extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        switch (read) {
            case BinaryWebSocketFrame frame -> ctx.fireChannelRead(frame.content());
            case ContinuationWebSocketFrame frame -> ctx.fireChannelRead(frame.content());
            default -> {
                // [MQTT-6.0.0-1]: anything but binary frames closes the connection
                ReferenceCountUtil.release(read);
                if (read instanceof WebSocketFrame) {
                    var _ =
                            ctx.write(
                                    new CloseWebSocketFrame(
                                            WebSocketCloseStatus.INVALID_MESSAGE_TYPE),
                                    ctx.voidPromise());
                    ctx.flush();
                }
                var _ = ctx.close();
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        var _ =
                ctx.write(
                        bytes instanceof ByteBuf buf ? new BinaryWebSocketFrame(buf) : bytes,
                        promise);
    }
}
