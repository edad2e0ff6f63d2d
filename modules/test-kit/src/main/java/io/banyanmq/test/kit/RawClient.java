package io.banyanmq.test.kit;

import io.banyanmq.mqtt.codec.Bytes;
import io.banyanmq.mqtt.codec.DecoderLimits;
import io.banyanmq.mqtt.codec.FrameScanner;
import io.banyanmq.mqtt.codec.MalformedPacketException;
import io.banyanmq.mqtt.codec.MqttVersion;
import io.banyanmq.mqtt.codec.Packet;
import io.banyanmq.mqtt.codec.PacketDecoder;
import io.banyanmq.mqtt.codec.PacketEncoder;
import io.banyanmq.mqtt.codec.Properties;
import io.banyanmq.mqtt.codec.Qos;
import io.banyanmq.mqtt.codec.Sender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// A client that does exactly what a test says, packet by packet or byte by byte: it answers nothing by itself and remembers
/// nothing. Blocking; for one thread. Every wait ends after [#WAIT_MILLIS_MAX].
public final class RawClient implements AutoCloseable {
    /// The longest wait for a packet that has to come.
    public static final int WAIT_MILLIS_MAX = 10_000;

    private static final int READ_BYTES = 64 * 1_024;

    private final Socket socket;
    private final InputStream input;
    private final MqttVersion version;
    private final PacketEncoder encoder;
    private final PacketDecoder decoder;
    private final ByteBuf received = Unpooled.buffer();
    private final byte[] chunk = new byte[READ_BYTES];

    /// PUBLISHes that came while something else was awaited.
    private final ArrayDeque<Packet.Publish> passedOver = new ArrayDeque<>();

    private RawClient(Socket socket, MqttVersion version) throws IOException {
        this.socket = socket;
        this.version = version;
        input = socket.getInputStream();
        encoder = new PacketEncoder(version);
        decoder = new PacketDecoder(version, Sender.SERVER, DecoderLimits.DEFAULT);
    }

    /// Opens a socket and sends nothing.
    public static RawClient open(InetSocketAddress server, MqttVersion version) throws IOException {
        return over(new Socket(server.getAddress(), server.getPort()), version);
    }

    /// Takes over a socket, of TLS for example.
    public static RawClient over(Socket socket, MqttVersion version) throws IOException {
        socket.setTcpNoDelay(true);
        return new RawClient(socket, version);
    }

    /// Opens a socket, sends a CONNECT without will and awaits success.
    public static RawClient connect(InetSocketAddress server, MqttVersion version, String clientId)
            throws IOException {
        RawClient client = open(server, version);
        client.send(client.connectPacket(clientId, Properties.NONE));
        client.expect(Packet.Connack.class);
        return client;
    }

    /// A CONNECT with clean start, without keep-alive and will.
    public Packet.Connect connectPacket(String clientId, Properties properties) {
        return new Packet.Connect(version, true, 0, properties, clientId, null, null, null);
    }

    /// Sends a packet.
    public void send(Packet packet) throws IOException {
        ByteBuf out = Unpooled.buffer();
        encoder.encode(packet, out);
        sendBytes(out);
    }

    /// Sends bytes as they are.
    public void sendBytes(ByteBuf out) throws IOException {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// Sends a SUBSCRIBE for one filter and awaits its SUBACK.
    public Packet.Suback subscribe(int packetId, String filter, Qos qos) throws IOException {
        send(
                new Packet.Subscribe(
                        packetId, Properties.NONE, List.of(Packet.Subscription.of(filter, qos))));
        return expect(Packet.Suback.class);
    }

    /// Sends a PUBLISH without properties; awaits nothing.
    public void publish(int packetId, String topic, Qos qos, String payload) throws IOException {
        send(
                new Packet.Publish(
                        false, qos, false, topic, packetId, Properties.NONE, Bytes.utf8(payload)));
    }

    /// The next packet, which must come.
    public Packet next() throws IOException {
        return next(WAIT_MILLIS_MAX)
                .orElseThrow(() -> new IOException("no packet within " + WAIT_MILLIS_MAX + " ms"));
    }

    /// The next packet if one comes in time.
    public Optional<Packet> next(int millisMax) throws IOException {
        long end = System.nanoTime() + millisMax * 1_000_000L;
        while (true) {
            Optional<Packet> packet = decode();
            if (packet.isPresent()) {
                return packet;
            }
            int left = (int) Math.ceilDiv(end - System.nanoTime(), 1_000_000L);
            if (left <= 0 || !read(left)) {
                return Optional.empty();
            }
        }
    }

    private Optional<Packet> decode() throws IOException {
        try {
            int index = received.readerIndex();
            int length =
                    FrameScanner.scan(received, index, received.writerIndex(), Integer.MAX_VALUE);
            if (length <= 0) {
                return Optional.empty();
            }
            received.skipBytes(length);
            Packet packet = decoder.decode(received, index, length);
            received.discardReadBytes();
            return Optional.of(packet);
        } catch (MalformedPacketException e) {
            throw new IOException("the server sent what MQTT does not allow", e);
        }
    }

    /// False if nothing came in time.
    private boolean read(int millisMax) throws IOException {
        socket.setSoTimeout(millisMax);
        try {
            int count = input.read(chunk);
            if (count < 0) {
                throw new IOException("the server closed the connection");
            }
            received.writeBytes(chunk, 0, count);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /// The next packet, which must be of a kind. A PUBLISH that comes before is kept for [#nextPublish].
    public <P extends Packet> P expect(Class<P> kind) throws IOException {
        while (true) {
            Packet packet = next();
            if (kind.isInstance(packet)) {
                return kind.cast(packet);
            }
            if (!(packet instanceof Packet.Publish publish)) {
                throw new IOException("expected " + kind.getSimpleName() + ", got " + packet);
            }
            passedOver.add(publish);
        }
    }

    /// The next PUBLISH, in the order they came.
    public Packet.Publish nextPublish() throws IOException {
        Packet.Publish kept = passedOver.poll();
        return kept != null ? kept : expect(Packet.Publish.class);
    }

    /// That nothing more was sent before the answer to a PINGREQ: a barrier that needs no waiting.
    ///
    /// @return what came before the answer
    public List<Packet> untilPingresp() throws IOException {
        send(new Packet.Pingreq());
        ArrayDeque<Packet> before = new ArrayDeque<>(passedOver);
        passedOver.clear();
        Packet packet = next();
        while (!(packet instanceof Packet.Pingresp)) {
            before.add(packet);
            packet = next();
        }
        return List.copyOf(before);
    }

    /// Whether the server closes the connection in time; what it sends before is thrown away.
    public boolean isClosedByServer() {
        try {
            while (next(WAIT_MILLIS_MAX).isPresent()) {
                // what it says last is not asked for
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// Closes the socket, without DISCONNECT.
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
