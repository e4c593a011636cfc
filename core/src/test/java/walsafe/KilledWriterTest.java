package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer that is killed with SIGKILL at a random moment has lost nothing that it was told is kept, and left nothing half
 * done. The ledger of what was acknowledged is kept outside the database: {@code integrity_check} says ok about rows that
 * are gone. More rounds: {@code -Dwalsafe.kills=500 -Dwalsafe.seed=1}.
 */
final class KilledWriterTest {
    private static final int KILLS = Integer.getInteger("walsafe.kills", 10);
    private static final Duration LONGEST = Duration.ofMinutes(5).plusSeconds(30L * KILLS); // one takes 4 s as a rule

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedCommitIsThereAndNoneByHalves() {
        assertTimeoutPreemptively(LONGEST, this::killAndCount);
    }

    private void killAndCount() throws Exception {
        long seed = Long.getLong("walsafe.seed", System.nanoTime());
        var random = new Random(seed);
        Path database = directory.resolve("ledger.db");
        try (SafeDatabase fresh = Walsafe.open(database)) {
            fresh.write(connection -> connection.createStatement().execute("CREATE TABLE t(number, part)"));
        }

        Set<Integer> acknowledged = new TreeSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(killedAfter(1 + random.nextInt(200), database, kill * 1_000_000));
            check(database, acknowledged, seed, kill);
        }
    }

    /** What the writer said before it was killed, after so many acknowledgements and a little. */
    private static Set<Integer> killedAfter(int acknowledgements, Path database, int first) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        database.toString(),
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<Integer> said = new TreeSet<>();
        try (var lines = new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(Integer.parseInt(line));
                if (said.size() == acknowledgements) writer.toHandle().destroyForcibly(); // leaves the stream open
            }
        } finally {
            writer.toHandle().destroyForcibly();
            writer.waitFor();
        }
        assertThat(said).hasSizeGreaterThanOrEqualTo(acknowledgements);
        return said;
    }

    private static void check(Path database, Set<Integer> acknowledged, long seed, int kill) throws Exception {
        try (SafeDatabase opened = Walsafe.open(database)) {
            opened.read(connection -> {
                Set<Integer> whole = new TreeSet<>();
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT number, count(*) FROM t GROUP BY number")) {
                    while (rows.next()) {
                        assertThat(rows.getInt(2))
                                .as("parts of %s, seed %s", rows.getInt(1), seed)
                                .isEqualTo(3);
                        whole.add(rows.getInt(1));
                    }
                }
                assertThat(whole).as("seed %s, kill %s", seed, kill).containsAll(acknowledged);
                return true;
            });
        }
    }
}
