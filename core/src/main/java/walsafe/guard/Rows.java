package walsafe.guard;

import java.sql.SQLException;

/**
 * What a caller makes of the rows of one statement.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface Rows<T> {
    /**
     * Takes what it needs of the rows. SQLite keeps the state that the statement reads until this returns.
     *
     * @param cursor before the first row; valid on this thread, until this method returns
     */
    T read(Cursor cursor) throws SQLException;
}
