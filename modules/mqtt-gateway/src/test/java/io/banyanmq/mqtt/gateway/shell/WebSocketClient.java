package io.banyanmq.mqtt.gateway.shell;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The other end of a WebSocket, by hand, so that a test says how bytes are split over frames. Its mask is zero, so payloads go
/// out as they are.
final class WebSocketClient implements AutoCloseable {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int WAIT_MILLIS_MAX = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final String response;

    private WebSocketClient(Socket socket, String response, DataInputStream in) {
        this.socket = socket;
        this.response = response;
        this.in = in;
    }

    /// Asks for an upgrade.
    ///
    /// @param subprotocol empty for none
    static WebSocketClient open(Socket socket, String path, String subprotocol) throws IOException {
        socket.setSoTimeout(WAIT_MILLIS_MAX);
        String offer =
                subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
        String request =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + offer
                        + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return new WebSocketClient(socket, head.toString(), in);
    }

    static WebSocketClient open(InetSocketAddress server, String path, String subprotocol)
            throws IOException {
        return open(new Socket(server.getAddress(), server.getPort()), path, subprotocol);
    }

    /// Status line and headers.
    String response() {
        return response;
    }

    void send(int opcode, boolean last, ByteBuf payload) throws IOException {
        int length = payload.readableBytes();
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte((last ? FINAL : 0) | opcode);
        if (length < 126) {
            frame.writeByte(MASKED | length);
        } else {
            frame.writeByte(MASKED | 126).writeShort(length);
        }
        frame.writeInt(0).writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        socket.getOutputStream().write(bytes);
    }

    /// The payload of the next frame.
    ///
    /// @throws IOException if it is another kind of frame
    ByteBuf next(int opcode) throws IOException {
        int first = in.readUnsignedByte();
        if ((first & 0x0F) != opcode) {
            throw new IOException("frame of opcode " + (first & 0x0F) + ", expected " + opcode);
        }
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return Unpooled.wrappedBuffer(payload);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
