package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.format.Sqlite;
import walsafe.format.Vandal;
import walsafe.format.Victim;

class DatabaseLookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void aHealthyDatabaseIsTold() throws Exception {
        Path database = Sqlite.database(directory.resolve("spaces and ünïcode ☃.db"), "CREATE TABLE t(x)");

        DatabaseFacts facts = look(database);

        assertThat(facts.content()).isEqualTo(Content.DATABASE);
        assertThat(facts.header()).isPresent();
        assertThat(facts.sizeBytes()).hasValue(Files.size(database));
        assertThat(Instant.parse(facts.modified().orElseThrow()))
                .isEqualTo(Files.getLastModifiedTime(database).toInstant());
        assertThat(facts.owner()).contains(Files.getOwner(database).getName());
        assertThat(facts.readable() && facts.writable() && facts.directoryWritable())
                .isTrue();
        assertThat(facts.hardLinks()).isEqualTo(1);
        assertThat(facts.freeBytes().orElseThrow())
                .isBetween(1L, facts.totalBytes().orElseThrow());
        assertThat(facts.wal()).isEmpty();
        assertThat(facts.shm()).isEmpty();
        assertThat(facts.journal()).isEmpty();
        assertThat(facts.leftovers()).isEmpty();
        assertThat(facts.cloudFolder()).isEmpty();
        assertThat(facts.bakedIn()).isEmpty();
        assertThat(facts.notRead()).isEmpty();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void permissionsAndHardLinksAreTold() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Files.createLink(directory.resolve("b.db"), database);
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(look(database).permissions()).contains("rw-r-----");
        assertThat(look(database).hardLinks()).isEqualTo(2);
    }

    @Test
    void aDatabaseStillToBeMadeIsTold_withWhatLiesBesideIt() throws Exception {
        Path database = directory.resolve("new.db");
        Files.write(directory.resolve("new.db-wal"), new byte[100]);

        DatabaseFacts facts = look(database);

        assertThat(facts.content()).isEqualTo(Content.NONE);
        assertThat(facts.sizeBytes()).isEmpty();
        assertThat(facts.hardLinks()).isZero();
        assertThat(facts.directoryWritable()).isTrue();
        assertThat(facts.freeBytes()).isPresent();
        assertThat(facts.wal().orElseThrow().sizeBytes()).isEqualTo(100);
    }

    @Test
    void aMissingDirectoryIsNoTrouble() {
        DatabaseFacts facts = look(directory.resolve("none/none/a.db"));

        assertThat(facts.content()).isEqualTo(Content.NONE);
        assertThat(facts.directoryWritable()).isFalse();
        assertThat(facts.totalBytes()).isPresent();
    }

    @Test
    void aWalOfAKilledProgramBelongs_andOneBesideAnEmptyDatabaseCannotBeTold() throws Exception {
        Path database = directory.resolve("a.db");
        Victim.killed(database, "PRAGMA journal_mode=WAL", "CREATE TABLE t(x)");

        DatabaseFacts facts = look(database);
        assertThat(facts.wal().orElseThrow().belongs()).contains(true);
        assertThat(facts.shm().orElseThrow().initialised()).isTrue();

        Files.write(database, new byte[0]);
        assertThat(look(database).content()).isEqualTo(Content.EMPTY);
        assertThat(look(database).wal().orElseThrow().committedFrames()).isPositive();
        assertThat(look(database).wal().orElseThrow().belongs()).isEmpty();
    }

    @Test
    void anEmptyWalAndAnEmptyJournalAreTold() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Files.createFile(directory.resolve("a.db-wal"));
        Files.createFile(directory.resolve("a.db-journal"));
        Files.createFile(directory.resolve("a.db-shm"));

        DatabaseFacts facts = look(database);

        assertThat(facts.wal().orElseThrow().because()).isEqualTo("it is empty");
        assertThat(facts.journal().orElseThrow().headerValid()).isFalse();
        assertThat(facts.shm().orElseThrow().initialised()).isFalse();
    }

    @Test
    void aHotJournalIsTold() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        // Only once the journal is synced does it get its magic: the transaction must outgrow the cache.
        Victim.killed(
                database,
                "PRAGMA cache_size=2",
                "BEGIN",
                "CREATE TABLE u(x)",
                "INSERT INTO u VALUES (randomblob(100000))",
                "INSERT INTO t VALUES (randomblob(100000))");

        assertThat(look(database).journal().orElseThrow().headerValid()).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDatabaseOpenInThisProcessIsReadByAnother_andKeepsItsLocks() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "PRAGMA journal_mode=WAL", "CREATE TABLE t(x)");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t VALUES (0)"); // else the -wal would be empty
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO t VALUES (1)");
            List<String> before = Sqlite.ownLocks();

            DatabaseFacts facts = look(database);

            assertThat(Sqlite.ownLocks()).isEqualTo(before).isNotEmpty();
            assertThat(facts.notRead()).isEmpty();
            assertThat(facts.content()).isEqualTo(Content.DATABASE);
            assertThat(facts.header())
                    .hasValueSatisfying(header -> assertThat(header.wal()).isTrue());
            assertThat(facts.shm())
                    .hasValueSatisfying(index -> assertThat(index.initialised()).isTrue());
            assertThat(facts.wal().orElseThrow().sizeBytes()).isEqualTo(Files.size(directory.resolve("a.db-wal")));
            assertThat(facts.wal().orElseThrow().committedFrames()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Target.State.class,
            names = {"DIRECTORY", "NOT_A_FILE", "SYMLINK_LOOP", "FORBIDDEN", "SILENT"})
    void whatIsNoFileIsNotTouched(Target.State state) {
        DatabaseFacts facts = DatabaseLook.at(target(directory, state), storage(Optional.empty()), PATIENCE);

        assertThat(facts.content()).isEqualTo(Content.NOT_READ);
        assertThat(facts.notRead()).isPresent();
    }

    @Test
    void memoryIsNoFile() {
        Target memory = new Target(":memory:", Optional.empty(), Target.State.MEMORY, List.of(), List.of());

        assertThat(DatabaseLook.at(memory, storage(Optional.empty()), PATIENCE)).isEqualTo(DatabaseFacts.NONE);
    }

    @Test
    void hugeAndTinyFilesAreTold() throws Exception {
        Path huge = directory.resolve("huge");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(5L << 30);
        }

        assertThat(look(huge).looksLike()).contains("a file that begins with zero bytes");
        assertThat(look(huge).sizeBytes()).hasValue(5L << 30);
        assertThat(look(file("S")).looksLike()).contains("a SQLite database cut off after 1 bytes");
        assertThat(look(file("SQLite format 3\0" + "x".repeat(83))).looksLike())
                .contains("a SQLite database cut off after 99 bytes");
        assertThat(look(file("\u0001\u0002")).looksLike()).isEmpty();
        assertThat(look(file("\u0001\u0002")).content()).isEqualTo(Content.SOMETHING_ELSE);
    }

    @Test
    void bytesAsRandomAsAnEncryptedDatabasesAreTold() throws Exception {
        Path file = directory.resolve("random");
        for (int bytes : new int[] {512, 1024, 4096, 65536}) {
            byte[] random = new byte[bytes];
            new Random(bytes).nextBytes(random);
            Files.write(file, random);
            assertThat(look(file).content()).as("%d bytes", bytes).isEqualTo(Content.PERHAPS_ENCRYPTED);
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 65535));
        assertThat(look(file).content()).isEqualTo(Content.SOMETHING_ELSE);
    }

    @Test
    void anOverwrittenHeaderIsRecognised() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.write(new byte[16]);
        }

        assertThat(look(database).looksLike()).contains("a SQLite database whose first bytes were overwritten");
    }

    @Test
    void anyBytesGiveFacts() throws Exception {
        Path database = directory.resolve("a.db");
        Victim.killed(database, "PRAGMA page_size=512", "PRAGMA journal_mode=WAL", "CREATE TABLE t(x)");
        List<Path> files = List.of(database, directory.resolve("a.db-wal"), directory.resolve("a.db-shm"));
        List<byte[]> sound = new ArrayList<>();
        for (Path each : files) sound.add(Files.readAllBytes(each));

        for (long seed = 0; seed < 300; seed++) {
            Vandal vandal = new Vandal(seed);
            for (int i = 0; i < files.size(); i++) Files.write(files.get(i), vandal.damaged(sound.get(i)));
            assertThat(look(database).notRead()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFileThatMayNotBeReadIsTold() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Files.setPosixFilePermissions(database, Set.of());

        String facts = Files.isReadable(database)
                ? AsNobody.output(directory, LookAsNobody.class, database.toString())
                : look(database).toString();

        assertThat(facts)
                .contains("content=NOT_READ")
                .contains("notRead=Optional[it could not be read: Permission denied]")
                .contains("readable=false, writable=false");
    }

    static final class LookAsNobody {
        private LookAsNobody() {}

        public static void main(String... arguments) {
            System.out.println(look(Path.of(arguments[0])));
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void pipesAndDirectoriesInPlaceOfTheOthersAreNotOpened() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Files.createDirectory(directory.resolve("a.db-journal"));
        new ProcessBuilder("mkfifo", directory.resolve("a.db-shm").toString())
                .start()
                .waitFor();

        assertThat(look(database).notRead())
                .contains("-shm: it is not a regular file; -journal: it is not a regular file");
        assertThat(look(database).content()).isEqualTo(Content.DATABASE);
    }

    @Test
    void leftoversAreToldByName() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Files.createFile(directory.resolve(".nfs000000000abc00000001"));
        Files.createFile(directory.resolve(".fuse_hidden0000000100000001"));
        Files.createFile(directory.resolve(".nfs.md"));

        assertThat(look(database).leftovers())
                .containsExactly(".fuse_hidden0000000100000001", ".nfs000000000abc00000001");
    }

    private Path file(String latin) throws Exception {
        return Files.write(directory.resolve("file"), latin.getBytes(ISO_8859_1));
    }

    static DatabaseFacts look(Path database) {
        Target.State state = Files.exists(database) ? Target.State.FILE : Target.State.MISSING;
        return DatabaseLook.at(target(database, state), storage(Optional.empty()), PATIENCE);
    }

    static Target target(Path path, Target.State state) {
        return new Target(path.toString(), Optional.of(path.toString()), state, List.of(), List.of());
    }

    static Storage storage(Optional<Mount> mount) {
        return new Storage(
                mount,
                Storage.Found.NOT_FOUND,
                StorageClass.LOCAL,
                Reach.UNKNOWN,
                Answers.NONE,
                Optional.empty(),
                List.of(),
                false);
    }
}
