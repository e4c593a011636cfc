package walsafe.torture;

import java.nio.file.Path;
import java.sql.SQLException;
import walsafe.guard.Work;

/** The tortured database as one process has it open; bare, or through the guard. For one thread. */
interface Store extends AutoCloseable {
    /**
     * Writes in one transaction that has the write lock from its beginning.
     *
     * @throws Unsure if nobody knows whether it was committed
     * @throws SQLException if nothing of it was written
     */
    void write(Work<Boolean> work) throws SQLException;

    /** Reads one state of the database. */
    <T> T read(Work<T> work) throws SQLException;

    /** Does something outside any transaction: a checkpoint, a change of the journal mode. */
    void outside(Work<Boolean> work) throws SQLException;

    @Override
    void close() throws SQLException;

    static Store open(Path database, Means means) throws SQLException {
        return means.guarded() ? new GuardedStore(database, means) : new BareStore(database, means);
    }

    /** COMMIT has answered an error that does not say what happened. */
    final class Unsure extends SQLException {
        private static final long serialVersionUID = 1L;

        Unsure(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
