package io.banyanmq.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is written comes back, and what was written stays readable.
class FormatsTest {
    private static final int SEEDS = 2_000;
    private static final Epoch EPOCH = new Epoch(300, 2);

    @Test
    void every_record_survives_its_encoding() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords random = new RandomRecords(seed);
            List<Command> commands = random.list(random::command);
            assertThat(LogFormat.decode(LogFormat.encode(commands))).isEqualTo(commands);
            List<Outcome> outcomes = random.list(random::outcome);
            assertThat(LogFormat.decodeOutcomes(LogFormat.encodeOutcomes(outcomes)))
                    .isEqualTo(outcomes);
            FeedEntry entry = random.entry();
            assertThat(FeedFormat.decode(FeedFormat.encode(entry))).isEqualTo(entry);
            StoreRequest request = random.request();
            assertThat(StoreFormat.decodeRequest(StoreFormat.encode(request))).isEqualTo(request);
            StoreReply reply = random.reply();
            assertThat(StoreFormat.decodeReply(StoreFormat.encode(reply))).isEqualTo(reply);
        }
    }

    @Test
    void a_feed_of_stored_bytes_is_the_feed_of_its_entries() {
        FeedEntry entry = new FeedEntry(7, List.of(new FeedEvent.Serving(EPOCH)));
        byte[] stored = FeedFormat.encode(entry);
        assertThat(StoreFormat.encodeFeed(6, List.of(stored), 9))
                .isEqualTo(StoreFormat.encode(new StoreReply.Feed(6, List.of(entry), 9)));
    }

    @Test
    void log_entries_keep_their_bytes() {
        golden(
                new Command.RegisterNode(
                        new NodeName("gateway1", "h"),
                        new Incarnation(1, 2),
                        3,
                        new HostPort("h", 7000),
                        "m:1883",
                        4),
                "010a390a370a0d0a0867617465776179311201681212090100000000000000110200000000000000180322060a016810d8362a066d3a313838333004");
        golden(new Command.Serve(EPOCH), "010a0912070a0508ac021002");
        golden(
                new Command.Tick(5, 7, 500, List.of(new Renewal(EPOCH, 6, 6_000, 299)), 1_700_000),
                "010a1e1a1c0805100718f403220f0a0508ac021002100618f02e20ab0228a0e167");
        golden(
                new Command.RouteChanges(
                        EPOCH,
                        1,
                        List.of(RouteChange.add("t/+/x"), RouteChange.remove("$share/g/a")),
                        -2),
                "010a2d222b0a0508ac02100210011a090a05742f2b2f7810011a0c0a0a2473686172652f672f6121feffffffffffffff");
        golden(new Command.EndEpoch(EPOCH), "010a092a070a0508ac021002");
        golden(new Command.Condemn(EPOCH), "010a0932070a0508ac021002");
        golden(
                new Command.SetOption("cluster.lease.ttl", "6000"),
                "010a1b3a190a11636c75737465722e6c656173652e74746c120436303030");
    }

    @Test
    void feed_entries_keep_their_bytes() {
        FeedEntry entry =
                new FeedEntry(
                        301,
                        List.of(
                                new FeedEvent.Joined(
                                        EPOCH,
                                        new NodeName("g", "h"),
                                        new Incarnation(1, 2),
                                        new HostPort("h", 1),
                                        "m"),
                                new FeedEvent.Serving(EPOCH),
                                new FeedEvent.Ended(EPOCH, FeedEvent.Cause.OWNER),
                                new FeedEvent.Renewed(
                                        List.of(new FeedEvent.Confirmation(EPOCH, 6)), 8),
                                new FeedEvent.Routed(
                                        EPOCH, 1, List.of(new FeedEvent.Step("t", 0, 1)), 9),
                                new FeedEvent.OptionSet("k", "v")));
        assertThat(HexFormat.of().formatHex(FeedFormat.encode(entry)))
                .isEqualTo(
                        "0108ad02122f0a2d0a0508ac02100212060a01671201681a12090100000000000000"
                                + "11020000000000000022050a016810012a016d1207120508ac021002120b1a09"
                                + "0a0508ac0210021003120f220d0a090a0508ac02100210061008121b2a190a05"
                                + "08ac02100210011a050a01741801210900000000000000120832060a016b1201"
                                + "76");
    }

    @Test
    void another_version_is_refused_by_name() {
        byte[] entry = LogFormat.encode(List.of(new Command.Serve(EPOCH)));
        entry[0] = 2;
        assertThatThrownBy(() -> LogFormat.decode(entry))
                .isInstanceOf(UnknownFormat.class)
                .hasMessage("log entry: format version 2, this node knows 1");
    }

    @Test
    void an_unknown_command_is_refused_by_its_number() {
        byte[] entry = HexFormat.of().parseHex("010a03fa0100"); // a command of kind 31
        assertThatThrownBy(() -> LogFormat.decode(entry))
                .isInstanceOf(UnknownFormat.class)
                .hasMessageContaining("31");
    }

    @Test
    void an_unknown_field_of_a_command_is_refused() {
        byte[] entry = HexFormat.of().parseHex("010a0b12090a0508ac0210027801"); // field 15
        assertThatThrownBy(() -> LogFormat.decode(entry))
                .isInstanceOf(UnknownFormat.class)
                .hasMessageContaining("15");
    }

    @Test
    void damage_is_refused() {
        byte[] entry = LogFormat.encode(List.of(new Command.Serve(EPOCH)));
        for (int length = 0; length < entry.length; length++) {
            byte[] cut = Arrays.copyOf(entry, length);
            if (length != 1) { // a version alone is an entry without commands
                assertThatThrownBy(() -> LogFormat.decode(cut)).isInstanceOf(UnknownFormat.class);
            }
        }
    }

    private static void golden(Command command, String hex) {
        assertThat(HexFormat.of().formatHex(LogFormat.encode(List.of(command)))).isEqualTo(hex);
        assertThat(LogFormat.decode(HexFormat.of().parseHex(hex))).containsExactly(command);
    }
}
