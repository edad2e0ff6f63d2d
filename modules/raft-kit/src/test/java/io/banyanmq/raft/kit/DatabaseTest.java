package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final ColumnFamily LEFT = new ColumnFamily("left");
    private static final ColumnFamily RIGHT = new ColumnFamily("right");
    private static final List<ColumnFamily> FAMILIES = List.of(LEFT, RIGHT);

    private final DatabaseMemory memory = new DatabaseMemory(16 << 20);

    @TempDir Path temp;

    @AfterEach
    void freeMemory() {
        memory.close();
    }

    @Test
    void batch_is_written_with_its_log_point_and_survives_closing() {
        Path directory = temp.resolve("db");
        try (Database database = Database.open(directory, FAMILIES, memory)) {
            assertThat(database.applied()).isEqualTo(LogPoint.NONE);
            try (Batch batch = database.batch()) {
                batch.put(LEFT, bytes("a"), bytes("1"));
                batch.put(RIGHT, bytes("a"), bytes("2"));
                batch.write(new LogPoint(3, 7));
            }
        }
        try (Database database = Database.open(directory, FAMILIES, memory);
                View view = database.view()) {
            assertThat(view.applied()).isEqualTo(new LogPoint(3, 7));
            assertThat(view.get(LEFT, bytes("a"))).isEqualTo(bytes("1"));
            assertThat(view.get(RIGHT, bytes("a"))).isEqualTo(bytes("2"));
            assertThat(view.get(RIGHT, bytes("b"))).isNull();
        }
    }

    @Test
    void batch_reads_its_own_changes_and_nobody_else_does() {
        try (Database database = Database.open(temp, FAMILIES, memory)) {
            try (Batch batch = database.batch()) {
                batch.put(LEFT, bytes("a"), bytes("1"));
                batch.put(LEFT, bytes("c"), bytes("3"));
                batch.write(new LogPoint(1, 1));
            }
            try (Batch batch = database.batch()) {
                batch.put(LEFT, bytes("b"), bytes("2"));
                batch.delete(LEFT, bytes("c"));
                assertThat(batch.get(LEFT, bytes("c"))).isNull();
                try (Scan scan = batch.scan(LEFT, bytes("a"), bytes("z"))) {
                    assertThat(keys(scan)).containsExactly("a", "b");
                }
                try (View view = database.view();
                        Scan scan = view.scan(LEFT, bytes("a"), bytes("z"))) {
                    assertThat(keys(scan)).containsExactly("a", "c");
                }
            }
        }
    }

    @Test
    void scan_stays_within_its_bounds() {
        try (Database database = Database.open(temp, FAMILIES, memory)) {
            try (Batch batch = database.batch()) {
                for (String key : List.of("a", "b", "ba", "c", "d")) {
                    batch.put(LEFT, bytes(key), bytes("x"));
                }
                batch.write(new LogPoint(1, 1));
                try (Scan scan = batch.scan(LEFT, bytes("b"), bytes("d"))) {
                    assertThat(keys(scan)).containsExactly("b", "ba", "c");
                    scan.seek(bytes("a"));
                    assertThat(scan.key()).isEqualTo(bytes("b"));
                    scan.seek(bytes("d"));
                    assertThat(scan.valid()).isFalse();
                }
            }
        }
    }

    @Test
    void view_keeps_showing_its_moment() {
        try (Database database = Database.open(temp, FAMILIES, memory)) {
            put(database, "a", "1", 1);
            try (View view = database.view()) {
                put(database, "a", "2", 2);
                assertThat(view.get(LEFT, bytes("a"))).isEqualTo(bytes("1"));
                assertThat(view.applied().index()).isEqualTo(1);
                assertThat(database.applied().index()).isEqualTo(2);
            }
        }
    }

    @Test
    void closing_ends_open_views_and_scans_cleanly() {
        Database database = Database.open(temp, FAMILIES, memory);
        put(database, "a", "1", 1);
        View view = database.view();
        Scan scan = view.scan(LEFT, bytes("a"), bytes("z"));

        database.close();

        assertThatThrownBy(scan::valid).isInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> view.get(LEFT, bytes("a")))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.fault()).isEqualTo(DatabaseException.Fault.CLOSED));
        scan.close();
        view.close();
        database.close();
    }

    @Test
    void checkpoint_is_a_database_of_its_own() {
        Path copy = temp.resolve("copy");
        try (Database database = Database.open(temp.resolve("db"), FAMILIES, memory)) {
            put(database, "a", "1", 1);
            database.checkpoint(copy);
            put(database, "a", "2", 2);
        }
        try (Database database = Database.openReadOnly(copy, FAMILIES, memory);
                View view = database.view()) {
            assertThat(view.applied().index()).isEqualTo(1);
            assertThat(view.get(LEFT, bytes("a"))).isEqualTo(bytes("1"));
        }
    }

    @Test
    void second_opener_is_told_who_is_in_the_way() {
        try (Database first = Database.open(temp, FAMILIES, memory)) {
            assertThat(first.applied()).isEqualTo(LogPoint.NONE);
            assertFault(temp, DatabaseException.Fault.LOCKED);
        }
    }

    @Test
    void damaged_database_is_refused() throws Exception {
        try (Database database = Database.open(temp, FAMILIES, memory)) {
            put(database, "a", "1", 1);
        }
        Files.writeString(temp.resolve("CURRENT"), "nonsense");
        assertFault(temp, DatabaseException.Fault.CORRUPT);
    }

    @Test
    void file_in_place_of_the_directory_is_refused() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertFault(file.resolve("db"), DatabaseException.Fault.UNWRITABLE);
    }

    @Test
    void key_after_a_prefix_skips_all_that_begin_with_it() {
        assertThat(Keys.afterPrefix(bytes("ab"))).hasValue(bytes("ac"));
        assertThat(Keys.afterPrefix(new byte[] {1, (byte) 0xFF})).hasValue(new byte[] {2});
        assertThat(Keys.afterPrefix(new byte[] {(byte) 0xFF})).isEmpty();
    }

    private void assertFault(Path directory, DatabaseException.Fault fault) {
        assertThatThrownBy(() -> Database.open(directory, FAMILIES, memory))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> {
                            assertThat(e.fault()).isEqualTo(fault);
                            assertThat(e).hasMessageContaining(directory.toString());
                        });
    }

    private static void put(Database database, String key, String value, long index) {
        try (Batch batch = database.batch()) {
            batch.put(LEFT, bytes(key), bytes(value));
            batch.write(new LogPoint(1, index));
        }
    }

    private static List<String> keys(Scan scan) {
        List<String> keys = new ArrayList<>();
        for (; scan.valid(); scan.next()) {
            keys.add(new String(scan.key(), UTF_8));
        }
        return keys;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
