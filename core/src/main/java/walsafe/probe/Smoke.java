package walsafe.probe;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Real SQLite on a scratch database, one at a time. Only in a process that may die of it: a torn -shm ends a JVM. */
final class Smoke implements AutoCloseable {
    private static final String LIBRARIES = "org.sqlite.tmpdir";

    private final Path scratch;
    private final Path libraries;
    private @Nullable Connection connection;

    Smoke(Path scratch, Path libraries) {
        this.scratch = scratch;
        this.libraries = libraries;
    }

    /** Loads SQLite, which takes longer than any experiment; harmless if it fails, since then opening fails. */
    void warmUp() {
        try {
            unpacked();
            DriverManager.getConnection("jdbc:sqlite::memory:").close();
            clean(libraries);
        } catch (SQLException | LinkageError | RuntimeException e) {
            // Told by the first deed that needs it.
        }
    }

    private void unpacked() {
        System.setProperty(LIBRARIES, libraries.toString());
    }

    /** Once loaded, a library needs its name no more, and a process that is killed cannot remove it. */
    private static void clean(Path libraries) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(libraries, "sqlite-*")) {
            for (Path file : files) Files.deleteIfExists(file);
        } catch (IOException e) {
            // Windows keeps a loaded library; the directory is removed by the parent.
        }
    }

    String open(String name, String journalMode) throws SQLException {
        shut();
        unpacked();
        Connection opened = DriverManager.getConnection(
                "jdbc:sqlite:file:" + scratch.resolve(name).toUri().getRawPath());
        connection = opened;
        clean(libraries);
        text("PRAGMA busy_timeout = 2000");
        String mode = text("PRAGMA journal_mode = " + journalMode);
        try (Statement statement = opened.createStatement()) {
            statement.execute("PRAGMA synchronous = full");
            statement.execute("CREATE TABLE IF NOT EXISTS line(who TEXT, number INTEGER)");
        }
        return mode;
    }

    /** Commits rows one by one until there are enough, or SQLite says no. */
    String commit(String who, int rows) throws SQLException {
        int acknowledged = 0;
        try (PreparedStatement insert = connected().prepareStatement("INSERT INTO line VALUES (?, ?)")) {
            for (int i = 0; i < rows; i++) {
                insert.setString(1, who);
                insert.setInt(2, i);
                insert.executeUpdate();
                acknowledged++;
            }
            return Integer.toString(acknowledged);
        } catch (SQLException e) {
            return acknowledged + " " + e.getMessage();
        }
    }

    String checkpoint() throws SQLException {
        try (Statement statement = connected().createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return row.getInt(1) + "|" + row.getInt(2) + "|" + row.getInt(3);
        }
    }

    int count(String who) throws SQLException {
        try (PreparedStatement count = connected().prepareStatement("SELECT count(*) FROM line WHERE who = ?")) {
            count.setString(1, who);
            try (ResultSet row = count.executeQuery()) {
                return row.getInt(1);
            }
        }
    }

    /** A table of that many pages or more, every row at 1. */
    String fill(int rows) throws SQLException {
        try (Statement statement = connected().createStatement()) {
            statement.execute("CREATE TABLE filled(value INTEGER, ballast BLOB)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                    + ") INSERT INTO filled SELECT 1, zeroblob(3000) FROM n");
        }
        return "filled";
    }

    /** Begins to set every row to 2, with too little memory for that: most pages are in the file when it returns. */
    String half() throws SQLException {
        try (Statement statement = connected().createStatement()) {
            statement.execute("PRAGMA cache_size = 10");
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("UPDATE filled SET value = 2");
        }
        return "half done";
    }

    /** Number of rows, the least and the greatest value. */
    String survey() throws SQLException {
        return text("SELECT count(*) || ' ' || min(value) || ' ' || max(value) FROM filled");
    }

    String integrity() throws SQLException {
        return text("PRAGMA integrity_check");
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connected().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private Connection connected() {
        Connection open = connection;
        if (open == null) throw new IllegalStateException("no database is open");
        return open;
    }

    String shut() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) open.close();
        return "closed";
    }

    @Override
    public void close() {
        try {
            shut();
        } catch (SQLException e) {
            // A scratch database: nobody will miss it.
        }
    }
}
