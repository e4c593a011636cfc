package walsafe.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Facts;

/** When the stamp of a clean end counts, and every change that voids it. */
final class CleanEndTest {
    private static final FileTime THEN = FileTime.from(Instant.parse("2026-11-20T12:00:00Z"));

    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void make() throws Exception {
        database = directory.toRealPath().resolve("shop & café 数.db");
        execute(database, "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)");
        Files.setLastModifiedTime(database, THEN);
        assertThat(CleanEnd.proved(database, facts())).isFalse();
        assertThat(CleanEnd.stamp(database, facts(), true)).isTrue();
        assertThat(CleanEnd.proved(database, facts())).isTrue();
    }

    @Test
    void aNameHasNothingThatSomeFilesystemForbids() throws Exception {
        assertThat(names())
                .singleElement()
                .asString()
                .matches("closed(\\.[0-9a-f]+){6}")
                .hasSizeLessThan(100);
    }

    @Test
    void readingKeepsIt() throws Exception {
        execute(database, "SELECT * FROM t");

        assertThat(CleanEnd.proved(database, facts())).isTrue();
    }

    @Test
    void openingForgetsIt() throws Exception {
        Files.createFile(Folder.path(database).resolve("intent"));

        CleanEnd.forget(database);

        assertThat(CleanEnd.proved(database, facts())).isFalse();
        assertThat(names()).containsExactly("intent");
    }

    /** A folder that somebody named like a stamp, or a stamp of root's: opening was refused, without a reason. */
    @Test
    void oneThatCannotBeRemovedForbidsNothing() throws Exception {
        Path folder = Folder.path(database).resolve("closed.1.2.3.4.5");
        Files.createDirectories(folder.resolve("full"));

        CleanEnd.forget(database);

        assertThat(names()).containsExactly("closed.1.2.3.4.5");
        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    /** A program that root ran once made the folder root's, and the database's owner could not leave anything there. */
    @Test
    void theFolderBelongsToWhomTheDatabaseBelongs() throws Exception {
        assumeTrue(Files.getOwner(database).getName().equals("root"), "SKIPPED: only root gives files away");
        Path theirs = directory.resolve("theirs.db");
        execute(theirs, "CREATE TABLE t(a)");
        Files.setAttribute(theirs, "unix:uid", 65534);
        Files.setAttribute(theirs, "unix:gid", 65534);

        CleanEnd.stamp(theirs, Facts.gather(theirs), true);

        assertThat(Files.getAttribute(Folder.path(theirs), "unix:uid")).isEqualTo(65534);
        assertThat(Files.getAttribute(Folder.path(theirs), "unix:gid")).isEqualTo(65534);
    }

    @Test
    void aRowOfAnotherProgramVoidsIt() throws Exception {
        execute(database, "INSERT INTO t VALUES (2)");

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    /** Two writes within one tick of the clock leave the same time. */
    @Test
    void theChangeCounterVoidsItWhereTheTimeDoesNot() throws Exception {
        long size = Files.size(database);
        execute(database, "INSERT INTO t VALUES (2)");
        Files.setLastModifiedTime(database, THEN);
        assertThat(Files.size(database)).isEqualTo(size);
        asIfItsInodeHadNotChanged();

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void theVersionValidForNumberVoidsIt() throws Exception {
        overwrite(92, new byte[] {1, 2, 3, 4});
        Files.setLastModifiedTime(database, THEN);
        asIfItsInodeHadNotChanged();

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void theTimeVoidsIt() throws Exception {
        Files.setLastModifiedTime(database, FileTime.from(Instant.parse("2026-11-20T12:00:01Z")));
        asIfItsInodeHadNotChanged();

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void theSizeVoidsIt() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.setLength(file.length() + 4096);
        }
        Files.setLastModifiedTime(database, THEN);
        asIfItsInodeHadNotChanged();

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    /** As {@code cp -p} leaves it, and some restored backups. */
    @Test
    void bytesPutInPlaceWithTheOldTimeVoidIt() throws Exception {
        overwrite(100, new byte[] {13});
        Files.setLastModifiedTime(database, THEN);

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void withoutTheTimeOfItsInodeItWouldPass() throws Exception {
        overwrite(100, new byte[] {13});
        Files.setLastModifiedTime(database, THEN);
        asIfItsInodeHadNotChanged();

        assertThat(CleanEnd.proved(database, facts())).isTrue();
    }

    @Test
    void anotherFileOfThatNameVoidsIt() throws Exception {
        Path copy = Files.copy(database, directory.resolve("copy.db"));
        Files.move(copy, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(database, THEN);

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void aWalVoidsIt() throws Exception {
        Files.createFile(beside("-wal"));

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void aHotJournalVoidsItAndOneAtRestDoesNot() throws Exception {
        Files.write(beside("-journal"), new byte[512]);
        assertThat(CleanEnd.proved(database, facts())).isTrue();

        byte[] header = new byte[512];
        System.arraycopy(
                new byte[] {(byte) 0xd9, (byte) 0xd5, 5, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7},
                0,
                header,
                0,
                8);
        Files.write(beside("-journal"), header);
        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void noneIsMadeBesideAWalOrAHotJournal() throws Exception {
        CleanEnd.forget(database);
        Files.createFile(beside("-wal"));

        assertThat(CleanEnd.stamp(database, facts(), true)).isFalse();
        assertThat(names()).isEmpty();
    }

    /** The bytes of a database that SQLite has open here are not to be read, or its locks are gone. */
    @Test
    void noneIsMadeWhileSqliteHasItOpenHere() throws Exception {
        CleanEnd.forget(database);
        try (Connection bare = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            bare.createStatement().execute("BEGIN IMMEDIATE");

            assertThat(CleanEnd.stamp(database, facts(), true)).isFalse();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void withoutSynchronisingItEndsWithTheBoot() throws Exception {
        CleanEnd.forget(database);
        assertThat(CleanEnd.stamp(database, facts(), false)).isTrue();
        assertThat(CleanEnd.proved(database, facts())).isTrue();
        Path stamp = Folder.path(database).resolve(names().get(0));

        Files.move(
                stamp, stamp.resolveSibling(stamp.getFileName().toString().replaceFirst("b[0-9a-f]+$", "bffffffff")));

        assertThat(CleanEnd.proved(database, facts())).isFalse();
    }

    @Test
    void anotherEndReplacesIt() throws Exception {
        execute(database, "INSERT INTO t VALUES (2)");

        assertThat(CleanEnd.stamp(database, facts(), true)).isTrue();

        assertThat(names()).hasSize(1);
        assertThat(CleanEnd.proved(database, facts())).isTrue();
    }

    private Facts facts() {
        return Facts.gather(database);
    }

    private Path beside(String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    private void overwrite(long offset, byte[] bytes) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(Folder.path(database))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Puts the present ctime into the stamp, which no program can set, so that the rest of its name has to tell. */
    private void asIfItsInodeHadNotChanged() throws Exception {
        FileTime changed = (FileTime) Files.getAttribute(database, "unix:ctime");
        Path stamp = Folder.path(database).resolve(names().get(0));
        String[] parts = stamp.getFileName().toString().split("\\.", -1);
        parts[4] = Long.toHexString(changed.to(TimeUnit.NANOSECONDS));
        Files.move(stamp, stamp.resolveSibling(String.join(".", parts)));
    }

    private static void execute(Path database, String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
    }
}
