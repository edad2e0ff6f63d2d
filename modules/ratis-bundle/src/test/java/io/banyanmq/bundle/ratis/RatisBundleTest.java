package io.banyanmq.bundle.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisBundleTest {
    @TempDir Path directory;

    @Test
    void one_peer_commits_an_entry_as_a_named_module() throws Exception {
        assertThat(RaftServer.class.getModule().getName()).isEqualTo("io.banyanmq.bundle.ratis");
        assertThat(MetricRegistries.global().getClass().getModule().getName())
                .isEqualTo("io.banyanmq.bundle.ratis");

        int port = freePort();
        RaftPeer peer = RaftPeer.newBuilder().setId("one").setAddress("127.0.0.1:" + port).build();
        RaftGroup group = RaftGroup.valueOf(RaftGroupId.randomId(), List.of(peer));
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(
                properties, TimeDuration.valueOf(150, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(
                properties, TimeDuration.valueOf(300, TimeUnit.MILLISECONDS));
        GrpcConfigKeys.Server.setPort(properties, port);

        try (RaftServer server =
                        RaftServer.newBuilder()
                                .setServerId(peer.getId())
                                .setGroup(group)
                                .setProperties(properties)
                                .setStateMachine(new Echo())
                                .build();
                RaftClient client =
                        RaftClient.newBuilder()
                                .setProperties(properties)
                                .setRaftGroup(group)
                                .build()) {
            server.start();

            var reply =
                    client.async()
                            .send(Message.valueOf("hello"))
                            .get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);

            assertThat(reply.isSuccess()).isTrue();
            assertThat(reply.getMessage().getContent().toStringUtf8()).isEqualTo("hello");
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Echo extends BaseStateMachine {
        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            var entry = transaction.getLogEntry();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(
                    Message.valueOf(entry.getStateMachineLogEntry().getLogData()));
        }
    }
}
