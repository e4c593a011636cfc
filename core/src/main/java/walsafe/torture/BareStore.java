package walsafe.torture;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.guard.Work;
import walsafe.policy.Pragma;

/** SQLite as it comes, with one connection. */
final class BareStore implements Store {
    private final Connection connection;

    BareStore(Path database, Means means) throws SQLException {
        String vfs = means.vfs().isEmpty() ? "" : "?vfs=" + means.vfs();
        connection = DriverManager.getConnection(
                "jdbc:sqlite:file:" + database.toUri().getRawPath() + vfs);
        try {
            if (means.twoFiles()) attach(Path.of(database + ".second"));
            for (Pragma pragma : means.pragmas()) set(pragma);
        } catch (SQLException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void attach(Path second) throws SQLException {
        try (PreparedStatement attach = connection.prepareStatement("ATTACH ? AS second")) {
            attach.setString(1, second.toString());
            attach.execute();
        }
    }

    /** SQLite raises nothing where there is no shared memory for a write-ahead log: it answers another mode. */
    private void set(Pragma pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean answers = statement.execute("PRAGMA " + pragma.name() + " = " + pragma.value());
            if (!answers || !pragma.name().equals("journal_mode")) return;
            try (ResultSet row = statement.getResultSet()) {
                String got = row.next() ? row.getString(1) : "nothing";
                if (!got.equals(pragma.value())) {
                    throw new SQLException("asked for the journal mode " + pragma.value() + ", SQLite answers " + got);
                }
            }
        }
    }

    @Override
    public void write(Work<Boolean> work) throws SQLException {
        execute("BEGIN IMMEDIATE");
        try {
            work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
        commit();
    }

    private void commit() throws SQLException {
        try {
            execute("COMMIT");
        } catch (SQLException e) {
            if (!busy(e)) throw new Unsure(e);
            rollback(e); // busy: the transaction is still open, and nothing of it has happened
            throw e;
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        execute("BEGIN");
        try {
            T result = work.run(connection);
            execute("COMMIT");
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
    }

    @Override
    public void outside(Work<Boolean> work) throws SQLException {
        work.run(connection);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** After many errors SQLite has rolled back by itself, and says so. */
    private void rollback(Throwable because) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    static boolean busy(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
