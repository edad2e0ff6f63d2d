package io.banyanmq.mqtt.gateway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PeerWindowsTest {
    private final PeerWindows windows = new PeerWindows();

    private static HeldMessage held(int i) {
        ByteBuf body = Unpooled.buffer().writeInt(i);
        return new HeldMessage(body, Message.NEVER, "$share/g/" + i);
    }

    @Test
    void what_was_taken_is_released_in_order_and_the_rest_can_be_found() {
        List<HeldMessage> messages = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            int base = round * 100;
            for (int i = 1; i <= 100; i++) {
                HeldMessage message = held(base + i);
                messages.add(message);
                // numbers of frames that nobody waits for are missing
                windows.add(3, 2L * (base + i), null, Forwarding.NOBODY_WAITS, message);
            }
            windows.took(3, 2L * (base + 50) + 1);
            assertThat(windows.find(3, 2L * (base + 50))).isNull();
            assertThat(windows.find(3, 2L * (base + 51) + 1)).isNull();
            assertThat(windows.find(3, 2L * (base + 51)))
                    .satisfies(
                            found -> assertThat(found.held()).isEqualTo(messages.get(base + 50)));
            assertThat(messages.get(base + 49).body().refCnt()).isZero();
            assertThat(messages.get(base + 50).body().refCnt()).isEqualTo(1);
        }
        windows.took(3, Long.MAX_VALUE);
        assertThat(messages).allSatisfy(message -> assertThat(message.body().refCnt()).isZero());
        assertThat(windows.find(3, 2)).isNull();
        assertThat(windows.find(99, 1)).isNull();
    }

    @Test
    void clearing_releases_everything() {
        HeldMessage message = held(1);
        windows.add(0, 1, null, Forwarding.NOBODY_WAITS, message);
        windows.clear();
        assertThat(message.body().refCnt()).isZero();
    }
}
