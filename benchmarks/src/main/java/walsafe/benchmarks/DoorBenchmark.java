package walsafe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.guard.Cursor;
import walsafe.policy.Pragma;

/**
 * The same statements through walsafe and on a bare connection with the same settings, each in JVMs of its own. {@link
 * Door} compares them in one JVM, in turn: better where the machine is busy, worse where the compiler's luck decides.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
public class DoorBenchmark {
    private static final String SELECT = "SELECT b FROM t WHERE a = ?";
    private static final String INSERT = "INSERT INTO t(b) VALUES ('tea')";
    private static final int ROWS = 10_000;
    private static final int ROW = 4711;

    /** Where to measure; empty for the folder for temporary files. */
    @Param("")
    public String directory = "";

    private @Nullable SafeDatabase safe;
    private @Nullable Connection bare;
    private @Nullable PreparedStatement select;

    /** Two databases alike, one open each way. */
    @Setup
    public void open() throws IOException, SQLException {
        Path folder = directory.isEmpty()
                ? Files.createTempDirectory("door")
                : Files.createTempDirectory(Path.of(directory), "door");
        SafeDatabase ours = Walsafe.open(folder.resolve("safe.db"));
        Connection theirs = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("bare.db"));
        for (Pragma pragma : ours.plan().pragmas()) execute(theirs, "PRAGMA " + pragma.name() + " = " + pragma.value());
        fill(theirs);
        ours.write(
                connection -> { // not maintain(), which empties the -wal: then each read asks for the file's size
                    fill(connection);
                    return true;
                });
        safe = ours;
        bare = theirs;
        select = theirs.prepareStatement(SELECT);
    }

    @TearDown
    public void close() throws SQLException {
        Objects.requireNonNull(safe).close();
        Objects.requireNonNull(bare).close();
    }

    @Benchmark
    public int readThroughWalsafe() throws SQLException {
        return Objects.requireNonNull(safe).read(SELECT, DoorBenchmark::length, ROW);
    }

    @Benchmark
    public int readBare() throws SQLException {
        PreparedStatement statement = Objects.requireNonNull(select);
        statement.setInt(1, ROW);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1).length();
        }
    }

    @Benchmark
    public int writeThroughWalsafe() throws SQLException {
        return Objects.requireNonNull(safe).write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                return statement.executeUpdate();
            }
        });
    }

    @Benchmark
    public int writeBare() throws SQLException {
        try (PreparedStatement statement = Objects.requireNonNull(bare).prepareStatement(INSERT)) {
            return statement.executeUpdate();
        }
    }

    private static int length(Cursor row) throws SQLException {
        row.next();
        return Objects.requireNonNull(row.getString(1)).length();
    }

    private static void fill(Connection connection) throws SQLException {
        execute(connection, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
        execute(
                connection,
                "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT " + ROWS
                        + ") INSERT INTO t SELECT value, hex(randomblob(50)) FROM n");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
