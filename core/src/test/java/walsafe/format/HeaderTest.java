package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
    void everyPageSizeIsRead(int pageSize) throws Exception {
        Header header = header("PRAGMA page_size=" + pageSize, "CREATE TABLE t(x)");

        assertThat(header.pageSizeBytes()).isEqualTo(pageSize);
        assertThat(header.impossible()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,1", "UTF-16le,2", "UTF-16be,3"})
    void everyEncodingIsRead(String name, int encoding) throws Exception {
        assertThat(header("PRAGMA encoding='" + name + "'", "CREATE TABLE t(x)").encoding())
                .isEqualTo(encoding);
    }

    @ParameterizedTest
    @CsvSource({"NONE,false,false", "FULL,true,false", "INCREMENTAL,true,true"})
    void autoVacuumIsRead(String mode, boolean on, boolean incremental) throws Exception {
        Header header = header("PRAGMA auto_vacuum=" + mode, "CREATE TABLE t(x)");

        assertThat(header.largestRoot() != 0).isEqualTo(on);
        assertThat(header.incrementalVacuum()).isEqualTo(incremental);
    }

    @ParameterizedTest
    @CsvSource({"DELETE,false", "TRUNCATE,false", "PERSIST,false", "WAL,true"})
    void theJournalModeIsRead(String mode, boolean wal) throws Exception {
        assertThat(header("PRAGMA journal_mode=" + mode, "CREATE TABLE t(x)").wal())
                .isEqualTo(wal);
    }

    @Test
    void theNumbersAreThoseThatSqliteTells() throws Exception {
        Path database = Sqlite.database(
                directory.resolve("numbers.db"),
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES (zeroblob(50000))",
                "DELETE FROM t",
                "PRAGMA user_version=-5",
                "PRAGMA application_id=42");

        Header header = Header.decode(DatabaseFileTest.first(database)).orElseThrow();

        try (Connection connection = Sqlite.connect(database)) {
            assertThat(header.pageCount()).isEqualTo(told(connection, "PRAGMA page_count"));
            assertThat(header.freelistPages())
                    .isEqualTo(told(connection, "PRAGMA freelist_count"))
                    .isPositive();
            assertThat(header.schemaCookie()).isEqualTo(told(connection, "PRAGMA schema_version"));
            assertThat(header.firstFreelistTrunk()).isBetween(2L, header.pageCount());
        }
        assertThat(header.userVersion()).isEqualTo(-5);
        assertThat(header.applicationId()).isEqualTo(42);
        assertThat(header.schemaFormat()).isEqualTo(4);
        assertThat(header.pageCountValid()).isTrue();
        assertThat(header.changeCounter()).isPositive();
        assertThat(header.writerVersion()).isBetween(3_050_000, 4_000_000);
    }

    @Test
    void nothingButADatabaseHasAHeader() throws Exception {
        byte[] sound = sound();

        assertThat(Header.decode(new byte[0])).isEmpty();
        assertThat(Header.decode(Arrays.copyOf(sound, 99))).isEmpty();
        assertThat(Header.decode(new byte[100])).isEmpty();
        assertThat(Header.decode(Arrays.copyOf(sound, 100))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "16, 3, page size is 768",
        "17, 7, page size is 4103",
        "18, 3, write version is 3",
        "19, 0, read version is 0",
        "20, 255, 257 of a page's 512",
        "21, 65, fractions are 65",
        "23, 31, and 31",
        "47, 5, schema format is 5",
        "44, 128, schema format is 2147483652",
        "59, 4, text encoding is 4"
    })
    void whatSqliteNeverWritesIsNamed(int offset, int value, String words) throws Exception {
        byte[] bytes = sound();
        if (offset == 20) bytes[16] = 2; // a page of 512 bytes
        bytes[offset] = (byte) value;

        assertThat(Header.decode(bytes).orElseThrow().impossible())
                .hasValueSatisfying(because -> assertThat(because).contains(words));
    }

    @Test
    void anyBytesGiveAnAnswer() throws Exception {
        byte[] sound = sound();
        for (long seed = 0; seed < 20_000; seed++) {
            byte[] bytes = new Vandal(seed).damaged(sound);
            Optional<Header> header = Header.decode(bytes);
            header.ifPresent(each -> assertThat(each.impossible()).isNotNull());
            assertThat(WalIndex.decode(bytes).initialised()).isFalse();
            assertThat(WalHeader.decode(bytes)).isEmpty();
        }
    }

    private byte[] sound() throws Exception {
        return DatabaseFileTest.first(
                Sqlite.database(directory.resolve("sound.db"), "CREATE TABLE IF NOT EXISTS t(x)"));
    }

    private Header header(String... statements) throws Exception {
        Path database =
                Sqlite.database(directory.resolve("h" + List.of(statements).hashCode() + ".db"), statements);
        return Header.decode(DatabaseFileTest.first(database)).orElseThrow();
    }

    private static long told(Connection connection, String pragma) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(pragma)) {
            return answer.getLong(1);
        }
    }
}
