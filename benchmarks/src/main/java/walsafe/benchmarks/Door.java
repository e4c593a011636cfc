package walsafe.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.guard.Cursor;
import walsafe.policy.Pragma;

/**
 * What {@code write} of one row, {@code read} of one row and {@code read(sql)} of one row cost through walsafe, against the same statements on a bare
 * connection with the same settings. Pairs of short runs in turn, so that a busy machine hurts both alike; medians. The
 * processor's time of this thread leaves out the waiting: for a disk, and for other programs.
 *
 * <p>Run: {@code java -cp ... walsafe.benchmarks.Door /a/directory}
 */
public final class Door {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int PAIRS = 41;
    private static final int WARM_UP = 40;
    private static final int WRITES = 200;
    private static final int READS = 20_000;

    private static final String SELECT = "SELECT b FROM t WHERE a = ?";
    private static final int ROW = 4711;

    private Door() {}

    /** Prints medians in microseconds and ratios of throughput. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "door");
        try (SafeDatabase safe = Walsafe.open(directory.resolve("safe.db"));
                Connection bare = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("bare.db"))) {
            for (Pragma pragma : safe.plan().pragmas())
                execute(bare, "PRAGMA " + pragma.name() + " = " + pragma.value());
            // Written alike, and read first: what SQLite does at each read depends on what is in the -wal. Over an
            // empty one,
            // for example, it asks for the size of the file.
            safe.write(Door::prepare);
            prepare(bare);
            try (PreparedStatement kept = bare.prepareStatement(SELECT)) {
                compare("read(sql)", READS, () -> safe.read(SELECT, Door::length, ROW), () -> selectKept(kept));
            }
            compare("read", READS, () -> safe.read(Door::select), () -> select(bare));
            compare("write", WRITES, () -> safe.write(Door::insert), () -> insert(bare));
        }
    }

    private interface Step {
        int run() throws SQLException;
    }

    private static void compare(String name, int times, Step safe, Step bare) throws SQLException {
        Took[] safely = new Took[PAIRS];
        Took[] barely = new Took[PAIRS];
        for (int pair = -WARM_UP; pair < PAIRS; pair++) {
            Took one = took(times, safe);
            Took other = took(times, bare);
            if (pair < 0) continue;
            safely[pair] = one;
            barely[pair] = other;
        }
        tell(name, safely, barely, Took::micros);
        tell("  of a processor", safely, barely, Took::processorMicros);
    }

    private static void tell(String name, Took[] safely, Took[] barely, ToDoubleFunction<Took> of) {
        double[] ratios = new double[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            ratios[pair] = of.applyAsDouble(barely[pair]) / of.applyAsDouble(safely[pair]);
        }
        System.out.printf(
                "%s: walsafe %.2f us, bare %.2f us, throughput %.2f of bare%n",
                name,
                median(Arrays.stream(safely).mapToDouble(of).toArray()),
                median(Arrays.stream(barely).mapToDouble(of).toArray()),
                median(ratios));
    }

    private record Took(double micros, double processorMicros) {}

    private static Took took(int times, Step step) throws SQLException {
        long processor = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) step.run();
        double micros = (System.nanoTime() - start) / 1e3;
        return new Took(micros / times, (THREADS.getCurrentThreadCpuTime() - processor) / 1e3 / times);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static int prepare(Connection connection) throws SQLException {
        execute(connection, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
        execute(
                connection,
                "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 10000)"
                        + " INSERT INTO t SELECT value, hex(randomblob(50)) FROM n");
        return 0;
    }

    private static int insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t(b) VALUES (?)")) {
            insert.setString(1, "tea");
            return insert.executeUpdate();
        }
    }

    private static int select(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setInt(1, ROW);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1).length();
            }
        }
    }

    /** As a careful program would: the statement is compiled once, the rows are closed each time. */
    private static int selectKept(PreparedStatement select) throws SQLException {
        select.setInt(1, ROW);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1).length();
        }
    }

    private static int length(Cursor row) throws SQLException {
        row.next();
        return Objects.requireNonNull(row.getString(1)).length();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
