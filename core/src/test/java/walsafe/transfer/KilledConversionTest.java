package walsafe.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.custody.Custody;
import walsafe.custody.Python;
import walsafe.facts.Facts;

/**
 * A conversion that is killed with SIGKILL at a random moment leaves, after the next command, a whole database with every
 * row that was acknowledged; the rows are counted outside it. Every third round has a -wal of another database beside it,
 * which must not be applied, so that the file itself is replaced. More: {@code -Dwalsafe.kills=100 -Dwalsafe.seed=1}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class KilledConversionTest {
    private static final int KILLS = Integer.getInteger("walsafe.kills", 10);
    private static final long LONGEST_MILLIS = 2500;

    @TempDir
    Path directory;

    private int rows;

    @Test
    void everyAcknowledgedRowIsThereAndTheNameIsAWholeDatabase() throws Exception {
        long seed = Long.getLong("walsafe.seed", System.nanoTime());
        var random = new Random(seed);
        Path database = directory.toRealPath().resolve("ledger.db");
        Path foreign = foreignWal();
        int cut = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            boolean mixedUp = kill % 3 == 2;
            if (mixedUp) beside(foreign, database);
            else written(database);
            JournalMode to = mixedUp || kill % 3 == 0 ? JournalMode.TRUNCATE : JournalMode.WAL;
            if (killed(database, to, random.nextLong(LONGEST_MILLIS))) cut++;
            Custody.settle(database);
            if (mixedUp) withoutTheForeignWal(database, foreign);
            check(database, "seed " + seed + ", kill " + kill);
            forget(database);
        }
        System.out.println("seed " + seed + ": " + cut + " of " + KILLS + " conversions were cut short");
    }

    /** Rows that are in the -wal alone if the database is in WAL mode. */
    private void written(Path database) throws Exception {
        if (!Files.exists(database)) Python.crashing(database, "c.execute('create table t(a)')");
        int first = rows;
        rows += 200;
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('pragma wal_autocheckpoint=0')",
                "for i in range(" + first + "," + rows + "): c.execute('insert into t values(?)', (i,))");
        if (first % 400 == 200) Python.crashing(database, "c.execute('pragma journal_mode=truncate')");
    }

    private Path foreignWal() throws Exception {
        Path other = directory.resolve("other.db");
        Python.crashing(
                other,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table other(a)')",
                "for i in range(300): c.execute('insert into other values(?)', (i,))");
        return directory.resolve("other.db-wal");
    }

    private void beside(Path foreign, Path database) throws Exception {
        written(database);
        Python.crashing(database, "c.execute('pragma journal_mode=truncate')");
        Files.copy(foreign, database.resolveSibling("ledger.db-wal"));
    }

    /** If the conversion did not come so far, the -wal is still there: untouched, and no SQLite of ours has met it. */
    private static void withoutTheForeignWal(Path database, Path foreign) throws Exception {
        Path wal = database.resolveSibling("ledger.db-wal");
        if (!Files.exists(wal)) return;
        assertThat(Files.mismatch(wal, foreign)).isEqualTo(-1);
        Files.delete(wal);
    }

    private static boolean killed(Path database, JournalMode to, long afterMillis) throws Exception {
        Process converter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Converter.class.getName(),
                        database.toString(),
                        to.name())
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        try (var lines = converter.inputReader(StandardCharsets.UTF_8)) {
            said.append(lines.readLine());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(afterMillis)); // the moment is what is random here
            converter.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine())
                said.append('\n').append(line);
        } finally {
            converter.toHandle().destroyForcibly();
            converter.waitFor();
        }
        boolean done = said.indexOf("CONVERTED") >= 0;
        assertThat(done || converter.exitValue() == 137).as(said.toString()).isTrue();
        return !done;
    }

    private void check(Path database, String round) throws Exception {
        assertThat(Facts.gather(database).database().hardLinks()).as(round).isEqualTo(1);
        assertThat(Python.answer(database, "pragma integrity_check")).as(round).isEqualTo("ok");
        assertThat(Python.answer(database, "select count(distinct a) from t"))
                .as(round)
                .isEqualTo(String.valueOf(rows));
    }

    /** The quarantine has room for three sets, and this makes more. */
    private static void forget(Path database) throws Exception {
        for (Path set : Custody.quarantined(database)) {
            try (var files = Files.list(set)) {
                for (Path each : files.toList()) Files.delete(each);
            }
            Files.delete(set);
        }
    }
}
