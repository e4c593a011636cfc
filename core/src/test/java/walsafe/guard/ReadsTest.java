package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

/** Single statements that read, on real SQLite, in every mode that can write. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ReadsTest {
    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("shop.db");
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void oneStatementReadsWhatWasWritten(Mode mode) throws Exception {
        try (Guard guard = openWithTable(mode)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1, 'tea'), (2, NULL), (3, x'00ff')"));

            for (int i = 0; i < 3; i++) { // compiled, kept, used again
                List<Object> row = guard.read("SELECT a, b FROM t WHERE a = ?", ReadsTest::row, 1);
                assertThat(row).containsExactly(1, "tea");
            }
            assertThat(guard.<Boolean>read("SELECT b FROM t WHERE a = ?", rows -> rows.next() && rows.isNull("B"), 2))
                    .isTrue();
            assertThat(guard.<Integer>read("VALUES (?), (?)", ReadsTest::number, 7, null))
                    .isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "COMMIT",
                "INSERT INTO t VALUES (1, 1)",
                "INSERT INTO t VALUES (1, 1) RETURNING a",
                "DELETE FROM t",
                "CREATE TABLE u(a)",
                "ATTACH 'x.db' AS x",
                "VACUUM",
                "SELECT 1; SELECT 2",
                "SELECT 1; DELETE FROM t",
                "",
                "-- nothing",
                "PRAGMA journal_mode = delete",
                "PRAGMA query_only(0)",
                "PRAGMA main.user_version = 7",
                "PRAGMA wal_checkpoint",
                "PRAGMA main.wal_checkpoint(TRUNCATE)",
                "EXPLAIN PRAGMA query_only = 0",
                "EXPLAIN QUERY PLAN PRAGMA foreign_keys = 1",
                "WITH n AS (SELECT 1) INSERT INTO t SELECT 1, 1 FROM n",
                "WITH n AS (SELECT 1) DELETE FROM t",
                "WITH n AS (SELECT 1) INSERT INTO t SELECT 1, 1 FROM n RETURNING a"
            })
    void whatIsNotOneStatementThatReadsIsRefusedEverywhere(String sql) throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (42, 'kept')"));
            assertThatThrownBy(() -> guard.read(sql, ReadsTest::number)).isInstanceOf(SQLException.class);
            guard.write(connection -> {
                assertThatThrownBy(() -> guard.read(sql, ReadsTest::number)).isInstanceOf(SQLException.class);
                return true;
            });

            assertThat(guard.<Integer>read("SELECT sum(a) FROM t", ReadsTest::number))
                    .isEqualTo(42);
            assertThat(guard.<Integer>read("PRAGMA user_version", ReadsTest::number))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 42 -- ; not two",
                "SELECT 42;",
                "/* a */ SELECT 42 WHERE ';' <> ''",
                "WITH n(v) AS (SELECT 42) SELECT v FROM n",
                "VALUES (42)",
            })
    void whatReadsIsRead(String sql) throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThat(guard.<Integer>read(sql, ReadsTest::number)).isEqualTo(42);
            assertThat(guard.<Integer>write(c -> guard.read(sql, ReadsTest::number)))
                    .isEqualTo(42);
            assertThat(guard.<Integer>read("PRAGMA table_info('t')", ReadsTest::count))
                    .isEqualTo(2);
            assertThat(guard.<Integer>read("EXPLAIN DELETE FROM t", ReadsTest::count))
                    .isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void insideAWorkItSeesWhatTheWorkSees(Mode mode) throws Exception {
        try (Guard guard = openWithTable(mode)) {
            guard.write(connection -> {
                execute(connection, "INSERT INTO t VALUES (5, 5)");
                assertThat(sum(guard)).isEqualTo(5);
                return true;
            });
            guard.read(connection -> {
                assertThat(sum(guard)).isEqualTo(5);
                if (mode == Mode.WAL)
                    onAnotherThread(() -> guard.write(c -> execute(c, "INSERT INTO t VALUES (1, 1)")));
                assertThat(sum(guard)).isEqualTo(5); // the state of the work, not the newest
                return true;
            });
            guard.maintain(connection -> {
                execute(connection, "BEGIN");
                execute(connection, "DELETE FROM t");
                assertThat(sum(guard)).isZero();
                execute(connection, "ROLLBACK");
                assertThat(sum(guard)).isPositive();
                return true;
            });
        }
    }

    @Test
    void insideAWriteThatSqliteRolledBackNothingIsReadAsIfItStood() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            assertThatThrownBy(() -> guard.write(connection -> {
                        execute(connection, "INSERT INTO t VALUES (1, 1)");
                        assertThatThrownBy(() -> execute(connection, "INSERT OR ROLLBACK INTO t VALUES (1, 1)"))
                                .isInstanceOf(SQLException.class);
                        return sum(guard);
                    }))
                    .hasMessageContaining("rolled the transaction back");
            assertThat(sum(guard)).isZero(); // outside it is an ordinary read again
        }
    }

    @Test
    void furtherStatementsCanBeReadInsideRowsEvenTheSame() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)"));
            String sql = "SELECT a FROM t WHERE a > ? ORDER BY a";

            List<Integer> pairs = guard.read(
                    sql,
                    outer -> {
                        List<Integer> all = new ArrayList<>();
                        while (outer.next()) {
                            int a = outer.getInt(1);
                            all.add(a * 10 + guard.<Integer>read(sql, ReadsTest::count, a));
                        }
                        return all;
                    },
                    0);

            assertThat(pairs).containsExactly(12, 21, 30);
            assertThatThrownBy(() -> guard.read(sql, rows -> guard.write(c -> true), 0))
                    .hasMessageContaining("take them first");
            assertThatThrownBy(() -> guard.read(sql, rows -> guard.read(c -> true), 0))
                    .hasMessageContaining("take them first");
            assertThatThrownBy(() -> guard.read(sql, rows -> guard.maintain(c -> true), 0))
                    .hasMessageContaining("inside another work");
        }
    }

    /** A query that is not read to its end goes on holding its old state and its lock until it is reset. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WAL", "ROLLBACK"})
    void rowsThatWereNotReadToTheEndPinNothing(Mode mode) throws Exception {
        try (Guard guard = openWithTable(mode)) {
            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)"));
            int first = guard.<Integer>read("SELECT a FROM t", ReadsTest::number);
            assertThatThrownBy(() -> guard.read("SELECT a FROM t", rows -> {
                        rows.next();
                        throw new SQLException("enough");
                    }))
                    .hasMessage("enough");

            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (10, 10)"));

            assertThat(first).isEqualTo(1);
            assertThat(sum(guard)).isEqualTo(16);
            if (mode == Mode.ROLLBACK) writeFromOutside("INSERT INTO t VALUES (20, 20)"); // no lock was left behind
            else assertThat(guard.<Integer>maintain(c -> checkpointed(c))).isZero();
        }
    }

    @Test
    void withARollbackJournalAReadIsLetOutBeforeACommit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Guard guard = openWithTable(Mode.ROLLBACK)) {
            var readerIsIn = new CountDownLatch(1);
            var readerMayLeave = new CountDownLatch(1);
            Future<Boolean> reader = threads.submit(() -> guard.read("SELECT 1 FROM sqlite_schema", rows -> {
                boolean any = rows.next();
                readerIsIn.countDown();
                await(readerMayLeave);
                return any;
            }));
            await(readerIsIn);
            Future<?> writer = threads.submit(() -> guard.write(connection -> {
                execute(connection, "INSERT INTO t VALUES (1, 1)");
                readerMayLeave.countDown();
                return 0;
            }));

            writer.get();
            assertThat(reader.get()).isTrue();
            assertThat(sum(guard)).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * What would break: the driver keeps names and the number of columns from the first compilation, while SQLite compiles
     * a kept statement anew; "b" would then have been the value of c.
     */
    @Test
    void aKeptStatementFollowsTheSchema() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.write(connection ->
                    execute(connection, "CREATE TABLE u(a, b, c)", "INSERT INTO u VALUES ('a', 'b', 'c')"));
            Rows<String> b = rows -> rows.next() ? String.valueOf(rows.getString("b")) : "";
            assertThat(guard.<String>read("SELECT * FROM u", b)).isEqualTo("b");

            guard.write(connection -> execute(connection, "ALTER TABLE u DROP COLUMN a"));
            assertThat(guard.<String>read("SELECT * FROM u", b)).isEqualTo("b");

            guard.write(connection -> execute(connection, "ALTER TABLE u ADD COLUMN d DEFAULT 'd'"));
            assertThat(guard.<List<Object>>read("SELECT * FROM u", ReadsTest::row))
                    .containsExactly("b", "c", "d");
            guard.write(connection -> execute(connection, "ALTER TABLE u ADD COLUMN e DEFAULT 'e'"));
            assertThat(guard.<List<Object>>read("SELECT * FROM u", ReadsTest::row))
                    .containsExactly("b", "c", "d", "e");

            guard.write(connection -> execute(
                    connection, "DROP TABLE u", "CREATE TABLE u(c, b, a)", "INSERT INTO u VALUES ('c', 'b', 'a')"));
            assertThat(guard.<String>read("SELECT * FROM u", b)).isEqualTo("b");
            assertThat(guard.<String>read("SELECT * FROM u", rows -> rows.next() ? rows.name(1) : ""))
                    .isEqualTo("c");
        }
    }

    @Test
    void theRowsAreDeadAfterTheReadAndOnOtherThreads() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            var seen = new AtomicReference<Throwable>();
            Cursor kept = guard.read("SELECT 1", rows -> {
                onAnotherThread(() -> {
                    try {
                        return rows.next();
                    } catch (SQLException e) {
                        seen.set(e);
                        return false;
                    }
                });
                return rows;
            });

            assertThatThrownBy(kept::next).hasMessageContaining("the read has ended");
            assertThat(seen.get()).hasMessageContaining("another thread's");
        }
    }

    @Test
    void aWrongNumberOfParametersIsToldAndNoOldOneIsUsed() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            guard.read("SELECT ?", ReadsTest::number, 1);
            assertThatThrownBy(() -> guard.read("SELECT ?", ReadsTest::number)).hasMessageContaining("1 parameters");
            assertThatThrownBy(() -> guard.read("SELECT ?", ReadsTest::number, 1, 2))
                    .hasMessageContaining("given were 2");
            assertThatThrownBy(() -> guard.read("SELECT ?", rows -> rows.getInt("nothing"), 1))
                    .hasMessageContaining("no column is named nothing");
        }
    }

    /** Far more texts than are kept, and each still works when it comes again. */
    @Test
    void howeverManyStatementsTheOldestMakeRoom() throws Exception {
        try (Guard guard = openWithTable(Mode.WAL)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 200; i++) {
                    assertThat(guard.<Integer>read("SELECT " + i, ReadsTest::number))
                            .isEqualTo(i);
                }
            }
            byte[] large = new byte[100_000];
            assertThat(guard.<Integer>read("SELECT length(?)", ReadsTest::number, large))
                    .isEqualTo(large.length);
            assertThat(guard.<Integer>read("SELECT length(?)", ReadsTest::number, "four"))
                    .isEqualTo(4);
        }
    }

    private Guard openWithTable(Mode mode) throws Exception {
        Guard guard = Guard.open(database, plan(mode), true);
        guard.write(connection -> execute(connection, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)"));
        return guard;
    }

    private static Plan.Open plan(Mode mode) {
        List<Pragma> pragmas = new ArrayList<>();
        if (mode == Mode.WAL_ALONE) pragmas.add(new Pragma("locking_mode", "exclusive", "test"));
        boolean wal = mode == Mode.WAL || mode == Mode.WAL_ALONE;
        pragmas.add(new Pragma("journal_mode", wal ? "wal" : "truncate", "test"));
        pragmas.add(new Pragma("busy_timeout", "5000", "test"));
        return new Plan.Open(
                mode, mode == Mode.ROLLBACK_DOTFILE ? "unix-dotfile" : "", pragmas, List.of(), List.of(), List.of());
    }

    private static int sum(Guard guard) throws SQLException {
        return guard.<Integer>read("SELECT coalesce(sum(a), 0) FROM t", ReadsTest::number);
    }

    private static int number(Cursor rows) throws SQLException {
        assertThat(rows.next()).isTrue();
        return rows.getInt(1);
    }

    private static int count(Cursor rows) throws SQLException {
        int count = 0;
        while (rows.next()) count++;
        return count;
    }

    private static List<Object> row(Cursor rows) throws SQLException {
        assertThat(rows.next()).isTrue();
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= rows.columns(); i++) row.add(rows.getObject(i));
        return row;
    }

    private static int checkpointed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            row.next();
            return row.getInt(1); // 1 if somebody stood in its way
        }
    }

    private void writeFromOutside(String sql) throws SQLException {
        assertThat(Files.exists(database)).isTrue();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            execute(connection, sql);
        }
    }

    private interface Task {
        boolean run() throws SQLException;
    }

    private static void onAnotherThread(Task task) throws SQLException {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(task::run).get();
        } catch (Exception e) {
            throw new SQLException(e);
        } finally {
            thread.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) throws SQLException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    private static boolean execute(Connection connection, String... sql) throws SQLException {
        for (String one : sql) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(one);
            }
        }
        return true;
    }
}
