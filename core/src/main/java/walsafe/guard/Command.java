package walsafe.guard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * A statement without parameters and rows, compiled once: two calls into SQLite each time. JDBC's {@code execute} makes
 * five, and BEGIN and COMMIT surround every work. For one thread at a time; ends with its connection.
 */
final class Command {
    private final PreparedStatement compiled;
    private final DB sqlite;

    Command(Connection connection, String sql) throws SQLException {
        this.compiled = connection.prepareStatement(sql);
        this.sqlite = connection.unwrap(SQLiteConnection.class).getDatabase();
    }

    /** Runs it; after an error it may be run again. */
    void run() throws SQLException {
        CoreStatement statement = (CoreStatement) compiled;
        try {
            int code = statement.pointer.safeRunInt(DB::step);
            if (code != SQLiteErrorCode.SQLITE_DONE.code) sqlite.throwex(code);
        } finally {
            statement.pointer.safeRunInt(DB::reset); // repeats the error of the step, which was told
        }
    }
}
