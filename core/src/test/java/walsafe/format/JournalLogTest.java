package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program was killed in a transaction that changed more pages than it could hold in memory. */
class JournalLogTest {
    private static byte[] databaseBytes = {};
    private static byte[] journalBytes = {};

    @TempDir
    Path directory;

    @BeforeAll
    static void aProgramIsKilled(@TempDir Path shared) throws Exception {
        Path killed = Sqlite.database(
                shared.resolve("killed.db"),
                "PRAGMA page_size=1024",
                "CREATE TABLE t(x)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 300)"
                        + " INSERT INTO t SELECT randomblob(700) FROM n");
        Victim.killed(
                killed,
                "PRAGMA cache_size=10",
                "BEGIN",
                "UPDATE t SET x = randomblob(700) WHERE rowid % 2",
                "INSERT INTO t SELECT randomblob(3000) FROM t",
                "UPDATE t SET x = 1 WHERE rowid % 3 = 0");
        databaseBytes = Files.readAllBytes(killed);
        journalBytes = Files.readAllBytes(Sqlite.beside(killed, "-journal"));
    }

    @Test
    void thePagesPutBackAreThoseThatSqlitePutsBack() throws Exception {
        JournalLog log = JournalLog.read(ByteSource.of(journalBytes), 0);

        assertThat(log.reading().ok()).isTrue();
        assertThat(log.pageSizeBytes()).isEqualTo(1024);
        assertThat(log.segments()).hasSizeGreaterThan(2);
        assertThat(log.pages()).isSorted().hasSizeGreaterThan(100);
        byte[] rolledBack = bySqlite(journalBytes);
        assertThat(byUs(log)).isEqualTo(rolledBack).isNotEqualTo(databaseBytes);
    }

    /** Whatever happens to the journal, we put back what SQLite puts back. */
    @Test
    void aCutOrBrokenJournalIsPlayedBackAsSqliteDoes() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            byte[] journal = journalBytes.clone();
            if (i % 3 == 0) journal = Arrays.copyOf(journal, 512 + random.nextInt(journal.length - 512));
            else if (i % 3 == 1) journal[28 + random.nextInt(journal.length - 28)] ^= (byte) (1 << random.nextInt(8));
            else journal[segment(random) + random.nextInt(16)] ^= (byte) (1 << random.nextInt(8));

            JournalLog log = JournalLog.read(ByteSource.of(journal), 1024);

            assertThat(Arrays.equals(byUs(log), bySqlite(journal)))
                    .as("change %d: %s %s", i, log.reading(), log.end())
                    .isTrue();
        }
    }

    private static int segment(Random random) throws Exception {
        var segments = JournalLog.read(ByteSource.of(journalBytes), 0).segments();
        return (int) segments.get(random.nextInt(segments.size())).offset();
    }

    @Test
    void aWrongChecksumEndsThePlayback_andIsTold() throws Exception {
        byte[] journal = journalBytes.clone();
        int third = 512 + 2 * (1024 + 8);
        journal[third + 4 + 1024 - 200] ^= 1;

        JournalLog log = JournalLog.read(ByteSource.of(journal), 0);

        assertThat(log.pages()).hasSize(2);
        assertThat(log.end())
                .isInstanceOfSatisfying(
                        Unreadable.class, no -> assertThat(no.flaw()).isEqualTo(Flaw.JOURNAL_SUM));
    }

    @Test
    void aJournalAtRestPutsNothingBack() throws Exception {
        for (byte[] rest : new byte[][] {{}, new byte[28], new byte[5000], Arrays.copyOf(journalBytes, 27)}) {
            JournalLog log = JournalLog.read(ByteSource.of(rest), 1024);

            assertThat(log.reading().ok()).isFalse();
            assertThat(byUs(log)).isEqualTo(databaseBytes);
        }
    }

    @Test
    void theNamesInASuperJournalAreRead() {
        byte[] bytes = "/srv/one.db-journal\0/srv/zwei ü.db-journal\0torn".getBytes(StandardCharsets.UTF_8);

        assertThat(SuperJournal.names(bytes)).containsExactly("/srv/one.db-journal", "/srv/zwei ü.db-journal");
        assertThat(SuperJournal.names(new byte[100_000])).isEmpty();
    }

    private byte[] bySqlite(byte[] journal) throws Exception {
        Path database = Files.write(directory.resolve("copy.db"), databaseBytes);
        Files.write(Sqlite.beside(database, "-journal"), journal);
        try {
            Sqlite.database(database, "SELECT count(*) FROM sqlite_schema");
        } catch (SQLException e) {
            // damaged by what was put back, or not: the bytes tell
        }
        return Files.readAllBytes(database);
    }

    private static byte[] byUs(JournalLog log) throws Exception {
        PageSource pages = log.over(PageSource.of(ByteSource.of(databaseBytes), new Geometry(1024, 0)));
        byte[] all = new byte[(int) pages.pages() * 1024];
        for (int page = 1; page <= pages.pages(); page++) pages.read(page, all, (page - 1) * 1024);
        return all;
    }
}
