package io.banyanmq.bundle.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

class RocksDbBundleTest {
    @TempDir Path directory;

    @Test
    void opens_a_database_as_a_named_module() throws Exception {
        assertThat(RocksDB.class.getModule().getName()).isEqualTo("io.banyanmq.bundle.rocksdb");
        try (RocksDB database = RocksDB.open(directory.toString())) {
            database.put("key".getBytes(UTF_8), "value".getBytes(UTF_8));
            assertThat(database.get("key".getBytes(UTF_8))).asString(UTF_8).isEqualTo("value");
        }
    }
}
