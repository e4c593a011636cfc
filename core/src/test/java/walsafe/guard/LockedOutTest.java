package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/**
 * A host that was killed on SMB left the directory that is its lock, and every other host got "database is locked" for
 * ever, with no word of what to do. Nobody had noticed, because only processes had been killed, and on local disks.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class LockedOutTest {
    @TempDir
    Path directory;

    private Path database;
    private Path lock;

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("the shop.db");
        lock = directory.toRealPath().resolve("the shop.db.lock");
    }

    @Test
    void aDotFileLockThatStaysIsNamedWithItsRemedyAndTheRemedyHelps() throws Exception {
        try (Guard guard = Guard.open(database, plan(Mode.ROLLBACK_DOTFILE), true)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            Files.createDirectory(lock); // as of a host that was killed in a transaction

            SQLiteException busy = catchThrowableOfType(
                    SQLiteException.class,
                    () -> guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)")));

            assertThat(busy.getResultCode().code & 0xff).isEqualTo(SQLiteErrorCode.SQLITE_BUSY.code);
            assertThat((Throwable) busy).hasMessageContaining("WS218").hasMessageContaining("SQLITE_BUSY");
            Finding told = finding(busy);
            assertThat(told.problem()).isEqualTo(Problem.LOCK_STAYS);
            assertThat(told.seen()).contains(lock.toString(), "100 ms");
            assertThat(told.remedy().commands()).contains("rmdir '" + lock + "'");
            assertThat(lock).isDirectory();
            Files.delete(lock);
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
        }
    }

    @Test
    void whoCannotEvenOpenIsToldToo() throws Exception {
        try (Guard guard = Guard.open(database, plan(Mode.ROLLBACK_DOTFILE), true)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        }
        Files.createDirectory(lock);

        SQLException busy = catchThrowableOfType(
                SQLException.class,
                () -> Guard.open(database, plan(Mode.ROLLBACK_DOTFILE), true).close());

        assertThat(finding(busy).problem()).isEqualTo(Problem.LOCK_STAYS);
    }

    @Test
    void aLockThatIsFreeAgainIsNotCalledLeftOver() {
        Finding told = LockedOut.finding(database, plan(Mode.ROLLBACK_DOTFILE));

        assertThat(told.seen()).contains("free at this moment");
        assertThat(told.remedy().commands()).isEmpty();
    }

    @Test
    void aNeighbourInATransactionIsToLookFor() throws Exception {
        try (Guard guard = Guard.open(database, plan(Mode.ROLLBACK), true);
                Connection stranger = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement writing = stranger.createStatement()) {
            writing.execute("BEGIN EXCLUSIVE");

            SQLiteException busy = catchThrowableOfType(
                    SQLiteException.class,
                    () -> guard.read(connection -> execute(connection, "SELECT 1 FROM sqlite_schema")));
            SQLiteException write = catchThrowableOfType(
                    SQLiteException.class, () -> guard.write(connection -> execute(connection, "CREATE TABLE t(a)")));

            assertThat(busy.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_BUSY); // of the work's own statement
            assertThat(finding(write).remedy().commands()).containsExactly("walsafe who '" + database + "'");
        }
    }

    private static Finding finding(Throwable busy) {
        return assertThat(busy.getCause())
                .asInstanceOf(InstanceOfAssertFactories.type(WalsafeException.class))
                .actual()
                .finding();
    }

    private static Plan.Open plan(Mode mode) {
        return new Plan.Open(
                mode,
                mode == Mode.ROLLBACK_DOTFILE ? "unix-dotfile" : "",
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
}
