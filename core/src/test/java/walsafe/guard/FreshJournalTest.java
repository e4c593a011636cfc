package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/**
 * The look at the journal under the lock. That it saves a database can only be shown between two kernels, and is: without
 * it, a process killed in mid-transaction on NFS left a database that another host destroyed (lab, HostsDieScenario).
 * Here: that it sees what there is, and gets in nobody's way.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FreshJournalTest {
    @TempDir
    Path directory;

    private Path database;
    private Path journal;

    @BeforeEach
    void make() throws Exception {
        database = directory.toRealPath().resolve("shop.db");
        journal = directory.toRealPath().resolve("shop.db-journal");
        try (Connection connection = bare();
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE t(a)");
        }
    }

    @Test
    void whatIsInTheJournalIsSeen() throws Exception {
        Files.writeString(journal, "half a transaction");

        assertThat(new FreshJournal(database).filled()).isTrue();
        assertThat(journal).hasContent("half a transaction");
    }

    /** Who asks whether there is a file is answered from a cache; who makes it if there is none is not. */
    @Test
    void aJournalThatIsMissingIsMadeWithTheRightsOfTheDatabase() throws Exception {
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));

        assertThat(new FreshJournal(database).filled()).isFalse();

        assertThat(journal).isEmptyFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void withoutADatabaseThereIsNoJournalEither() throws Exception {
        Files.delete(database);

        assertThat(new FreshJournal(database).filled()).isFalse();
        assertThat(journal).doesNotExist();
    }

    @Test
    void aRenewalMakesNothing() {
        new FreshJournal(database).renew();

        assertThat(journal).doesNotExist();
    }

    /** His journal is full of pages, and he may go on: with a rollback journal readers read until he commits. */
    @Test
    void aLivingWriterKeepsNobodyFromReading() throws Exception {
        try (Guard guard = Guard.open(database, plan(), false);
                Connection stranger = bare();
                Statement writing = stranger.createStatement()) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
            writing.execute("PRAGMA journal_mode = truncate");
            writing.execute("BEGIN IMMEDIATE");
            writing.execute("INSERT INTO t VALUES (2)");
            assertThat(Files.size(journal)).isPositive();

            assertThat(guard.<Integer>read(FreshJournalTest::count)).isEqualTo(1);
            assertThat(guard.<Integer>read("SELECT count(*) FROM t", rows -> rows.next() ? rows.getInt(1) : -1))
                    .isEqualTo(1);
            writing.execute("COMMIT");
            assertThat(guard.<Integer>read(FreshJournalTest::count)).isEqualTo(2);
        }
    }

    /** Its header is of no journal, so SQLite does not roll it back; that must end, and the next write goes on. */
    @Test
    void aJournalThatIsNotHotStopsNobody() throws Exception {
        try (Guard guard = Guard.open(database, plan(), false)) {
            Files.write(journal, new byte[512]);

            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));

            assertThat(guard.<Integer>read(FreshJournalTest::count)).isEqualTo(1);
            assertThat(guard.<Integer>maintain(connection -> execute(connection, "VACUUM")))
                    .isZero();
        }
    }

    private Connection bare() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private static Plan.Open plan() {
        return new Plan.Open(
                Mode.ROLLBACK,
                "",
                List.of(new Pragma("journal_mode", "truncate", "test"), new Pragma("busy_timeout", "100", "test")),
                List.of(),
                List.of(),
                List.of());
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return 0;
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            return row.next() ? row.getInt(1) : -1;
        }
    }
}
