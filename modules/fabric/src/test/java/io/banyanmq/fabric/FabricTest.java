package io.banyanmq.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.Incarnation;
import io.banyanmq.cluster.wire.NodeName;
import io.banyanmq.test.kit.Allocation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The fabric over real TCP on loopback and over the local transport.
final class FabricTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final NodeName A = NodeName.parse("a@127.0.0.1");
    private static final NodeName B = NodeName.parse("b@127.0.0.1");
    private static final LinkId LINK = new LinkId(new Epoch(7, 0), 3, new Epoch(9, 1));
    private static final int WAIT_SECONDS = 20;

    enum Medium {
        EPOLL_OR_NIO,
        NIO,
        LOCAL
    }

    private final List<AutoCloseable> opened = new ArrayList<>();
    private MultiThreadIoEventLoopGroup loops = Transport.best().newLoops(2, "test");
    private Transport transport = Transport.best();

    @BeforeEach
    void noNameIsUsedTwice() {
        NAMES.incrementAndGet();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS).await(5, TimeUnit.SECONDS);
    }

    // ---- conversations

    @ParameterizedTest
    @EnumSource(Medium.class)
    void messages_go_both_ways_in_order(Medium medium) throws Exception {
        take(medium);
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        Fabric a = fabric(A, "secret");
        Listener listener = new Listener();
        Conversation conversation =
                a.converse(Purpose.STORE, to(listen(b, medium)), loops.next(), listener);
        assertThat(listener.next()).isEqualTo("opened");
        onLoop(
                conversation.loop(),
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        assertThat(conversation.send(bytes("m" + i))).isTrue();
                    }
                    return true;
                });
        for (int i = 0; i < 1_000; i++) {
            assertThat(listener.next()).isEqualTo("echo m" + i);
        }
    }

    @Test
    void a_message_of_the_largest_size_passes_and_a_larger_one_is_refused_at_the_sender()
            throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        Fabric a = fabric(A, "secret");
        Listener listener = new Listener();
        Conversation conversation =
                a.converse(Purpose.STORE, to(listen(b, Medium.NIO)), loops.next(), listener);
        assertThat(listener.next()).isEqualTo("opened");
        int most = a.config().frameBytesMax() - 1;
        assertThat(onLoop(conversation.loop(), () -> conversation.send(new byte[most - 5])))
                .isTrue();
        assertThat(listener.next()).hasSize(most);
        assertThatThrownBy(() ->
                        onLoop(conversation.loop(), () -> conversation.send(new byte[most + 1])))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_initiator_reconnects_and_a_silent_peer_is_noticed() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        CuttingProxy proxy = open(new CuttingProxy(listen(b, Medium.NIO).port(), 1, 1));
        Fabric a = fabric(A, "secret");
        Listener listener = new Listener();
        a.converse(
                Purpose.STORE, to(new HostPort("127.0.0.1", proxy.port())), loops.next(), listener);
        assertThat(listener.next()).isEqualTo("opened");
        proxy.cutAll();
        assertThat(listener.next()).startsWith("closed");
        assertThat(listener.next()).isEqualTo("opened");
        proxy.stuck(true);
        // Whichever side notices first closes.
        assertThat(listener.next()).startsWith("closed");
        proxy.stuck(false);
        assertThat(listener.next()).isEqualTo("opened");
    }

    @Test
    void the_initiator_waits_for_a_node_that_is_not_there_yet() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.FORMATION, FabricTest::echo);
        Fabric a = fabric(A, "secret");
        Listener listener = new Listener();
        String name = "late-" + NAMES.get();
        a.converse(Purpose.FORMATION, to(new HostPort(name, 0)), loops.next(), listener);
        b.listenLocal(name);
        assertThat(listener.next()).isEqualTo("opened");
    }

    // ---- refusals

    @Test
    void a_wrong_cookie_is_refused_in_both_directions() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        Fabric a = fabric(A, "guess");
        a.onConversation(Purpose.STORE, FabricTest::echo);
        Listener fromA = new Listener();
        a.converse(Purpose.STORE, to(listen(b, Medium.NIO)), loops.next(), fromA);
        Listener fromB = new Listener();
        b.converse(Purpose.STORE, new Destination(A, listen(a, Medium.NIO)), loops.next(), fromB);
        assertThat(fromA.nothingFor(Duration.ofMillis(400))).isTrue();
        assertThat(fromB.nothingFor(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void another_cluster_is_refused() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        Fabric a =
                open(
                        new Fabric(
                                config("elsewhere", A, "secret"),
                                transport,
                                loops,
                                new SecureRandom()));
        Listener listener = new Listener();
        a.converse(Purpose.STORE, to(listen(b, Medium.NIO)), loops.next(), listener);
        assertThat(listener.nothingFor(Duration.ofMillis(300))).isTrue();
    }

    @Test
    void garbage_an_oversized_frame_and_a_half_open_connection_are_closed() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onConversation(Purpose.STORE, FabricTest::echo);
        int port = listen(b, Medium.NIO).port();
        for (byte[] garbage :
                List.of(
                        bytes("GET / HTTP/1.1\r\n\r\n"),
                        new byte[] {0, 0, 0, 0},
                        new byte[] {0, 0, 0, 1, 99},
                        new byte[] {0, 1, 0, 0, 1},
                        new byte[] {0, 0, 0, 5, 1, 1, 2, 3, 4},
                        new byte[] {0, 0})) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(garbage);
                drain(socket.getInputStream());
            }
        }
    }

    @Test
    void a_taken_address_is_an_error_that_names_it() throws Exception {
        Fabric b = fabric(B, "secret");
        HostPort taken = b.listenTcp("127.0.0.1", 0);
        assertThatThrownBy(() -> fabric(A, "secret").listenTcp("127.0.0.1", taken.port()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fabric cannot listen on 127.0.0.1:" + taken.port());
    }

    // ---- links

    @ParameterizedTest
    @EnumSource(Medium.class)
    void a_link_delivers_each_frame_once_and_acknowledges(Medium medium) throws Exception {
        take(medium);
        Inbox inbox = new Inbox();
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) -> link.equals(LINK) && sender.equals(A) ? inbox : null);
        Sender sender = new Sender(fabric(A, "secret"), listen(b, medium), loops.next());
        sender.append(10_000, 1);
        sender.awaitTaken(10_000);
        assertThat(inbox.numbers())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 10_000).boxed().toList());
        assertThat(sender.answers).containsExactlyElementsOf(answersUpTo(10_000));
        assertThat(onLoop(sender.loop, sender.link::counters).heldBytes()).isZero();
        assertThat(b.inboundCounters())
                .singleElement()
                .satisfies(in -> {
                    assertThat(in.frames()).isEqualTo(10_000);
                    assertThat(in.repeats()).isZero();
                });
    }

    @Test
    void a_link_survives_cuts_at_any_byte_without_loss_or_repeat() throws Exception {
        Inbox inbox = new Inbox();
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) -> inbox);
        CuttingProxy proxy = open(new CuttingProxy(listen(b, Medium.NIO).port(), 60_000, 42));
        proxy.cutting(true);
        Sender sender =
                new Sender(
                        fabric(A, "secret"), new HostPort("127.0.0.1", proxy.port()), loops.next());
        int frames = 0;
        Random random = new Random(43);
        for (int round = 0; round < 20; round++) {
            int more = 1 + random.nextInt(300);
            sender.append(more, 1 + random.nextInt(200));
            frames += more;
            sender.awaitTaken(Math.max(1, frames - random.nextInt(200)));
        }
        sender.append(3, 200_000);
        frames += 3;
        proxy.cutting(false);
        proxy.cutAll();
        sender.awaitTaken(frames);
        assertThat(inbox.numbers())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, frames).boxed().toList());
        assertThat(sender.answers).containsExactlyElementsOf(answersUpTo(frames));
        assertThat(proxy.cuts()).as("the fault bit").isGreaterThan(3);
    }

    @Test
    void a_full_window_stops_writers_and_an_acknowledgement_lets_them_go_on() throws Exception {
        Inbox inbox = new Inbox();
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) -> inbox.welcome ? inbox : null);
        inbox.welcome = false;
        Sender sender = new Sender(fabric(A, "secret"), listen(b, Medium.LOCAL), loops.next());
        sender.append(64, 32 << 10);
        assertThat(onLoop(sender.loop, sender.link::isWritable)).isFalse();
        assertThat(sender.link.taken()).isZero();
        inbox.welcome = true;
        assertThat(sender.writable.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
        sender.awaitTaken(64);
        assertThat(onLoop(sender.loop, sender.link::isWritable)).isTrue();
    }

    @Test
    void what_was_not_taken_can_be_visited_when_the_peer_has_ended() throws Exception {
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) -> null);
        Sender sender = new Sender(fabric(A, "secret"), listen(b, Medium.LOCAL), loops.next());
        sender.append(5, 10);
        List<Long> numbers = new ArrayList<>();
        onLoop(
                sender.loop,
                () -> {
                    sender.link.forEachUntaken((number, body) -> {
                        assertThat(body.readLong()).isEqualTo(number);
                        numbers.add(number);
                    });
                    sender.link.close();
                    return true;
                });
        assertThat(numbers).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_forgotten_sender_is_closed_and_starts_over_only_if_it_is_welcome() throws Exception {
        Inbox inbox = new Inbox();
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) -> inbox.welcome ? inbox : null);
        Sender sender = new Sender(fabric(A, "secret"), listen(b, Medium.LOCAL), loops.next());
        sender.append(5, 10);
        sender.awaitTaken(5);
        inbox.welcome = false;
        assertThat(b.forgetLinksOf(LINK.sender())).hasSize(1);
        sender.append(1, 10);
        assertThat(b.inboundCounters()).isEmpty();
        assertThat(inbox.numbers()).hasSize(5);
    }

    @Test
    void a_frame_costs_no_garbage_on_either_side() throws Exception {
        int turns = 300;
        int framesATurn = 1_000;
        long warmUp = 150_000;
        long[] received = new long[3];
        Fabric b = fabric(B, "secret");
        b.onLink((sender, link, loop) ->
                body -> {
                    received[0]++;
                    if (received[0] == warmUp) {
                        received[1] = Allocation.bytesOfThisThread();
                    } else if (received[0] == 2 * warmUp) {
                        received[2] = Allocation.bytesOfThisThread();
                    }
                    return null;
                });
        Sender sender =
                new Sender(fabric(A, "secret"), listen(b, Medium.EPOLL_OR_NIO), loops.next());
        ByteBuf body = Unpooled.directBuffer().writeZero(100);
        long sent = 0;
        for (int turn = 1; turn <= turns; turn++) {
            long before = onLoop(sender.loop, Allocation::bytesOfThisThread);
            onLoop(
                    sender.loop,
                    () -> {
                        for (int i = 0; i < framesATurn; i++) {
                            sender.link.append(body);
                        }
                        return true;
                    });
            sender.awaitTaken((long) turn * framesATurn);
            if (turn > turns / 2) {
                sent += onLoop(sender.loop, Allocation::bytesOfThisThread) - before;
            }
        }
        assertThat(sent / warmUp).as("bytes a frame at the sender").isLessThan(16);
        assertThat((received[2] - received[1]) / warmUp)
                .as("bytes a frame at the receiver")
                .isLessThan(16);
    }

    // ---- the parts

    private void take(Medium medium) {
        if (medium == Medium.NIO) {
            var _ = loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS);
            transport = Transport.NIO;
            loops = transport.newLoops(2, "test-nio");
        }
    }

    private HostPort listen(Fabric fabric, Medium medium) throws IOException {
        return medium == Medium.LOCAL
                ? fabric.listenLocal("test-" + NAMES.incrementAndGet())
                : fabric.listenTcp("127.0.0.1", 0);
    }

    private Fabric fabric(NodeName node, String cookie) {
        return open(
                new Fabric(config("banyan", node, cookie), transport, loops, new SecureRandom()));
    }

    private static FabricConfig config(String cluster, NodeName node, String cookie) {
        return FabricConfig.of(cluster, node, new Incarnation(1, 2), Cookie.of(bytes(cookie)))
                .withWindowBytes(1 << 20)
                .withFrameBytesMax(1 << 20)
                .withTimes(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    private <T extends AutoCloseable> T open(T each) {
        opened.add(each);
        return each;
    }

    private static Destination to(HostPort address) {
        return new Destination(B, address);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1_024];
        int read = in.read(buffer);
        while (read >= 0) {
            read = in.read(buffer);
        }
    }

    private static <T> T onLoop(EventLoop loop, java.util.concurrent.Callable<T> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        return loop.submit(call).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean isAnswered(long number) {
        return number % 97 == 0;
    }

    private static List<Long> answersUpTo(long last) {
        return LongStream.rangeClosed(1, last).filter(FabricTest::isAnswered).boxed().toList();
    }

    private static ConversationHandler echo(Conversation conversation) {
        return new ConversationHandler() {
            @Override
            public void opened() {}

            @Override
            public void received(byte[] message) {
                byte[] answer = new byte[message.length + 5];
                System.arraycopy(bytes("echo "), 0, answer, 0, 5);
                System.arraycopy(message, 0, answer, 5, message.length);
                conversation.send(answer);
            }

            @Override
            public void closed(String why) {}
        };
    }

    private static final class Listener implements ConversationHandler {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void received(byte[] message) {
            heard.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void closed(String why) {
            heard.add("closed " + why);
        }

        String next() throws InterruptedException {
            String next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("heard within %d s", WAIT_SECONDS).isNotNull();
            return next;
        }

        boolean nothingFor(Duration time) throws InterruptedException {
            return heard.poll(time.toMillis(), TimeUnit.MILLISECONDS) == null;
        }
    }

    private static final class Inbox implements LinkInbox {
        private final List<Long> numbers = new ArrayList<>();
        private volatile boolean welcome = true;

        @Override
        public byte @Nullable [] take(ByteBuf body) {
            long number = body.readLong();
            synchronized (numbers) {
                numbers.add(number);
            }
            return isAnswered(number) ? bytes("about " + number) : null;
        }

        List<Long> numbers() {
            synchronized (numbers) {
                return List.copyOf(numbers);
            }
        }
    }

    private static final class Sender implements LinkHandler {
        private final EventLoop loop;
        private final Link link;
        private long reached;
        private final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();
        private final BlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
        private final List<Long> answers =
                java.util.Collections.synchronizedList(new ArrayList<>());

        Sender(Fabric fabric, HostPort address, EventLoop loop) {
            this.loop = loop;
            this.link = fabric.link(LINK, to(address), loop, this);
        }

        void append(int count, int bytes) throws Exception {
            CompletableFuture<Long> done = new CompletableFuture<>();
            loop.execute(() -> {
                long number = 0;
                for (int i = 0; i < count; i++) {
                    ByteBuf body =
                            Unpooled.buffer()
                                    .writeLong(link.last() + 1)
                                    .writeZero(Math.max(0, bytes - 8));
                    number = link.append(body);
                }
                done.complete(number);
            });
            done.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }

        void awaitTaken(long number) throws InterruptedException {
            while (reached < number) {
                Long next = taken.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                assertThat(next)
                        .as("acknowledgement behind %d, waiting for %d", reached, number)
                        .isNotNull();
                assertThat(next).isGreaterThan(reached);
                reached = next;
            }
        }

        @Override
        public void taken(long number) {
            taken.add(number);
        }

        @Override
        public void answered(long number, byte[] answer) {
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("about " + number);
            answers.add(number);
        }

        @Override
        public void writable() {
            writable.add(true);
        }
    }
}
