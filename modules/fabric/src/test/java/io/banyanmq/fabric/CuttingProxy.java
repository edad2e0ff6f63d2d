package io.banyanmq.fabric;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy that cuts each connection after a random number of bytes, at whatever place in a frame that is, or
/// lets its bytes get stuck.
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Random random;
    private final int bytesMax;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean cutting;
    private volatile boolean stuck;

    CuttingProxy(int targetPort, int bytesMax, long seed) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.bytesMax = bytesMax;
        this.random = new Random(seed);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    /// Whether new connections are cut after a while.
    void cutting(boolean on) {
        cutting = on;
    }

    /// Whether bytes are swallowed, with connections left open: a peer that hangs.
    void stuck(boolean on) {
        stuck = on;
    }

    void cutAll() {
        sockets.forEach(CuttingProxy::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket upstream = new Socket();
                upstream.connect(target);
                sockets.add(client);
                sockets.add(upstream);
                AtomicLong budget =
                        new AtomicLong(cutting ? 1 + random.nextInt(bytesMax) : Long.MAX_VALUE / 2);
                Thread.ofVirtual().start(() -> pump(client, upstream, budget));
                Thread.ofVirtual().start(() -> pump(upstream, client, budget));
            } catch (IOException _) {
                // The next connection may do better; a closed server ends the loop.
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicLong budget) {
        byte[] buffer = new byte[4_096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                long left = budget.addAndGet(-read);
                if (!stuck) {
                    out.write(buffer, 0, (int) Math.max(0, Math.min(read, read + left)));
                }
                if (left <= 0) {
                    cuts.incrementAndGet();
                    break;
                }
                read = in.read(buffer);
            }
        } catch (IOException _) {
            // Cut by the other direction, or by the test.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
    }
}
