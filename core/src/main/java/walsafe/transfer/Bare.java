package walsafe.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import walsafe.format.Ledger;
import walsafe.guard.Driver;
import walsafe.guard.FreshJournal;
import walsafe.guard.Strangers;

/**
 * A connection that shares the database with nobody: {@code locking_mode=EXCLUSIVE} before the first access, so that
 * SQLite keeps the wal-index out of shared memory (wal.html, section 8) and works also where none can be mapped, and
 * keeps every lock that it has taken until it is closed. Waits for nobody.
 */
final class Bare implements AutoCloseable {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;

    private final Ledger.Opening ledger;
    private final Connection connection;

    private Bare(Ledger.Opening ledger, Connection connection) {
        this.ledger = ledger;
        this.connection = connection;
    }

    /** @param vfs of SQLite's, or empty for its default */
    static Bare open(Path database, String vfs) throws SQLException, IOException {
        Ledger.Opening ledger = Ledger.openingThroughSqlite(database);
        try {
            Strangers.mustShareOurSqlite(database, ledger);
            new FreshJournal(database).renew();
            String parameters = "mode=rw" + (vfs.isEmpty() ? "" : "&vfs=" + vfs);
            Connection connection = Driver.connect("jdbc:sqlite:" + Database.uri(database, parameters));
            return settled(new Bare(ledger, connection));
        } catch (SQLException | RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private static Bare settled(Bare bare) throws SQLException {
        try {
            bare.ask("PRAGMA busy_timeout=0");
            bare.ask("PRAGMA locking_mode=EXCLUSIVE");
            bare.ask("PRAGMA synchronous=EXTRA");
            return bare;
        } catch (SQLException | RuntimeException e) {
            bare.connection.close();
            throw e;
        }
    }

    /** Takes all of SQLite's locks; rolls back a hot journal. BUSY proves company, success proves nothing. */
    void lock() throws SQLException {
        ask("SELECT count(*) FROM sqlite_schema");
        run("BEGIN EXCLUSIVE");
        run("COMMIT");
    }

    /** The first row's columns, in lower case; empty without a row. */
    List<String> ask(String sql) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) return columns; // a setting that answers nothing
            try (ResultSet row = statement.getResultSet()) {
                if (!row.next()) return columns;
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return columns;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static boolean busy(SQLException e) {
        return e.getErrorCode() == BUSY || e.getErrorCode() == LOCKED;
    }

    @Override
    public void close() throws SQLException {
        try {
            connection.close();
        } finally {
            ledger.close();
        }
    }
}
