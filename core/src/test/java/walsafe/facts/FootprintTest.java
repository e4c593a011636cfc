package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.format.Sqlite;

class FootprintTest {
    @TempDir
    Path directory;

    @Test
    void aDatabaseAtRestLeavesTheSame() throws Exception {
        String database =
                Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)").toString();

        assertThat(Footprint.of(database)).isEqualTo(Footprint.of(database));
    }

    @Test
    void aTransactionThatBeginsAndOneThatEndsAreSeen() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        Footprint before = Footprint.of(database.toString());

        Sqlite.database(database, "INSERT INTO t VALUES(zeroblob(20000))");

        assertThat(Footprint.of(database.toString())).isNotEqualTo(before);
    }

    @Test
    void aWriterWhoIsNotSeenIsKnownByWhatChanges() throws Exception {
        Path database = Sqlite.database(directory.resolve("a.db"), "CREATE TABLE t(x)");
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> touch(database, over));
        writer.start();

        Supplier<Boolean> seen = () -> Facts.gather(database).database().changing();
        boolean once = Stream.generate(seen).limit(100).anyMatch(changing -> changing);

        over.set(true);
        writer.join();
        assertThat(once).isTrue();
        assertThat(Facts.gather(database).database().changing()).isFalse();
    }

    private static void touch(Path file, AtomicBoolean over) {
        try {
            for (long time = 0; !over.get(); time++) Files.setLastModifiedTime(file, FileTime.fromMillis(time));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNameThatCannotBeAPathLeavesNothing() {
        assertThat(Footprint.of("a\0b").prints()).allMatch(print -> print.isEmpty());
    }

    /** Spilled from SQLite's cache, the pages are in the file long before the first one. */
    @Test
    void aFirstTransactionTooBigForMemoryBeginsWithZeros() throws Exception {
        Path database = directory.resolve("new.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cache_size = 10");
            statement.execute("BEGIN");
            statement.execute("CREATE TABLE t(x)");
            statement.execute("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                    + " INSERT INTO t SELECT zeroblob(3000) FROM n");
            Files.copy(database, directory.resolve("copy.db")); // of a database that is not to live on
            statement.execute("ROLLBACK");
        }

        DatabaseFacts facts = Facts.gather(directory.resolve("copy.db")).database();

        assertThat(facts.content()).isEqualTo(Content.ZEROS);
        assertThat(facts.changing()).isFalse();
    }
}
