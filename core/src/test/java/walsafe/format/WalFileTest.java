package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walsafe.format.WalFile.Limit;

/** A program was killed with two commits of 30 and 1 rows in its -wal, and a transaction of 500 half written. */
class WalFileTest {
    private static final int FRAME_BYTES = 24 + 4096;

    private static byte[] databaseBytes = {};
    private static byte[] walBytes = {};

    @TempDir
    Path directory;

    private Path database;
    private Path wal;

    @BeforeAll
    static void aProgramIsKilled(@TempDir Path shared) throws Exception {
        Path killed = shared.resolve("killed.db");
        Victim.killed(
                killed,
                "PRAGMA journal_mode=WAL",
                "PRAGMA wal_autocheckpoint=0",
                "PRAGMA cache_size=5",
                "CREATE TABLE t(x)",
                rows(30),
                "INSERT INTO t VALUES (1)",
                "BEGIN",
                rows(500));
        databaseBytes = Files.readAllBytes(killed);
        walBytes = Files.readAllBytes(Sqlite.beside(killed, "-wal"));
    }

    @BeforeEach
    void itsFilesAreCopied() throws Exception {
        database = Files.write(directory.resolve("copy.db"), databaseBytes);
        wal = Files.write(Sqlite.beside(database, "-wal"), walBytes);
    }

    @Test
    void theFramesOfAKilledProgramAreCounted() throws Exception {
        WalSummary summary = summary();

        assertThat(summary.pageSizeBytes()).isEqualTo(4096);
        assertThat(summary.sizeBytes()).isEqualTo(Files.size(wal));
        assertThat(summary.scannedAll()).isTrue();
        assertThat(summary.validFrames()).isGreaterThan(summary.committedFrames() + 50);
        assertThat(summary.belongs()).contains(true);
        assertThat(summary.databasePages()).isEqualTo(told("PRAGMA page_count"));
        assertThat(told("SELECT count(*) FROM t")).isEqualTo(31);
    }

    @Test
    void sqliteSeesAsManyFrames() throws Exception {
        long committed = summary().committedFrames();

        try (Connection connection = Sqlite.connect(database);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            assertThat(answer.getLong("log")).isEqualTo(committed);
        }
    }

    @Test
    void aDamagedFrameEndsTheCount() throws Exception {
        overwrite(32 + 2L * FRAME_BYTES + 1000, new byte[] {1, 2, 3});

        assertThat(summary().validFrames()).isEqualTo(2);
    }

    @Test
    void aLimitIsKeptAndTold() throws Exception {
        WalSummary none = summary(new Limit(Long.MAX_VALUE, Duration.ZERO));
        WalSummary some = summary(new Limit(1, Duration.ofDays(1)));

        assertThat(none.scannedAll()).isFalse();
        assertThat(none.validFrames()).isZero();
        assertThat(some.scannedAll()).isFalse();
        assertThat(some.validFrames()).isEqualTo((1 << 20) / FRAME_BYTES);
    }

    @Test
    void anEmptyWalIsToldAsSuch() throws Exception {
        Files.write(wal, new byte[0]);

        assertThat(summary().because()).isEqualTo("it is empty");
        assertThat(summary().belongs()).isEmpty();
    }

    @Test
    void aWalOfAHeaderAloneHasNothingToReplay() throws Exception {
        Files.write(wal, Arrays.copyOf(Files.readAllBytes(wal), 32));

        WalSummary summary = summary();

        assertThat(summary.pageSizeBytes()).isEqualTo(4096);
        assertThat(summary.committedFrames()).isZero();
        assertThat(summary.belongs()).isEmpty();
        assertThat(summary.because()).isEqualTo("it holds no committed frame");
    }

    @Test
    void aWalWithoutAValidHeaderIsIgnoredAsSqliteDoes() throws Exception {
        overwrite(16, new byte[] {9});

        assertThat(summary().pageSizeBytes()).isZero();
        assertThat(summary().because()).contains("no valid header");
        assertThatTableIsMissing();
    }

    @Test
    void aWalBesideADatabaseThatIsNotInWalModeDoesNotBelong() throws Exception {
        Path other = Sqlite.database(directory.resolve("other.db"), "CREATE TABLE other(x)");

        WalSummary summary = summary(wal, other, Limit.GLANCE);

        assertThat(summary.belongs()).contains(false);
        assertThat(summary.because()).contains("not in WAL mode");
    }

    @Test
    void anotherPageSizeDoesNotBelong() throws Exception {
        Path other = Sqlite.database(
                directory.resolve("other.db"), "PRAGMA page_size=1024", "PRAGMA journal_mode=WAL", "CREATE TABLE o(x)");

        assertThat(summary(wal, other, Limit.GLANCE).because()).contains("4096 bytes, those of the database 1024");
    }

