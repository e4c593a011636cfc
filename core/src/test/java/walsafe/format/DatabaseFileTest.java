package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {
    @TempDir
    Path directory;

    @Test
    void aDatabaseThatNobodyHasOpenIsRead() throws Exception {
        Path database = small("with spaces and ünïcode ☃.db");

        try (DatabaseFile file = DatabaseFile.open(database)) {
            assertThat(file.sizeBytes()).isEqualTo(Files.size(database));
            assertThat(file.read(0, 16)).asString().isEqualTo("SQLite format 3\0");
            assertThat(file.read(file.sizeBytes() - 3, 10)).hasSize(3);
            assertThat(file.read(file.sizeBytes() + 3, 10)).isEmpty();
            assertThat(file.header()).isPresent();
        }
    }

    @Test
    void readsAreBounded() throws Exception {
        try (DatabaseFile file = DatabaseFile.open(small("a.db"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(0, DatabaseFile.MAX_READ_BYTES + 1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(-1, 1));
        }
    }

    @Test
    void farOffsetsAreRead() throws Exception {
        Path sparse = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(5L << 30);
            file.seek((5L << 30) - 1);
            file.write(7);
        }

        try (DatabaseFile file = DatabaseFile.open(sparse)) {
            assertThat(file.sizeBytes()).isEqualTo(5L << 30);
            assertThat(file.read((5L << 30) - 2, 9)).containsExactly(0, 7);
        }
    }

    /**
     * Closing any descriptor of a file drops all locks of the process on it: with sqlite-jdbc in a transaction, reading
     * the header in the same JVM let another process commit over it. Nobody saw it, since both were told "ok".
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDatabaseOpenInThisProcessIsRefused_andKeepsItsLocks() throws Exception {
        Path database = small("live.db");
        Path hardLink = Files.createLink(directory.resolve("hard"), database);
        Path symbolicLink = Files.createSymbolicLink(directory.resolve("soft"), database);

        try (Connection connection = Sqlite.connect(database)) {
            Sqlite.run(connection, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)");
            List<String> before = Sqlite.ownLocks();

            for (Path name : List.of(database, hardLink, symbolicLink, Sqlite.beside(database, "-journal"))) {
                assertThatExceptionOfType(DatabaseFile.Refused.class)
                        .isThrownBy(() -> DatabaseFile.open(name))
                        .withMessageContaining("open in this process");
            }

            assertThat(before).isNotEmpty();
            assertThat(Sqlite.ownLocks()).isEqualTo(before);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theWalAndTheWalIndexAreRefusedToo() throws Exception {
        Path database = small("wal.db");
        try (Connection connection = Sqlite.connect(database)) {
            Sqlite.run(connection, "PRAGMA journal_mode=WAL", "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)");
            List<String> before = Sqlite.ownLocks();

            for (String suffix : List.of("-wal", "-shm")) {
                assertThatExceptionOfType(DatabaseFile.Refused.class)
                        .isThrownBy(() -> DatabaseFile.open(Sqlite.beside(database, suffix)));
            }

            assertThat(Sqlite.ownLocks()).isEqualTo(before);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whenSqliteOpensTheFileWhileItIsRead_closingWaitsUntilSqliteHasClosed() throws Exception {
        Path database = small("late.db");
        Object identity = Files.getAttribute(database, "fileKey");
        Connection connection;
        List<String> before;
        try (DatabaseFile reading = DatabaseFile.open(database)) {
            assertThat(reading.header()).isPresent();
            connection = Sqlite.connect(database);
            Sqlite.run(connection, "BEGIN IMMEDIATE");
            before = Sqlite.ownLocks();
        }
        try (connection) {

            assertThat(Sqlite.ownLocks()).isEqualTo(before).isNotEmpty();
            assertThatExceptionOfType(DatabaseFile.Refused.class).isThrownBy(() -> DatabaseFile.open(database));
            assertThat(Sqlite.ownLocks()).isEqualTo(before);
        }
        DatabaseFile.open(database).close();

        assertThat(Descriptors.of(identity)).hasValue(0);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void severalReadersShareOneDescriptor() throws Exception {
        Path database = small("shared.db");
        Object identity = Files.getAttribute(database, "fileKey");

        try (DatabaseFile one = DatabaseFile.open(database);
                DatabaseFile other = DatabaseFile.open(database)) {
            assertThat(Descriptors.of(identity)).hasValue(1);
            assertThat(one.header()).isEqualTo(other.header());
            assertThat(other.header()).isPresent();
        }

        assertThat(Descriptors.of(identity)).hasValue(0);
    }

    @Test
    void aReaderThatIsInterruptedKeepsTheFileOpen() throws Exception {
        try (DatabaseFile file = DatabaseFile.open(small("interrupted.db"))) {
            Thread.currentThread().interrupt();
            file.read(0, 100);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(file.header()).isPresent();
        }
    }

    @Test
    void theLedgerKeepsBytesAndSqliteApart() throws Exception {
        Path database = small("ledger.db");
        Path wal = Files.createFile(Sqlite.beside(database, "-wal"));

        try (DatabaseFile reading = DatabaseFile.open(database)) {
            assertThat(reading.header()).isPresent();
            assertThatExceptionOfType(DatabaseFile.Refused.class)
                    .isThrownBy(() -> Ledger.openingThroughSqlite(database));
        }
        try (Ledger.Opening opening = Ledger.openingThroughSqlite(database)) {
            assertThat(opening).isNotNull();
            assertThatExceptionOfType(DatabaseFile.Refused.class).isThrownBy(() -> DatabaseFile.open(database));
            assertThatExceptionOfType(DatabaseFile.Refused.class).isThrownBy(() -> DatabaseFile.open(wal));
        }
        DatabaseFile.open(database).close();
    }

    @Test
    void aDatabaseStillToBeMadeCanBeRegistered() throws Exception {
        Path database = directory.resolve("new.db");

        try (Ledger.Opening opening = Ledger.openingThroughSqlite(database)) {
            assertThat(opening).isNotNull();
            Files.createFile(database);
            assertThatExceptionOfType(DatabaseFile.Refused.class).isThrownBy(() -> DatabaseFile.open(database));
        }
    }

    @Test
    void aDirectoryAndAMissingFileAreNotOpened() {
        assertThatExceptionOfType(DatabaseFile.Refused.class)
                .isThrownBy(() -> DatabaseFile.open(directory))
                .withMessage("it is not a regular file");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> DatabaseFile.open(directory.resolve("none")));
    }

    /** Opening a pipe for reading would wait for somebody to write to it. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPipeIsNotOpened() throws Exception {
        Path pipe = directory.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

        assertThatExceptionOfType(DatabaseFile.Refused.class).isThrownBy(() -> DatabaseFile.open(pipe));
    }

    /** Sqlite-jdbc is loaded here; the question is asked only where there is no /proc. */
    @Test
    void aLoadedLibraryIsNoticed() throws Exception {
        small("loads.db");

        assertThat(Descriptors.sqliteMayBeLoaded()).isTrue();
    }

    private Path small(String name) throws Exception {
        return Sqlite.database(directory.resolve(name), "CREATE TABLE t(x)");
    }

    static byte[] first(Path file) throws IOException {
        try (DatabaseFile opened = DatabaseFile.open(file)) {
            return opened.read(0, 4096);
        }
    }
}
