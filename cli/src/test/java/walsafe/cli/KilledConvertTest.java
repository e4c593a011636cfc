package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code walsafe convert} is killed with SIGKILL at a random moment, and the next command is one of a person's: doctor, or
 * convert again. Every row that was acknowledged is there then. Every other round has a -wal of another database beside it,
 * and it is walsafe's to see that it is not applied. More: {@code -Dwalsafe.kills=100 -Dwalsafe.seed=1}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledConvertTest {
    private static final int KILLS = Integer.getInteger("walsafe.kills", 4);
    private static final int LONGEST_MILLIS = 2500;

    @TempDir
    Path folder = Path.of("");

    private int rows;

    @Test
    void theNextCommandLeavesAWholeDatabaseWithEveryRow() throws Exception {
        long seed = Long.getLong("walsafe.seed", System.nanoTime());
        Random random = new Random(seed);
        Path database = folder.toRealPath().resolve("ledger.db");
        byte[] foreign = foreignWal();
        for (int kill = 0; kill < KILLS; kill++) {
            String round = "seed " + seed + ", kill " + kill;
            boolean mixedUp = kill % 2 == 1;
            write(database);
            if (mixedUp) {
                python(database, "c.execute('pragma journal_mode=truncate')");
                Files.write(wal(database), foreign);
            }

            kill(database, random.nextInt(LONGEST_MILLIS));
            if (kill % 4 < 2) walsafe("doctor", database.toString());

            if (kill % 4 < 2)
                assertThat(beside(database).resolve("intent")).as(round).doesNotExist();
            if (mixedUp && Files.exists(wal(database)))
                assertThat(Files.readAllBytes(wal(database))).as(round).isEqualTo(foreign);
            assertThat(walsafe("convert", "--to", "truncate", database.toString()))
                    .as(round)
                    .containsAnyOf("CONVERTED", "ALREADY SO");
            assertThat(answer(database, "pragma integrity_check")).as(round).isEqualTo("ok");
            assertThat(answer(database, "select count(distinct a) from t"))
                    .as(round)
                    .isEqualTo(String.valueOf(rows));
            assertThat(Files.getAttribute(database, "unix:nlink")).as(round).isEqualTo(1);
            if (mixedUp) forget(database, foreign, round);
        }
    }

    /** Rows that are in the -wal alone. */
    private void write(Path database) throws Exception {
        int first = rows;
        rows += 200;
        python(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('pragma wal_autocheckpoint=0')",
                "c.execute('create table if not exists t(a)')",
                "for i in range(" + first + "," + rows + "): c.execute('insert into t values(?)', (i,))");
    }

    private byte[] foreignWal() throws Exception {
        Path other = folder.resolve("other.db");
        python(
                other,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table other(a)')",
                "for i in range(300): c.execute('insert into other values(?)', (i,))");
        return Files.readAllBytes(folder.resolve("other.db-wal"));
    }

    /** Kills the command itself; its children end with it. */
    private static void kill(Path database, int afterMillis) throws Exception {
        Process converter = command("convert", "--to", "truncate", database.toString());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(afterMillis)); // the moment is what is random here
        List<ProcessHandle> children = converter.toHandle().descendants().toList();
        converter.destroyForcibly().waitFor();
        for (ProcessHandle child : children) child.onExit().join();
    }

    private static String walsafe(String... arguments) throws Exception {
        Process process = command(arguments);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private static Process command(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** The old files are kept, that -wal among them; there is room for three sets, and this makes more. */
    private static void forget(Path database, byte[] foreign, String round) throws IOException {
        try (Stream<Path> all = Files.walk(beside(database).resolve("quarantine"))) {
            List<Path> kept = all.filter(Files::isRegularFile).toList();
            Path wal = kept.stream()
                    .filter(each -> each.endsWith("ledger.db-wal"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readAllBytes(wal)).as(round).isEqualTo(foreign);
            for (Path each : kept) Files.delete(each);
        }
        try (Stream<Path> sets = Files.list(beside(database).resolve("quarantine"))) {
            for (Path set : sets.toList()) Files.delete(set);
        }
    }

    private static Path beside(Path database) {
        return database.resolveSibling("ledger.db-walsafe.d");
    }

    private static Path wal(Path database) {
        return database.resolveSibling("ledger.db-wal");
    }

    /** As a program does it that is killed: nothing is closed. */
    private static void python(Path database, String... statements) throws Exception {
        String text = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                + String.join("\n", statements) + "\nos._exit(0)";
        assertThat(said("python3", "-c", text, database.toString())).isEmpty();
    }

    private static String answer(Path database, String sql) throws Exception {
        String text =
                "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nprint(c.execute(sys.argv[2]).fetchone()[0])";
        return said("python3", "-c", text, database.toString(), sql).strip();
    }

    private static String said(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
