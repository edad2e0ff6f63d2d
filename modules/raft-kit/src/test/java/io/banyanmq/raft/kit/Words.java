package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A replicated table of words: an entry `key value` sets one and answers with what was there.
final class Words implements ReplicatedState {
    static final ColumnFamily WORDS = new ColumnFamily("words");

    /// An entry that no replica can apply.
    static final byte[] POISON = "poison".getBytes(UTF_8);

    private volatile @Nullable Database database;
    private volatile LogPoint applied = LogPoint.NONE;

    static byte[] put(String key, String value) {
        return (key + " " + value).getBytes(UTF_8);
    }

    @Override
    public List<ColumnFamily> families() {
        return List.of(WORDS);
    }

    @Override
    public void opened(Database database) {
        this.database = database;
    }

    @Override
    public byte[] apply(LogPoint at, byte[] entry, Batch batch) {
        String text = new String(entry, UTF_8);
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new IllegalStateException("no entry of ours: " + text);
        }
        byte[] key = text.substring(0, space).getBytes(UTF_8);
        byte[] before = batch.get(WORDS, key);
        batch.put(WORDS, key, text.substring(space + 1).getBytes(UTF_8));
        return before == null ? new byte[0] : before;
    }

    @Override
    public void applied(LogPoint at) {
        applied = at;
    }

    LogPoint applied() {
        return applied;
    }

    Database database() {
        Database open = database;
        if (open == null) {
            throw new IllegalStateException("no database yet");
        }
        return open;
    }

    /// All words, as of one moment.
    SortedMap<String, String> all() {
        SortedMap<String, String> all = new TreeMap<>();
        try (View view = database().view();
                Scan scan = view.scan(WORDS, new byte[0], new byte[] {(byte) 0xFF})) {
            for (; scan.valid(); scan.next()) {
                all.put(new String(scan.key(), UTF_8), new String(scan.value(), UTF_8));
            }
        }
        return all;
    }
}
