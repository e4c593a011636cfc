package walsafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Sharing;

/**
 * Two programs write into one database through walsafe at the same time. What each was told is kept is written down outside
 * the database, and all of it is there once.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class TwoWritersTest {
    private static final int ROWS = 150;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"wal, WAL", "truncate, ROLLBACK"})
    void nothingThatWasAcknowledgedIsLostOrDoubled(String journalMode, Mode mode) throws Exception {
        Path database = directory.resolve("shop.db");
        try (SafeDatabase fresh = Walsafe.open(database, intent(journalMode))) {
            fresh.write(connection -> connection.createStatement().execute("CREATE TABLE t(number)"));
            assertThat(fresh.plan().mode()).isEqualTo(mode);

            List<Process> writers = List.of(start(database, journalMode, 0), start(database, journalMode, 1_000_000));
            List<Integer> acknowledged = new ArrayList<>();
            for (Process writer : writers) acknowledged.addAll(said(writer));

            assertThat(acknowledged).hasSize(2 * ROWS);
            List<Integer> kept = fresh.read(TwoWritersTest::numbers);
            assertThat(kept).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

    private static List<Integer> numbers(Connection connection) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT number FROM t")) {
            while (row.next()) numbers.add(row.getInt(1));
        }
        return numbers;
    }

    /** The program that each of the two runs: one row a transaction, each number said aloud once it was acknowledged. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            int first = Integer.parseInt(arguments[2]);
            try (SafeDatabase database = Walsafe.open(Path.of(arguments[0]), intent(arguments[1]))) {
                for (int number = first; number < first + ROWS; number++) {
                    writeUntilKept(database, number);
                    System.out.println(number);
                }
            }
        }

        /** BUSY means that nothing was written, so it may be written again; any other error ends the program. */
        private static void writeUntilKept(SafeDatabase database, int number) throws SQLException {
            while (true) {
                try {
                    database.write(connection ->
                            connection.createStatement().executeUpdate("INSERT INTO t VALUES (" + number + ")"));
                    return;
                } catch (SQLException e) {
                    if (!String.valueOf(e.getMessage()).contains("SQLITE_BUSY")) throw e;
                }
            }
        }
    }

    private static Intent intent(String journalMode) {
        return Intent.DEFAULT.with(Sharing.ONE_HOST).wishing("journal_mode", journalMode);
    }

    private static Process start(Path database, String journalMode, int first) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        database.toString(),
                        journalMode,
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<Integer> said(Process writer) throws Exception {
        List<Integer> said = new ArrayList<>();
        try (var lines = new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine())
                said.add(Integer.parseInt(line));
        }
        assertThat(writer.waitFor()).isZero();
        return said;
    }
}
