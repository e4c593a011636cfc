package walsafe.transfer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;
import walsafe.guard.Driver;
import walsafe.guard.FreshJournal;
import walsafe.words.FileUri;

/** A connection of sqlite-jdbc, with the few words that a copy says to it. */
final class Database implements AutoCloseable {
    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** Opens one, with parameters of the URI (uri.html, 3.3) such as {@code mode=ro}. */
    static Database open(Path file, String parameters, int busyMillis) throws SQLException {
        new FreshJournal(file).renew();
        Database database = new Database(Driver.connect("jdbc:sqlite:" + uri(file, parameters)));
        try {
            database.run("PRAGMA busy_timeout = " + busyMillis);
            return database;
        } catch (SQLException | RuntimeException | Error e) {
            database.closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Throwable cause) {
        try {
            close();
        } catch (SQLException second) {
            cause.addSuppressed(second);
        }
    }

    static String uri(Path file, String parameters) {
        return FileUri.of(file) + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row; empty if there is none. */
    String ask(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(ask(sql));
    }

    boolean wal() throws SQLException {
        return ask("PRAGMA journal_mode").toLowerCase(Locale.ROOT).equals("wal");
    }

    /** A transaction has its snapshot, or its SHARED lock, from its first read on. */
    void beginReading() throws SQLException {
        run("BEGIN");
        number("SELECT count(*) FROM sqlite_schema");
    }

    DB driver() {
        return ((SQLiteConnection) connection).getDatabase();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
