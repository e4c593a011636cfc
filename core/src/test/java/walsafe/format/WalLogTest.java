package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A program filled a log, checkpointed it, began it anew with three commits, and was killed in a fourth: behind its frames lie
 * those of the generation before.
 */
class WalLogTest {
    private static final int FRAME_BYTES = 24 + 1024;

    private static byte[] databaseBytes = {};
    private static byte[] walBytes = {};

    @TempDir
    Path directory;

    private Path database;

    @BeforeAll
    static void aProgramIsKilled(@TempDir Path shared) throws Exception {
        Path killed = shared.resolve("killed.db");
        Victim.killed(
                killed,
                "PRAGMA page_size=1024",
                "PRAGMA journal_mode=WAL",
                "PRAGMA wal_autocheckpoint=0",
                "PRAGMA cache_size=5",
                "CREATE TABLE t(x)",
                rows(600, 900),
                "PRAGMA wal_checkpoint(RESTART)",
                rows(20, 900),
                "DELETE FROM t WHERE rowid % 3 = 0",
                rows(7, 5000),
                "BEGIN",
                rows(40, 900));
        databaseBytes = Files.readAllBytes(killed);
        walBytes = Files.readAllBytes(Sqlite.beside(killed, "-wal"));
    }

    private static String rows(int number, int bytes) {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT " + number
                + ") INSERT INTO t SELECT randomblob(" + bytes + ") FROM n";
    }

    @BeforeEach
    void itsFilesAreCopied() {
        database = directory.resolve("copy.db");
    }

    @Test
    void theCommittedFramesLaidOverTheFileAreWhatSqliteSees() throws Exception {
        WalLog log = WalLog.read(ByteSource.of(walBytes));

        assertThat(log.reading().ok()).isTrue();
        assertThat(log.pageSizeBytes()).isEqualTo(1024);
        assertThat(log.committedFrames()).isPositive().isLessThan(log.validFrames());
        assertThat(log.pages()).isSorted().contains(1L);
        assertThat(rowsSeen(walBytes)).isEqualTo(rowsOfSqlite(walBytes)).hasSizeGreaterThan(100);
    }

