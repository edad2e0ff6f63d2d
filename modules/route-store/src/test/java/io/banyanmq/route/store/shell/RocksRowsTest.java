package io.banyanmq.route.store.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.raft.kit.Database;
import io.banyanmq.raft.kit.DatabaseMemory;
import io.banyanmq.raft.kit.LogPoint;
import io.banyanmq.route.store.core.MemoryRows;
import io.banyanmq.route.store.core.Rows;
import io.banyanmq.route.store.core.Rows.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksRowsTest {
    private static final List<Family> FAMILIES = List.of(Family.values());
    private static final byte[] FIRST = {};
    private static final byte[] LAST = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF};

    @TempDir Path temp;

    @Test
    void rows_on_disk_are_those_in_memory() {
        long seed = 42;
        Random random = new Random(seed);
        MemoryRows memory = new MemoryRows();
        try (DatabaseMemory cache = new DatabaseMemory(16 << 20);
                Database database = Database.open(temp, RocksRows.families(), cache)) {
            RocksRows rocks = new RocksRows(database);
            for (int entry = 0; entry < 50; entry++) {
                MemoryRows.MemoryBatch expected = memory.begin();
                LogPoint point = new LogPoint(1, entry);
                database.write(
                        point,
                        batch -> {
                            Rows.Batch actual = RocksRows.batch(batch);
                            for (int change = 0; change < 20; change++) {
                                change(random, expected, actual);
                            }
                            assertThat(rows(actual)).as("seed %d", seed).isEqualTo(rows(expected));
                        });
                expected.commit();
                try (Rows.View actual = rocks.view();
                        Rows.View view = memory.view()) {
                    assertThat(rows(actual)).as("seed %d", seed).isEqualTo(rows(view));
                }
            }
        }
    }

    private static void change(Random random, Rows.Batch expected, Rows.Batch actual) {
        Family family = FAMILIES.get(random.nextInt(FAMILIES.size()));
        byte[] key = new byte[1 + random.nextInt(2)];
        random.nextBytes(key);
        key[0] = (byte) (key[0] & 0x87);
        if (random.nextInt(3) == 0) {
            expected.delete(family, key);
            actual.delete(family, key);
        } else {
            byte[] value = new byte[random.nextInt(4)];
            random.nextBytes(value);
            expected.put(family, key, value);
            actual.put(family, key, value);
        }
        assertThat(actual.get(family, key)).isEqualTo(expected.get(family, key));
    }

    /// All rows as text, and those of a narrower range, after a seek.
    private static List<String> rows(Rows.Reader reader) {
        List<String> rows = new ArrayList<>();
        for (Family family : FAMILIES) {
            try (Rows.Cursor all = reader.cursor(family, FIRST, LAST)) {
                add(rows, family, all);
            }
            try (Rows.Cursor some = reader.cursor(family, new byte[] {2}, new byte[] {5, 9})) {
                some.seek(new byte[] {3});
                add(rows, family, some);
            }
        }
        return rows;
    }

    private static void add(List<String> rows, Family family, Rows.Cursor cursor) {
        HexFormat hex = HexFormat.of();
        for (; cursor.valid(); cursor.next()) {
            rows.add(
                    family
                            + " "
                            + hex.formatHex(cursor.key())
                            + "="
                            + hex.formatHex(cursor.value()));
        }
        rows.add(family + " end");
    }
}
