package walsafe.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.guard.Forbidden.Freedom;

/** One connection to SQLite, set up and verified, and the transactions on it. For one thread at a time. */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Statement control;
    private final String where;

    Session(Connection connection, String where) throws SQLException {
        this.connection = connection;
        this.control = connection.createStatement();
        this.where = where;
    }

    /** What a transaction does to get started. */
    enum Begin {
        /** The write lock at once, so that a reader never has to become a writer in the middle. */
        IMMEDIATE("BEGIN IMMEDIATE"),
        DEFERRED("BEGIN");

        private final String sql;

        Begin(String sql) {
            this.sql = sql;
        }
    }

    Connection connection() {
        return connection;
    }

    /**
     * Runs a work in a transaction of its own. Whatever it throws rolls back and is thrown on.
     *
     * @param patience how long a COMMIT that answers BUSY is tried again
     */
    <T> T transaction(Begin begin, Work<T> work, Commit commit, Duration patience) throws SQLException {
        control.execute(begin.sql);
        T result;
        try {
            result = through(work, Freedom.TRANSACTION);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
        commit.run(() -> commit(patience));
        return result;
    }

    /** Lets the guard do something around the COMMIT itself. */
    @FunctionalInterface
    interface Commit {
        void run(Step commit) throws SQLException;
    }

    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    /** Runs a work inside the transaction that is under way; what it throws undoes only what it did. */
    <T> T savepoint(Work<T> work) throws SQLException {
        control.execute("SAVEPOINT walsafe");
        try {
            T result = through(work, Freedom.TRANSACTION);
            control.execute("RELEASE walsafe");
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                control.execute("ROLLBACK TO walsafe");
                control.execute("RELEASE walsafe");
            } catch (SQLException second) {
                e.addSuppressed(second); // SQLite has already rolled everything back, and the outer commit will say so
            }
            throw e;
        }
    }

    /** Runs a work that brings its own transactions, or needs none. */
    <T> T alone(Work<T> work) throws SQLException {
        try {
            return through(work, Freedom.MAINTENANCE);
        } finally {
            endWhatWasLeftOpen();
        }
    }

    private <T> T through(Work<T> work, Freedom freedom) throws SQLException {
        Gate gate = new Gate(connection, freedom);
        try {
            return work.run(gate.connection());
        } finally {
            gate.shut();
        }
    }

    /**
     * BUSY means that the transaction is still open and nothing has happened, so COMMIT may be tried again. After any
     * other error nobody knows: on NFS, commits that reported an error were there afterwards (docs/knowledge/lab.md).
     */
    private void commit(Duration patience) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                control.execute("COMMIT");
                return;
            } catch (SQLException e) {
                if (constraint(e)) {
                    rollback(e); // a deferred foreign key: the transaction is still open, and nothing of it happened
                    throw e;
                }
                if (!busy(e)) throw outcomeUnknown(e);
                if (System.nanoTime() - start > patience.toNanos()) {
                    rollback(e);
                    throw e;
                }
            }
        }
    }

    private WalsafeException outcomeUnknown(SQLException cause) {
        return new WalsafeException(
                new Finding(
                        Problem.OUTCOME_UNKNOWN,
                        where,
                        "COMMIT answered: " + cause.getMessage(),
                        Remedy.of("Look whether the rows are there before you write them again.")),
                cause);
    }

    private void rollback(Throwable because) {
        try {
            control.execute("ROLLBACK");
        } catch (SQLException e) {
            because.addSuppressed(
                    e); // SQLite rolls back by itself after FULL, IOERR, NOMEM (lang_transaction.html, 2.3)
        }
    }

    private void endWhatWasLeftOpen() {
        try {
            control.execute("ROLLBACK");
        } catch (SQLException e) {
            // No transaction was left open, which is how it should be.
        }
    }

    private static boolean busy(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private static boolean constraint(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    private static int primaryCode(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : -1;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
