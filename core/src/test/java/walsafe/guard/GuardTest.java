package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/** The open database, on real SQLite, in every mode that can write. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class GuardTest {
    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("shop & café?.db");
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void whatIsWrittenIsRead(Mode mode) throws Exception {
        try (Guard guard = open(mode)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)"));

            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(1);
        }
        assertThat(countFromOutside()).isEqualTo(1);
        assertThat(Files.exists(directory.resolve(database.getFileName() + "-wal")))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void aWorkThatThrowsLeavesNothing(Mode mode) throws Exception {
        try (Guard guard = openWithTable(mode)) {
            assertThatThrownBy(() -> guard.write(connection -> {
                        execute(connection, "INSERT INTO t VALUES (1)");
                        throw new SQLException("on second thought");
                    }))
                    .hasMessage("on second thought");

            assertThat(guard.<Integer>read(GuardTest::count)).isZero();
        }
    }

    @Test
    void aNestedWriteIsASavepoint() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(outer -> {
                execute(outer, "INSERT INTO t VALUES (1)");
                assertThatThrownBy(() -> guard.write(inner -> {
                            execute(inner, "INSERT INTO t VALUES (2)");
                            throw new SQLException("only this");
                        }))
                        .hasMessage("only this");
                guard.write(inner -> execute(inner, "INSERT INTO t VALUES (3)"));
                assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(2); // sees what the write sees
                return 0;
            });

            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(2);
        }
    }

    /** What broke: opening asked for the write lock, so that a program with a long transaction kept all others out. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WAL", "ROLLBACK"})
    void openingDoesNotWaitForAnotherProgramsTransaction(Mode mode) throws Exception {
        openWithTable(mode).close();
        Process neighbour = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None);"
                                + " c.execute('begin immediate'); c.execute('insert into t values (1)');"
                                + " print('writing', flush=True); sys.stdin.readline(); c.execute('commit');"
                                + " print('done', flush=True)",
                        database.toString())
                .start();
        try (var said = neighbour.inputReader()) {
            assertThat(said.readLine()).isEqualTo("writing");
            try (Guard guard = open(mode)) {
                assertThat(guard.trouble()).isEmpty();
                assertThat(guard.<Integer>read(GuardTest::count)).isZero();
                assertThat(guard.<Integer>maintain(connection -> {
                            try (Statement statement = connection.createStatement();
                                    ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
                                return row.getInt(1);
                            }
                        }))
                        .isPositive(); // waiting is the plan's again

                neighbour.getOutputStream().write('\n');
                neighbour.getOutputStream().flush();
                assertThat(said.readLine()).isEqualTo("done");
                guard.write(connection -> execute(connection, "INSERT INTO t VALUES (2)"));
                assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(2);
            }
        } finally {
            neighbour.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWriteInsideAReadIsRefused() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThatThrownBy(() -> guard.read(reader -> guard.write(writer -> 0)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("begin with write()");
        }
    }

    @Test
    void aReaderCannotWrite() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThatThrownBy(() -> guard.read(connection -> execute(connection, "INSERT INTO t VALUES (1)")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void aReadSeesOneStateHoweverLongItTakes() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.read(connection -> {
                assertThat(count(connection)).isZero();
                writeOnAnotherThread(guard);
                assertThat(count(connection)).isZero();
                return 0;
            });

            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatWasCarriedAwayIsDead() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            Connection kept = guard.write(connection -> connection);
            Statement keptStatement = guard.write(Connection::createStatement);

            assertThat(kept.isClosed()).isTrue();
            assertThatThrownBy(kept::createStatement).hasMessageContaining("the work has ended");
            assertThatThrownBy(() -> keptStatement.execute("SELECT 1")).hasMessageContaining("the work has ended");
        }
    }

    @Test
    void aWorkCannotEndItsTransactionByAnyDoor() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection -> {
                assertThatThrownBy(connection::commit).hasMessageContaining("not a work's");
                assertThatThrownBy(connection::rollback).hasMessageContaining("not a work's");
                assertThatThrownBy(() -> connection.setAutoCommit(true)).hasMessageContaining("not a work's");
                assertThatThrownBy(() -> connection.unwrap(Connection.class)).hasMessageContaining("not a work's");
                assertThatThrownBy(() -> connection.prepareStatement("COMMIT")).hasMessageContaining("COMMIT");
                Statement statement = connection.createStatement();
                assertThatThrownBy(() -> statement.executeUpdate("SELECT 1; COMMIT"))
                        .hasMessageContaining("COMMIT");
                assertThatThrownBy(() -> statement.addBatch("ROLLBACK")).hasMessageContaining("ROLLBACK");
                assertThatThrownBy(() -> statement.getConnection().commit()).hasMessageContaining("not a work's");
                assertThatThrownBy(
                                () -> connection.getMetaData().getConnection().commit())
                        .hasMessageContaining("not a work's");
                return 0;
            });
        }
    }

    @Test
    void aWorkIsToldThatItDoesNotCommitByItself() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThat(guard.write(Connection::getAutoCommit)).isFalse();
            assertThat(guard.maintain(Connection::getAutoCommit)).isTrue();
            assertThat(guard.write(Connection::getAutoCommit)).isFalse();
        }
    }

    @Test
    void maintenanceVacuumsAndAttaches() throws Exception {
        Path other = directory.resolve("other.db");
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.maintain(connection -> execute(
                    connection,
                    "VACUUM",
                    "ATTACH '" + other + "' AS other",
                    "CREATE TABLE other.u(a)",
                    "DETACH other"));

            assertThat(Files.size(other)).isPositive();
        }
    }

    /** In rollback modes a COMMIT waits for every reader; readers of our own must not make it wait for the busy timeout. */
    @Test
    void withARollbackJournalOurOwnReadersAreLetOutBeforeACommit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Guard guard = openWithTable(Mode.ROLLBACK)) {
            var readerIsIn = new CountDownLatch(1);
            var readerMayLeave = new CountDownLatch(1);
            Future<Integer> reader = threads.submit(() -> guard.read(connection -> {
                int before = count(connection);
                readerIsIn.countDown();
                await(readerMayLeave);
                return before;
            }));
            await(readerIsIn);
            Future<?> writer = threads.submit(() -> guard.write(connection -> {
                execute(connection, "INSERT INTO t VALUES (1)");
                readerMayLeave.countDown();
                return 0;
            }));

            writer.get();
            assertThat(reader.get()).isZero();
            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Another program's reader makes COMMIT answer BUSY; the transaction is still whole, and COMMIT is tried again. */
    @Test
    void aCommitThatIsBusyIsTriedAgain() throws Exception {
        try (Guard guard = openWithTable(Mode.ROLLBACK);
                Connection stranger = bare();
                Statement reading = stranger.createStatement()) {
            reading.execute("BEGIN");
            reading.executeQuery("SELECT count(*) FROM t").close();
            var written = new CountDownLatch(1);
            Thread letGo = new Thread(() -> {
                awaitUnchecked(written);
                end(reading);
            });
            letGo.start();

            guard.write(connection -> {
                execute(connection, "INSERT INTO t VALUES (1)");
                written.countDown();
                return 0;
            });

            letGo.join();
            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(1);
        }
    }

    @Test
    void aDeferredForeignKeyIsKnownNotToHaveHappened() throws Exception {
        try (Guard guard = open(Mode.WAL, new Pragma("foreign_keys", "on", "asked for"))) {
            guard.write(connection -> execute(
                    connection,
                    "CREATE TABLE p(a PRIMARY KEY)",
                    "CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY DEFERRED)"));

            assertThatThrownBy(() -> guard.write(connection -> execute(connection, "INSERT INTO t VALUES (7)")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("FOREIGN KEY");
            guard.write(connection -> execute(connection, "INSERT INTO p VALUES (7)", "INSERT INTO t VALUES (7)"));
            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(1);
        }
    }

    @Test
    void aSettingThatDidNotTakeIsToldAndNothingIsOpened() {
        Plan.Open plan = plan(Mode.WAL, new Pragma("synchronous", "fulll", "misspelt"));

        assertThatThrownBy(() -> Guard.open(database, plan, true))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.SETTING_DID_NOT_TAKE));
    }

    @Test
    void aSettingThatSqliteDoesNotKnowIsToldAndNothingIsOpened() {
        Plan.Open plan = plan(Mode.WAL, new Pragma("foreign_kyes", "on", "misspelt"));

        assertThatThrownBy(() -> Guard.open(database, plan, true))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.SETTING_DID_NOT_TAKE));
    }

    /** Under the dot-file VFS there is no shared memory, and SQLite answers "delete" to a wish for WAL. */
    @Test
    void walUnderAVfsWithoutSharedMemoryIsNotBelieved() {
        Plan.Open wrong = new Plan.Open(
                Mode.WAL,
                "unix-dotfile",
                List.of(new Pragma("journal_mode", "wal", "test")),
                List.of(),
                List.of(),
                List.of());

        assertThatThrownBy(() -> Guard.open(database, wrong, true)).hasMessageContaining("journal_mode");
    }

    @Test
    void theRehearsalLeavesNothingBehind() throws Exception {
        try (Guard guard = Guard.open(database, plan(Mode.WAL), false)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            try (var names = Files.list(directory)) {
                assertThat(names.map(Path::getFileName).map(Path::toString))
                        .allMatch(name -> name.startsWith(database.getFileName().toString()));
            }
        }
    }

    @Test
    void oneWriterAtATimeAndNobodyIsForgotten() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Guard guard = openWithTable(Mode.WAL)) {
            List<Future<?>> writes = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                writes.add(threads.submit(
                        () -> guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"))));
            }
            for (Future<?> write : writes) write.get();

            assertThat(guard.<Integer>read(GuardTest::count)).isEqualTo(400);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void afterClosingNothingRuns() throws Exception {
        Guard guard = openWithTable(Mode.WAL);
        guard.close();
        guard.close();

        assertThatThrownBy(() -> guard.write(connection -> 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> guard.read(connection -> 0)).isInstanceOf(IllegalStateException.class);
    }

    private Guard open(Mode mode, Pragma... more) throws Exception {
        return Guard.open(database, plan(mode, more), true);
    }

    private Guard openWithTable(Mode mode) throws Exception {
        Guard guard = open(mode);
        guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        return guard;
    }

    private static Plan.Open plan(Mode mode, Pragma... more) {
        boolean wal = mode == Mode.WAL || mode == Mode.WAL_ALONE;
        List<Pragma> pragmas = new ArrayList<>(List.of(
                new Pragma("locking_mode", mode == Mode.WAL_ALONE ? "exclusive" : "normal", "test"),
                new Pragma("journal_mode", wal ? "wal" : "truncate", "test"),
                new Pragma("busy_timeout", "100", "test")));
        pragmas.addAll(List.of(more));
        String vfs = mode == Mode.ROLLBACK_DOTFILE ? "unix-dotfile" : "";
        return new Plan.Open(mode, vfs, pragmas, List.of(), List.of(), List.of());
    }

    private static int execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
        return 0;
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }

    private Connection bare() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlite:file:" + database.toString().replace("?", "%3F").replace(" ", "%20"));
    }

    private int countFromOutside() throws SQLException {
        try (Connection connection = bare()) {
            return count(connection);
        }
    }

    private static void writeOnAnotherThread(Guard guard) {
        try {
            Thread writer = new Thread(() -> {
                try {
                    guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            writer.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) throws SQLException {
        awaitUnchecked(latch);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(Statement reading) {
        try {
            reading.execute("COMMIT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
