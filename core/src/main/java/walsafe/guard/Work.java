package walsafe.guard;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a caller does with a database, inside a transaction that is not the caller's to end.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface Work<T> {
    /**
     * Runs inside one transaction. Throwing rolls everything back.
     *
     * @param connection valid until this method returns; it refuses COMMIT, ROLLBACK, ATTACH and settings of the plan
     */
    T run(Connection connection) throws SQLException;
}
