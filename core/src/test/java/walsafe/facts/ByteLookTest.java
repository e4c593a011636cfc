package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.format.DatabaseFile;
import walsafe.format.Journal;
import walsafe.format.Sqlite;
import walsafe.format.WalIndex;
import walsafe.format.WalSummary;

/** Who reads the bytes, and that it makes no difference to what is told. */
@EnabledOnOs(OS.LINUX)
class ByteLookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate", "persist"})
    void aChildTellsWhatWouldBeReadHere(String mode) throws Exception {
        Path database = database("with spaces, ünïcode ☃ and %0A.db", mode);
        Path copy = directory.resolve("copy").resolve(database.getFileName());
        try (Connection connection = open(database)) {
            execute(connection, "BEGIN IMMEDIATE");
            execute(connection, "INSERT INTO t VALUES (2)");

            FileBytes told = look(database, StorageClass.LOCAL, PATIENCE);

            copySet(copy);
            assertThat(told).isEqualTo(FileSet.read(copy, FileStatus.of(copy)));
            assertThat(told.content()).isEqualTo(Content.DATABASE);
            assertThat(told.notRead()).isEmpty();
        }
    }

    @Test
    void whatNobodyHasOpenIsReadHere() throws Exception {
        Path database = database("a.db", "wal");

        FileBytes read = withoutJava(() -> look(database, StorageClass.LOCAL, PATIENCE));

        assertThat(read.content()).isEqualTo(Content.DATABASE);
    }

    /** A run-time image without its launcher, or a sandbox that forbids processes: not read is the answer, not a lock lost. */
    @Test
    void whereNoChildCanBeStartedThatIsTold_andNoLockIsLost() throws Exception {
        Path database = database("a.db", "wal");
        try (Connection connection = open(database)) {
            execute(connection, "INSERT INTO t VALUES (2)");
            execute(connection, "BEGIN IMMEDIATE");
            List<String> before = Sqlite.ownLocks();

            FileBytes bytes = withoutJava(() -> look(database, StorageClass.LOCAL, PATIENCE));

            assertThat(Sqlite.ownLocks()).isEqualTo(before).isNotEmpty();
            assertThat(bytes.content()).isEqualTo(Content.NOT_READ);
            assertThat(bytes.header()).isEmpty();
            assertThat(bytes.wal().orElseThrow().scannedAll()).isFalse();
            assertThat(bytes.notRead())
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith("it is open in this process, so that only a process of its own may read it")
                            .contains("there is no " + directory));
        }
    }

    @Test
    void aChildIsNotWaitedForLongerThanTold() throws Exception {
        Path database = database("a.db", "wal");
        try (Connection connection = open(database)) {
            execute(connection, "INSERT INTO t VALUES (2)");

            assertThat(look(database, StorageClass.LOCAL, Duration.ofMillis(1)).notRead())
                    .hasValueSatisfying(why -> assertThat(why).contains("gave no answer in 1 ms"));
        }
    }

    /** A kept descriptor would matter there, and sqlite-jdbc is loaded here: it may open the file at any moment. */
    @ParameterizedTest
    @ValueSource(strings = {"FUSE_LOCAL", "NETWORK", "VM_SHARED", "UNKNOWN"})
    void onOtherStorageAChildReadsAlsoWhatIsClosed(String kind) throws Exception {
        Path database = database("a.db", "truncate");

        FileBytes without = withoutJava(() -> look(database, StorageClass.valueOf(kind), PATIENCE));

        assertThat(without.notRead())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("it may be opened in this process at any moment"));
        assertThat(look(database, StorageClass.valueOf(kind), PATIENCE).content())
                .isEqualTo(Content.DATABASE);
    }

    @Test
    void aRecordSurvivesBeingTold() {
        FileBytes all = new FileBytes(
                Content.SOMETHING_ELSE,
                Optional.of("!a\nb\r\u0000 ü%0A\u2028"),
                Optional.empty(),
                Optional.of(new WalSummary(1, 512, 4294967295L, 2, 3, 4, 5, 6, false, Optional.of(false), "")),
                Optional.of(new WalIndex(true, 7, 8, List.of(0L, 1L, 4294967295L), 9, 10)),
                Optional.of(new Journal(11, true, -1, 12, 13, Optional.of("/tmp/a b"), true)),
                Optional.of("why"),
                true);

        assertThat(RecordLines.of(all)).noneMatch(line -> line.startsWith("!") || line.contains("\n"));
        assertThat(RecordLines.read(FileBytes.class, RecordLines.of(all))).isEqualTo(all);
        assertThat(RecordLines.read(FileBytes.class, RecordLines.of(FileBytes.unread(true, OptionalLong.of(5), "x"))))
                .isEqualTo(FileBytes.unread(true, OptionalLong.of(5), "x"));
    }

    @Test
    void whatIsNoRecordIsNotTakenForOne() {
        List<String> lines = RecordLines.of(FileBytes.unread(false, OptionalLong.empty(), "x"));

        for (int length = 0; length < lines.size(); length++) {
            List<String> cut = lines.subList(0, length);
            assertThatIllegalArgumentException().isThrownBy(() -> RecordLines.read(FileBytes.class, cut));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> RecordLines.read(WalIndex.class, lines));
    }

    /** In a JVM with two SQLites, two descriptors of the -shm are the proof that both have opened it. */
    @Test
    void aDescriptorOfWalsafesOwnIsNoSignOfASecondSqlite() throws Exception {
        Path database = database("a.db", "wal");
        Path shm = Sqlite.beside(database, "-shm");
        Files.createFile(shm);
        DatabaseFile ours = DatabaseFile.open(shm);
        DatabaseFile alsoOurs = DatabaseFile.open(database);

        assertThat(Looking.at(database).processes()).isEmpty();
        try (Connection connection = open(database)) {
            execute(connection, "INSERT INTO t VALUES (2)");
            ours.close();
            alsoOurs.close();

            List<Neighbour> seen = Looking.at(database).processes();

            assertThat(seen).hasSize(1);
            assertThat(seen.get(0).descriptorsOf(DatabasePart.SHM)).isEqualTo(1);
            assertThat(seen.get(0).descriptorsOf(DatabasePart.DATABASE)).isEqualTo(1);
        }
    }

    private static FileBytes look(Path database, StorageClass kind, Duration patience) {
        return ByteLook.at(database, FileStatus.of(database), kind, patience);
    }

    private interface Look {
        FileBytes now() throws IOException;
    }

    private FileBytes withoutJava(Look look) throws IOException {
        String home = System.getProperty("java.home");
        System.setProperty("java.home", directory.toString());
        try {
            return look.now();
        } finally {
            System.setProperty("java.home", home);
        }
    }

    /** By cp, since this process must not open them. */
    private void copySet(Path copy) throws Exception {
        Files.createDirectories(copy.getParent());
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                new ProcessBuilder(
                                "cp",
                                file.toString(),
                                copy.resolveSibling(file.getFileName()).toString())
                        .start()
                        .waitFor();
            }
        }
    }

    private Path database(String name, String mode) throws Exception {
        return Sqlite.database(
                directory.resolve(name),
                "PRAGMA journal_mode=" + mode,
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES (1)");
    }

    private static Connection open(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        execute(connection, "SELECT * FROM t");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
