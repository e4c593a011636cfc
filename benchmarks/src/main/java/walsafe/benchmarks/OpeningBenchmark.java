package walsafe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.policy.Pragma;

/**
 * Opening a known local database, one read of it, and closing, through walsafe and bare with the same settings; the median
 * is {@code p0.50}. {@link Opening} says where the time goes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class OpeningBenchmark {
    private static final String COUNT = "SELECT count(*) FROM t";

    /** Where to measure; empty for the folder for temporary files. */
    @Param("")
    public String directory = "";

    private Path database = Path.of("");
    private List<Pragma> settings = List.of();

    /** A database that was closed properly. */
    @Setup
    public void prepare() throws IOException, SQLException {
        Path folder = directory.isEmpty()
                ? Files.createTempDirectory("opening")
                : Files.createTempDirectory(Path.of(directory), "opening");
        database = folder.toRealPath().resolve("known.db");
        try (SafeDatabase fresh = Walsafe.open(database)) {
            fresh.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            settings = fresh.plan().pragmas();
        }
    }

    @Benchmark
    public int throughWalsafe() throws SQLException {
        try (SafeDatabase safe = Walsafe.open(database)) {
            return safe.read(COUNT, rows -> {
                rows.next();
                return rows.getInt(1);
            });
        }
    }

    @Benchmark
    public boolean bare() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            for (Pragma pragma : settings) execute(connection, "PRAGMA " + pragma.name() + " = " + pragma.value());
            return execute(connection, COUNT);
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
