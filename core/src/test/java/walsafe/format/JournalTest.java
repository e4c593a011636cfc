package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 500)"
            + " INSERT INTO t SELECT randomblob(3000) FROM n";

    @TempDir
    Path directory;

    @Test
    void theJournalOfAKilledProgramNamesWhatItWouldPutBack() throws Exception {
        Path database = Sqlite.database(directory.resolve("hot.db"), "CREATE TABLE t(x)", MANY);
        long pages = Files.size(database) / 4096;
        Victim.killed(database, "PRAGMA cache_size=5", "BEGIN", "UPDATE t SET x = 0", MANY);

        Journal journal = read(database);

        assertThat(journal.headerValid()).isTrue();
        assertThat(journal.pageSizeBytes()).isEqualTo(4096);
        assertThat(journal.databasePages()).isEqualTo(pages);
        assertThat(journal.records()).isPositive();
        assertThat(journal.superJournal()).isEmpty();
    }

    /**
     * Two databases in one transaction, of which the second grows beyond the size that a file of that process may have:
     * it is killed after the first has been written.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aSuperJournalIsNamed_andLookedFor() throws Exception {
        Path one = Sqlite.database(directory.resolve("one.db"), "CREATE TABLE t(x)");
        Path two = Sqlite.database(directory.resolve("two.db"), "CREATE TABLE u(x)");
        int died = python("""
                import resource, signal, sqlite3, sys
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
                connection = sqlite3.connect(sys.argv[1], isolation_level=None)
                connection.execute("ATTACH ? AS two", (sys.argv[2],))
                connection.execute("BEGIN")
                connection.execute("INSERT INTO t VALUES (1)")
                connection.execute("INSERT INTO u VALUES (randomblob(300000))")
                connection.execute("COMMIT")
                """, one, two);
        assumeThat(died).as("python3 with sqlite3 is there and was killed").isGreaterThan(128);

        Journal journal = read(one);

        assertThat(journal.superJournal())
                .hasValueSatisfying(name -> assertThat(name).startsWith(one + "-mj"));
        assertThat(journal.superJournalExists()).isTrue();

        Files.delete(Path.of(journal.superJournal().orElseThrow()));
        assertThat(read(one).superJournalExists()).isFalse();
    }

    @Test
    void aTruncatedAndAZeroedJournalAreAtRest() throws Exception {
        for (String mode : new String[] {"TRUNCATE", "PERSIST"}) {
            Path database = directory.resolve(mode);
            Sqlite.database(database, "PRAGMA journal_mode=" + mode, "CREATE TABLE t(x)", "INSERT INTO t VALUES (1)");

            Journal journal = read(database);

            assertThat(journal.headerValid()).as(mode).isFalse();
            assertThat(journal.sizeBytes()).isEqualTo(Files.size(Sqlite.beside(database, "-journal")));
            assertThat(journal.sizeBytes() > 0).isEqualTo(mode.equals("PERSIST"));
        }
    }

    @Test
    void anyBytesGiveAnAnswer() throws Exception {
        Path database = directory.resolve("vandalised");
        byte[] sound = new byte[3000];
        byte[] magic = {(byte) 0xd9, (byte) 0xd5, 5, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7};
        System.arraycopy(magic, 0, sound, 0, 8);
        System.arraycopy(magic, 0, sound, 2992, 8);
        for (long seed = 0; seed < 2000; seed++) {
            Files.write(Sqlite.beside(database, "-journal"), new Vandal(seed).damaged(sound));
            assertThat(read(database).superJournal()).as("seed %d", seed).isEmpty();
        }
    }

    private static int python(String program, Path... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-c", program));
        for (Path each : arguments) command.add(each.toString());
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static Journal read(Path database) throws IOException {
        try (DatabaseFile file = DatabaseFile.open(Sqlite.beside(database, "-journal"))) {
            return Journal.read(file);
        }
    }
}