    @Test
    void anOlderDatabaseIsToldFromItsChangeCounter() throws Exception {
        Path old = directory.resolve("old.db");
        Files.copy(database, old);
        Sqlite.database(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        Victim.killed(database, "CREATE TABLE u(x)");

        assertThat(summary(wal, old, Limit.GLANCE).belongs()).contains(false);
        assertThat(summary(wal, old, Limit.GLANCE).because()).contains("the database is older than its -wal");
        assertThat(summary().belongs()).contains(true);
    }

    @Test
    void framesOfAnOlderGenerationAreNotCounted() throws Exception {
        long before = summary().validFrames();
        Victim.killed(database, "PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES (2)");

        assertThat(Files.size(wal)).isGreaterThan(32 + (before - 1) * FRAME_BYTES);
        assertThat(summary().validFrames()).isBetween(1L, 3L);
        assertThat(summary().checkpointSequence()).isEqualTo(1);
        assertThat(summary().belongs()).isNotEqualTo(Optional.of(false));
    }

    /** Its -wal is begun anew every few commits, so that the database's header and the -wal are seldom of one moment. */
    @Test
    void theWalOfAProgramAtWorkIsNeverTakenForForeign() throws Exception {
        Process worker = Victim.working(
                database,
                "PRAGMA synchronous=OFF",
                "PRAGMA wal_autocheckpoint=4",
                "CREATE TABLE IF NOT EXISTS u(x)",
                "INSERT INTO u VALUES (1)",
                "DROP TABLE u");
        Set<Long> generations = new HashSet<>();
        try {
            while (generations.size() < 30 && worker.isAlive()) {
                WalSummary summary = summary();
                generations.add(summary.checkpointSequence());
                assertThat(summary.belongs()).as("%s", summary).isNotEqualTo(Optional.of(false));
            }
        } finally {
            worker.destroyForcibly().waitFor();
        }

        assertThat(generations).hasSize(30);
    }

    /** A -wal from a big-endian machine; SQLite itself is asked whether it was made right. */
    @Test
    void bigEndianChecksumsAreRead() throws Exception {
        WalSummary before = summary();
        Files.write(wal, bigEndian(Files.readAllBytes(wal), (int) before.validFrames()));

        WalSummary summary = summary();

        assertThat(summary.validFrames()).isEqualTo(before.validFrames());
        assertThat(summary.committedFrames()).isEqualTo(before.committedFrames());
        assertThat(told("SELECT count(*) FROM t")).isEqualTo(31);
    }

    @Test
    void anyBytesGiveAnAnswer() throws Exception {
        byte[] sound = Arrays.copyOf(Files.readAllBytes(wal), 32 + 5 * FRAME_BYTES);
        for (long seed = 0; seed < 500; seed++) {
            Files.write(wal, new Vandal(seed).damaged(sound));
            assertThat(summary().validFrames()).as("seed %d", seed).isBetween(0L, 5L);
        }
    }

    private static byte[] bigEndian(byte[] wal, int frames) {
        ByteBuffer bytes = ByteBuffer.wrap(wal);
        bytes.put(3, (byte) 0x83);
        int[] sum = {0, 0};
        add(sum, wal, 0, 24);
        bytes.putInt(24, sum[0]).putInt(28, sum[1]);
        for (int at = 32; at < 32 + frames * FRAME_BYTES; at += FRAME_BYTES) {
            add(sum, wal, at, 8);
            add(sum, wal, at + 24, 4096);
            bytes.putInt(at + 16, sum[0]).putInt(at + 20, sum[1]);
        }
        return wal;
    }

    private static void add(int[] sum, byte[] bytes, int from, int length) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        for (int at = from; at < from + length; at += 8) {
            sum[0] += words.getInt(at) + sum[1];
            sum[1] += words.getInt(at + 4) + sum[0];
        }
    }

    private WalSummary summary() throws IOException {
        return summary(Limit.GLANCE);
    }

    private WalSummary summary(Limit limit) throws IOException {
        return summary(wal, database, limit);
    }

    static WalSummary summary(Path wal, Path database, Limit limit) throws IOException {
        try (DatabaseFile walFile = DatabaseFile.open(wal);
                DatabaseFile file = DatabaseFile.open(database)) {
            WalFile opened = WalFile.of(walFile);
            return opened.summary(file.header(), file.sizeBytes(), limit);
        }
    }

    private void overwrite(long offset, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(wal.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }

    private void assertThatTableIsMissing() throws Exception {
        assertThat(told("SELECT count(*) FROM sqlite_schema")).isZero();
    }

    private long told(String sql) throws Exception {
        try (Connection connection = Sqlite.connect(database);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return answer.getLong(1);
        }
    }

    private static String rows(int count) {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT " + count
                + ") INSERT INTO t SELECT randomblob(3000) FROM n";
    }
}
