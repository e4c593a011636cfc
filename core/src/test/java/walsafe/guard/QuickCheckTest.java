package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/** The check at opening, on real SQLite: what it calls damage, and what it never does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class QuickCheckTest {
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("shop & café.db");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WAL", "WAL_ALONE", "ROLLBACK", "ROLLBACK_DOTFILE"})
    void aSoundDatabaseIsSound(Mode mode) throws Exception {
        table("delete");

        assertThat(check(mode)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WAL", "WAL_ALONE"})
    void aSoundWalDatabaseIsSound(Mode mode) throws Exception {
        table("wal");

        assertThat(check(mode)).isEmpty();
    }

    @Test
    void aBrokenPageIsDamageWithItsPageAndTable() throws Exception {
        table("delete");
        vandalise(pageOfTheTable());
        byte[] before = Files.readAllBytes(database);

        Finding finding = check(Mode.WAL).orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.DAMAGE_FOUND);
        assertThat(finding.seen()).contains("page " + pageOfTheTable()).contains("table t");
        assertThat(Files.readAllBytes(database)).isEqualTo(before);
    }

    /** The last connection that closes empties the -wal into the file; one that only looks must leave both as they are. */
    @Test
    void lookingLeavesWhatACrashedWriterLeft() throws Exception {
        table("wal");
        Path crashed = directory.toRealPath().resolve("crashed.db");
        try (Connection writer = connect(database)) {
            execute(writer, "INSERT INTO t VALUES ('in the wal')");
            Files.copy(database, crashed); // closes a descriptor of the file: nobody writes it any more in this test
            Files.copy(beside(database, "-wal"), beside(crashed, "-wal"));
        }
        database = crashed;
        byte[] before = Files.readAllBytes(crashed);
        byte[] wal = Files.readAllBytes(beside(crashed, "-wal"));

        assertThat(check(Mode.WAL)).isEmpty();

        assertThat(Files.readAllBytes(crashed)).isEqualTo(before);
        assertThat(Files.readAllBytes(beside(crashed, "-wal"))).isEqualTo(wal);
    }

    /** Before SQLite has rolled a hot journal back, the pages do not fit together, and that is no damage. */
    @Test
    void aHotJournalIsRolledBackFirst() throws Exception {
        table("delete");
        Path crashed = directory.toRealPath().resolve("crashed.db");
        try (Connection writer = connect(database)) {
            execute(writer, "PRAGMA cache_size = 1", "BEGIN", "UPDATE t SET a = randomblob(900)");
            Files.copy(database, crashed);
            Files.copy(beside(database, "-journal"), beside(crashed, "-journal"));
        }
        database = crashed;

        assertThat(check(Mode.ROLLBACK)).isEmpty();
        assertThat(beside(crashed, "-journal")).doesNotExist();
    }

    @Test
    void aLockIsNotDamage() throws Exception {
        table("delete");
        try (Connection other = connect(database)) {
            execute(other, "BEGIN EXCLUSIVE");

            Finding finding = check(Mode.ROLLBACK).orElseThrow();

            assertThat(finding.problem()).isEqualTo(Problem.CHECK_INCOMPLETE);
            assertThat(finding.seen()).contains("BUSY");
        }
    }

    @Test
    void aRowThatBreaksAConstraintIsNotDamage() throws Exception {
        table("delete");
        try (Connection connection = connect(database)) {
            execute(
                    connection,
                    "CREATE TABLE strict(a NOT NULL, b CHECK (b > 0))",
                    "INSERT INTO strict VALUES (1, 1)",
                    "PRAGMA ignore_check_constraints = on",
                    "UPDATE strict SET b = -1",
                    "PRAGMA writable_schema = on",
                    "UPDATE sqlite_schema SET sql = 'CREATE TABLE strict(a, b)' WHERE name = 'strict'");
        }
        try (Connection connection = connect(database)) {
            execute(
                    connection,
                    "UPDATE strict SET a = NULL",
                    "PRAGMA writable_schema = on",
                    "UPDATE sqlite_schema SET sql = 'CREATE TABLE strict(a NOT NULL, b CHECK (nowhere(b)))'"
                            + " WHERE name = 'strict'");
        }

        Finding finding = check(Mode.WAL).orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.CHECK_INCOMPLETE);
        assertThat(finding.seen()).contains("NULL value in strict.a");
    }

    @Test
    void noMorePagesAreLookedAtThanAllowed() throws Exception {
        table("delete");

        Finding finding = new QuickCheck(database, plan(Mode.WAL), Duration.ofMinutes(1), 200)
                .run()
                .orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.CHECK_INCOMPLETE);
        assertThat(finding.seen()).contains("after 200 pages");
    }

    @Test
    void noLongerThanAllowed() throws Exception {
        table("delete");

        Finding finding = new QuickCheck(database, plan(Mode.WAL), Duration.ZERO, Long.MAX_VALUE)
                .run()
                .orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.CHECK_INCOMPLETE);
        assertThat(finding.seen()).contains("time was up");
    }

    /** Damage where the look begins must not be lost because its end was not reached. It begins with the last child. */
    @Test
    void damageFoundBeforeTheLimitIsTold() throws Exception {
        table("delete");
        vandalise((int) (Files.size(database) / PAGE_BYTES));

        Finding finding = new QuickCheck(database, plan(Mode.WAL), Duration.ofMinutes(1), 200)
                .run()
                .orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.DAMAGE_FOUND);
    }

    @Test
    void aSchemaThatThisSqliteCannotReadIsNotDamage() throws Exception {
        table("delete");
        try (Connection connection = connect(database)) {
            execute(
                    connection,
                    "PRAGMA writable_schema = on",
                    "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(a) WITH WINGS'");
        }

        Finding finding = check(Mode.WAL).orElseThrow();

        assertThat(finding.problem()).isEqualTo(Problem.CHECK_INCOMPLETE);
        assertThat(finding.seen()).contains("malformed database schema");
    }

    private Optional<Finding> check(Mode mode) throws Exception {
        return QuickCheck.run(database, plan(mode));
    }

    private static Plan.Open plan(Mode mode) {
        String vfs = mode == Mode.ROLLBACK_DOTFILE ? "unix-dotfile" : "";
        return new Plan.Open(mode, vfs, List.of(), List.of(), List.of(), List.of());
    }

    /** About 700 pages. */
    private void table(String journalMode) throws SQLException {
        try (Connection connection = connect(database)) {
            execute(
                    connection,
                    "PRAGMA journal_mode = " + journalMode,
                    "CREATE TABLE t(a)",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                            + " INSERT INTO t SELECT randomblob(900) FROM n");
        }
    }

    /** The first leaf below the root, which is page 2. */
    private static int pageOfTheTable() {
        return 3;
    }

    private void vandalise(int page) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek((long) (page - 1) * PAGE_BYTES);
            file.write(new byte[PAGE_BYTES]);
        }
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static void execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
    }
}