    @Test
    void theFramesOfTheGenerationBeforeAreToldApart() throws Exception {
        WalLog log = WalLog.read(ByteSource.of(walBytes));

        assertThat(log.frames()).isEqualTo((walBytes.length - 32) / FRAME_BYTES);
        WalLog.Run older = log.behind().get(log.behind().size() - 1);
        assertThat(older.salt1()).isEqualTo(log.salt1() - 1);
        assertThat(older.salt2()).isNotEqualTo(log.salt2());
        assertThat(older.firstFrame()).isEqualTo(log.validFrames() + 1);
        assertThat(older.sound()).isEqualTo(older.frames() - 1);
        assertThat(older.commits()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void bothOrdersOfChecksumsAreRead(String order) throws Exception {
        byte[] wal = withSums(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

        assertThat(rowsSeen(wal)).isEqualTo(rowsOfSqlite(wal)).hasSizeGreaterThan(100);
        assertThat(WalLog.read(ByteSource.of(wal)).committedFrames())
                .isEqualTo(WalLog.read(ByteSource.of(walBytes)).committedFrames());
    }

    /** Whatever happens to the log, we see what SQLite sees. */
    @Test
    void aCutOrBrokenLogIsReadAsSqliteReadsIt() throws Exception {
        Random random = new Random(5);
        int live = 32 + (int) WalLog.read(ByteSource.of(walBytes)).validFrames() * FRAME_BYTES;
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] wal = walBytes.clone();
            if (i % 2 == 0) wal = Arrays.copyOf(wal, random.nextInt(live));
            else wal[random.nextInt(live)] ^= (byte) (1 << random.nextInt(8));

            List<String> rows = rowsSeen(wal);
            assertThat(rows).as("change %d", i).isEqualTo(rowsOfSqlite(wal));
            sizes.add(rows.size());
        }
        assertThat(sizes.stream().distinct().count()).isGreaterThan(2);
    }

    @Test
    void aBrokenFrameCostsItselfAndTheNext_notTheRest() throws Exception {
        byte[] wal = walBytes.clone();
        wal[32 + 4 * FRAME_BYTES + 500] ^= 1;
        WalLog sound = WalLog.read(ByteSource.of(walBytes));

        WalLog log = WalLog.read(ByteSource.of(wal));

        assertThat(log.validFrames()).isEqualTo(4);
        WalLog.Run run = log.behind().get(0);
        assertThat(run.firstFrame()).isEqualTo(5);
        assertThat(run.salt2()).isEqualTo(log.salt2());
        assertThat(run.frames()).isEqualTo(sound.validFrames() - 4);
        assertThat(run.sound()).isEqualTo(run.frames() - 1);
        assertThat(run.commits()).isEqualTo(3);
    }

    @Test
    void framesWithoutAHeaderCanBeWalked() throws Exception {
        byte[] wal = walBytes.clone();
        Arrays.fill(wal, 0, 24, (byte) 0x77);

        assertThat(WalLog.read(ByteSource.of(wal)).reading().why()).startsWith("it begins with");
        WalFrames frames = WalFrames.withoutHeader(ByteSource.of(wal), new Geometry(1024, 0), ByteOrder.LITTLE_ENDIAN);
        int sound = 0;
        while (frames.next()) if (frames.sumHolds()) sound++;
        assertThat(sound).isEqualTo((wal.length - 32) / FRAME_BYTES - 1);
    }

    @Test
    void aLogThatWasBegunAnewIsNoticed() throws Exception {
        byte[] wal = walBytes.clone();
        WalLog log = WalLog.read(ByteSource.of(wal));
        assertThat(log.unchanged()).isTrue();

        wal[16]++;

        assertThat(log.unchanged()).isFalse();
    }

    private List<String> rowsSeen(byte[] wal) throws Exception {
        Geometry geometry = new Geometry(1024, 0);
        WalLog log = WalLog.read(ByteSource.of(wal));
        PageSource pages = log.over(PageSource.of(ByteSource.of(databaseBytes), geometry));
        byte[] first = new byte[1024];
        assertThat(pages.read(1, first, 0)).isTrue();
        Anatomy anatomy = new Anatomy(pages, Header.decode(first).orElseThrow());
        anatomy.dissect();
        assertThat(anatomy.ownerless()).isEmpty();
        return anatomy.entries(anatomy.root("t"));
    }

    private List<String> rowsOfSqlite(byte[] wal) throws Exception {
        Files.write(database, databaseBytes);
        Files.deleteIfExists(Sqlite.beside(database, "-shm"));
        Files.write(Sqlite.beside(database, "-wal"), wal);
        List<String> rows = new ArrayList<>();
        try (Connection connection = Sqlite.connect(database);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT rowid||'|b'||lower(hex(x)) FROM t ORDER BY rowid")) {
            while (answer.next()) rows.add(answer.getString(1));
        }
        return rows;
    }

    /** The same log, its live frames signed anew in an order of bytes. */
    private static byte[] withSums(ByteOrder order) throws IOException {
        byte[] wal = walBytes.clone();
        ByteBuffer b = ByteBuffer.wrap(wal);
        b.putInt(0, order == ByteOrder.BIG_ENDIAN ? 0x377f0683 : 0x377f0682);
        int[] sum = {0, 0};
        add(sum, wal, 0, 24, order);
        b.putInt(24, sum[0]).putInt(28, sum[1]);
        for (long frame = 0; frame < WalLog.read(ByteSource.of(walBytes)).validFrames(); frame++) {
            int at = 32 + (int) frame * FRAME_BYTES;
            add(sum, wal, at, 8, order);
            add(sum, wal, at + 24, 1024, order);
            b.putInt(at + 16, sum[0]).putInt(at + 20, sum[1]);
        }
        return wal;
    }

    private static void add(int[] sum, byte[] bytes, int at, int length, ByteOrder order) {
        ByteBuffer words = ByteBuffer.wrap(bytes, at, length).slice().order(order);
        while (words.hasRemaining()) {
            sum[0] += words.getInt() + sum[1];
            sum[1] += words.getInt() + sum[0];
        }
    }
}
