package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/** A transaction is the guard's from its first statement to its end, whatever the work or SQLite does in between. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TransactionTest {
    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("shop.db");
    }

    /**
     * What broke: SQLite rolls the whole transaction back by itself and falls into autocommit. A work that caught the
     * error and went on had its later rows committed one by one. Nobody saw it, because each of them answered "ok".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO u VALUES (1)",
                "INSERT OR ROLLBACK INTO t VALUES (1)",
                "INSERT OR ROLLBACK INTO t VALUES (9), (1) RETURNING a"
            })
    void afterSqliteRolledBackByItselfNothingOfTheWorkIsKept(String rollsBack) throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThatThrownBy(() -> guard.write(connection -> {
                        execute(connection, "INSERT INTO t VALUES (1)");
                        PreparedStatement prepared = connection.prepareStatement("INSERT INTO t VALUES (5)");
                        assertThatThrownBy(() -> execute(connection, rollsBack)).isInstanceOf(SQLException.class);
                        ignore(() -> execute(connection, "INSERT INTO t VALUES (2)"));
                        ignore(prepared::executeUpdate);
                        ignore(() -> guard.write(nested -> execute(nested, "INSERT INTO t VALUES (3)")));
                        ignore(() -> guard.read(nested -> execute(nested, "INSERT INTO t VALUES (4)")));
                        return 0;
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SQLite has rolled the transaction back by itself");

            assertThat(count(guard)).isZero();
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
            assertThat(count(guard)).isEqualTo(1);
        }
    }

    @Test
    void anAutomaticRollbackInANestedWriteEndsTheOuterOneToo() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThatThrownBy(() -> guard.write(outer -> {
                        execute(outer, "INSERT INTO t VALUES (1)");
                        ignore(() -> guard.write(inner -> execute(inner, "INSERT INTO u VALUES (1)")));
                        ignore(() -> execute(outer, "INSERT INTO t VALUES (2)"));
                        return 0;
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("rolled the transaction back");

            assertThat(count(guard)).isZero();
        }
    }

    /** A database that may not grow: as on a full disk, SQLite may undo the statement or the whole transaction. */
    @Test
    void aFullDiskLeavesAllOrNothing() throws Exception {
        try (Guard guard = openWithTable(Mode.ROLLBACK)) {
            ignore(() -> guard.write(connection -> {
                execute(connection, "PRAGMA max_page_count = 20", "PRAGMA cache_size = 1");
                execute(connection, "INSERT INTO t VALUES (1)");
                ignore(() -> execute(connection, "INSERT INTO t SELECT randomblob(3000) FROM pragma_function_list"));
                execute(connection, "INSERT INTO t VALUES (2)");
                return 0;
            }));

            assertThat(count(guard)).isIn(0, 2);
        }
    }

    /**
     * What broke: a query that the work did not close went on reading after its COMMIT, so its connection showed the same
     * old state to every later read. The guide's own example did so.
     */
    @Test
    void aQueryLeftOpenDoesNotFreezeLaterReads() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1), (2)"));
            for (int i = 0; i < 5; i++) guard.read(TransactionTest::queryLeftOpen);
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (3)"));

            assertThat(count(guard)).isEqualTo(3);
        }
    }

    @Test
    void aQueryLeftOpenDoesNotStandInTheWayOfACommit() throws Exception {
        try (Guard guard = openWithTable(Mode.ROLLBACK)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1), (2)"));
            guard.read(TransactionTest::queryLeftOpen);
            guard.read(connection ->
                    connection.getMetaData().getTables(null, null, "%", null).next());
            guard.write(connection -> connection
                    .createStatement()
                    .executeQuery("INSERT INTO t VALUES (3), (4) RETURNING a")
                    .next());

            assertThat(count(guard)).isEqualTo(4);
        }
    }

    /** Kotlin and others throw checked exceptions that no signature mentions. */
    @Test
    void anExceptionThatNoSignatureMentionsRollsBack() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            for (Throwable thrown :
                    List.of(new IOException("x"), new OutOfMemoryError("x"), new StackOverflowError("x"))) {
                assertThatThrownBy(() -> guard.write(connection -> {
                            execute(connection, "INSERT INTO t VALUES (1)");
                            throw TransactionTest.<RuntimeException>sneaky(thrown);
                        }))
                        .isSameAs(thrown);
                assertThatThrownBy(() -> guard.read(connection -> {
                            throw TransactionTest.<RuntimeException>sneaky(thrown);
                        }))
                        .isSameAs(thrown);
            }

            assertThat(count(guard)).isZero();
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void aReadNeverWrites(Mode mode) throws Exception {
        try (Guard guard = openWithTable(mode)) {
            assertThatThrownBy(() -> guard.read(connection -> execute(connection, "INSERT INTO t VALUES (1)")))
                    .hasMessageContaining("readonly");
            guard.write(outer -> {
                assertThatThrownBy(() -> guard.read(inner -> execute(inner, "INSERT INTO t VALUES (1)")))
                        .hasMessageContaining("readonly");
                assertThatThrownBy(() -> guard.read(inner -> guard.write(innermost -> 0)))
                        .hasMessageContaining("begin with write()");
                return execute(outer, "INSERT INTO t VALUES (2)");
            });

            assertThat(count(guard)).isEqualTo(1);
        }
    }

    /** What broke: a reader that waits for a writer on another thread, which waits for all readers to leave: for ever. */
    @Test
    void aReadThatWaitsForAWriteOnAnotherThreadIsNotForEver() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Guard guard = openWithTable(Mode.ROLLBACK)) {
            assertThatThrownBy(() -> guard.read(connection -> {
                        count(connection);
                        Future<Integer> write =
                                thread.submit(() -> guard.write(other -> execute(other, "INSERT INTO t VALUES (1)")));
                        return get(write);
                    }))
                    .hasMessageContaining("SQLITE_BUSY");

            assertThat(count(guard)).isZero();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whatMaintenanceLeftBehindIsGone() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL, new Pragma("foreign_keys", "on", "asked for"))) {
            guard.maintain(connection -> execute(
                    connection,
                    "PRAGMA foreign_keys = off",
                    "ATTACH '" + directory.resolve("other.db") + "' AS other",
                    "BEGIN",
                    "INSERT INTO t VALUES (7)"));

            assertThat(guard.<String>write(connection -> text(connection, "PRAGMA foreign_keys")))
                    .isEqualTo("1");
            assertThat(guard.<String>write(connection -> text(connection, "SELECT count(*) FROM pragma_database_list")))
                    .isEqualTo("1");
            assertThat(count(guard)).isZero();
        }
    }

    @Test
    void aStatementOfAnotherThreadCannotSlipInAfterTheEnd() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Guard guard = openWithTable(Mode.WAL)) {
            for (int round = 0; round < 50; round++) {
                List<Future<?>> intruder = new ArrayList<>();
                ignore(() -> guard.write(connection -> {
                    intruder.add(thread.submit(() -> insertUntilRefused(connection)));
                    throw new SQLException("nothing of this");
                }));
                intruder.get(0).get();
            }

            assertThat(count(guard)).isZero();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void sideDoorsToOtherFilesAndModesAreShut() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection -> {
                for (String sql : List.of(
                        "backup to '" + directory.resolve("copy.db") + "'",
                        "restore from '" + directory.resolve("copy.db") + "'",
                        "EXPLAIN PRAGMA query_only = on",
                        "EXPLAIN QUERY PLAN PRAGMA query_only = on",
                        "PRAGMA busy_timeout = 0",
                        "SELECT load_extension('x')")) {
                    assertThatThrownBy(() -> execute(connection, sql)).as(sql).isInstanceOf(SQLException.class);
                }
                ignore(() -> execute(connection, "SELECT * FROM pragma_journal_mode('off')"));
                ignore(() -> execute(connection, "SELECT * FROM pragma_query_only(1)"));
                return execute(connection, "INSERT INTO t VALUES (1)");
            });
            assertThat(guard.<String>read(connection -> text(connection, "PRAGMA journal_mode")))
                    .isEqualTo("wal");
        }
        assertThat(directory.resolve("copy.db")).doesNotExist();
    }

    /** The plan says rollback, and meanwhile somebody has made it a WAL database: never converted behind his back. */
    @Test
    void aDatabaseThatBecameWalIsNotConvertedBack() throws Exception {
        openWithTable(Mode.WAL).close();

        assertThatThrownBy(() -> open(Mode.ROLLBACK)).hasMessageContaining("WS305");

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            assertThat(text(connection, "PRAGMA journal_mode")).isEqualTo("wal");
        }
    }

    @Test
    void aDatabaseThatIsOnlyReadIsRead() throws Exception {
        openWithTable(Mode.ROLLBACK).close();
        try (Guard guard = open(Mode.READ_ONLY)) {
            assertThat(count(guard)).isZero();
            assertThatThrownBy(() -> guard.write(connection -> 0)).hasMessageContaining("read only");
            assertThatThrownBy(() -> guard.read(connection -> execute(connection, "INSERT INTO t VALUES (1)")))
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void worksOnTwoGuardsNest() throws Exception {
        try (Guard one = openWithTable(Mode.WAL);
                Guard two = Guard.open(directory.toRealPath().resolve("two.db"), plan(Mode.ROLLBACK), true)) {
            two.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            assertThatCode(() -> one.read(reading -> two.write(writing -> {
                        one.read(again -> count(again));
                        return execute(writing, "INSERT INTO t VALUES (1)");
                    })))
                    .doesNotThrowAnyException();

            assertThat(count(two)).isEqualTo(1);
        }
    }

    private Guard open(Mode mode, Pragma... more) throws Exception {
        return Guard.open(database, plan(mode, more), true);
    }

    private Guard openWithTable(Mode mode, Pragma... more) throws Exception {
        Guard guard = open(mode, more);
        guard.write(connection -> execute(
                connection,
                "CREATE TABLE t(a UNIQUE)",
                "CREATE TABLE u(a)",
                "CREATE TRIGGER g BEFORE INSERT ON u BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END"));
        return guard;
    }

    private static Plan.Open plan(Mode mode, Pragma... more) {
        List<Pragma> pragmas = new ArrayList<>();
        if (mode != Mode.READ_ONLY) {
            boolean wal = mode == Mode.WAL || mode == Mode.WAL_ALONE;
            pragmas.add(new Pragma("locking_mode", mode == Mode.WAL_ALONE ? "exclusive" : "normal", "test"));
            pragmas.add(new Pragma("journal_mode", wal ? "wal" : "truncate", "test"));
        }
        pragmas.add(new Pragma("busy_timeout", "100", "test"));
        pragmas.addAll(List.of(more));
        String vfs = mode == Mode.ROLLBACK_DOTFILE ? "unix-dotfile" : "";
        return new Plan.Open(mode, vfs, pragmas, List.of(), List.of(), List.of());
    }

    private static void insertUntilRefused(Connection connection) {
        try {
            for (int i = 0; i < 1_000_000; i++) execute(connection, "INSERT INTO t VALUES (" + i + ")");
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("the work has ended");
        }
    }

    private interface Attempt {
        Object run() throws SQLException;
    }

    private static void ignore(Attempt attempt) {
        try {
            attempt.run();
        } catch (SQLException e) {
            // a careless work that goes on
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static int get(Future<Integer> future) throws SQLException {
        try {
            return future.get();
        } catch (Exception e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    @SuppressWarnings("try") // left open on purpose
    private static boolean queryLeftOpen(Connection connection) throws SQLException {
        return connection.createStatement().executeQuery("SELECT a FROM t").next();
    }

    private static int execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
        return sql.length;
    }

    private static int count(Guard guard) throws SQLException {
        return guard.<Integer>read(TransactionTest::count);
    }

    private static int count(Connection connection) throws SQLException {
        return Integer.parseInt(text(connection, "SELECT count(*) FROM t"));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
