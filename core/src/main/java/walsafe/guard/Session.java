package walsafe.guard;

import java.lang.System.Logger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.guard.Forbidden.Freedom;
import walsafe.policy.Pragma;

/**
 * One connection to SQLite, set up and verified, and the transactions on it. For one thread at a time.
 *
 * <p>SQLite may roll a transaction back by itself and go on in autocommit mode: {@code INSERT OR ROLLBACK}, {@code
 * RAISE(ROLLBACK)}, FULL, IOERR, NOMEM (lang_transaction.html, 3.2). A work that caught the error would have its later rows
 * committed one by one. SQLite's rollback hook tells us at once, and from then on the work's connection is dead.
 */
final class Session implements AutoCloseable {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final long PAUSE_NANOS = 1_000_000;

    private final Connection connection;
    private final Statement control;
    private final Map<Begin, Command> begins = new EnumMap<>(Begin.class);
    private final Command commit;
    private final Reads reads;
    private final String where;
    private final Telling telling;
    private final Optional<FreshJournal> journal; // where others may leave one behind

    /**
     * Sets what the driver believes, and says nothing to SQLite. In its auto-commit mode it steps a BEGIN and a COMMIT of
     * its own behind every statement, and in a transaction that BEGIN fails each time. Ours are begun and ended here.
     */
    private final Consumer<Boolean> commitsByItself;

    private boolean inTransaction;
    private boolean inOurTransaction; // not in one that maintenance may have begun by itself
    private volatile boolean rolledBack;

    /**
     * @param telling what a caller is told of an error for which SQLite has few words
     * @param journal to be looked at before anything is read or written; empty where there is none in this mode
     */
    Session(Connection connection, String where, Telling telling, Optional<FreshJournal> journal) throws SQLException {
        this.connection = connection;
        this.control = connection.createStatement();
        for (Begin begin : Begin.values()) begins.put(begin, new Command(connection, begin.sql));
        this.commit = new Command(connection, "COMMIT");
        this.reads = new Reads(connection);
        this.where = where;
        this.telling = telling;
        this.journal = journal;
        SQLiteConnection driver = connection.unwrap(SQLiteConnection.class);
        this.commitsByItself = driver.getConnectionConfig()::setAutoCommit;
        commitsByItself.accept(false);
        driver.addCommitListener(new SQLiteCommitListener() {
            @Override
            public void onCommit() {
                // COMMIT itself answers whether it happened.
            }

            @Override
            public void onRollback() {
                rolledBack = true;
            }
        });
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

    /** False after a transaction of which it is not known that it has ended: close it and open another. */
    boolean reusable() {
        return !inTransaction;
    }

    /**
     * Runs a work in a transaction of its own. Whatever it throws rolls back and is thrown on, checked exceptions that
     * no signature mentions included.
     *
     * @param patience how long a COMMIT that answers BUSY is tried again
     */
    <T> T transaction(Begin begin, Work<T> work, Commit commit, Duration patience) throws SQLException {
        begin(begin);
        boolean committed = false;
        try {
            lookAtTheJournal(begin);
            T result = through(work);
            mustStillBeInTransaction();
            commit.run(() -> commit(patience));
            committed = true;
            return result;
        } finally {
            if (!committed && inTransaction) rollback();
            inOurTransaction = false;
        }
    }

    private void begin(Begin begin) throws SQLException {
        rolledBack = false;
        try {
            Objects.requireNonNull(begins.get(begin)).run();
            inTransaction = true;
            inOurTransaction = true;
        } catch (SQLException e) {
            inTransaction = !busy(e); // BUSY has begun nothing; after any other error nobody knows
            throw telling.of(e);
        }
    }

    /**
     * Under the lock, before a page is used: what a dead process of another host left in the journal may have been hidden
     * from SQLite, and is not if it looks again (see {@link FreshJournal}). A living one has nothing in it while we
     * have the write lock; while we only read, it may, and the second look of SQLite's can tell.
     */
    private void lookAtTheJournal(Begin begin) throws SQLException {
        if (journal.isEmpty()) return;
        if (begin == Begin.DEFERRED) takeTheSharedLock();
        if (!journal.get().filled()) return;
        control.execute("ROLLBACK");
        inTransaction = false;
        begin(begin);
        if (begin == Begin.DEFERRED) takeTheSharedLock();
    }

    private void takeTheSharedLock() throws SQLException {
        try {
            control.executeQuery("SELECT 1 FROM sqlite_schema LIMIT 1").close();
        } catch (SQLException e) {
            throw telling.of(e);
        }
    }

    @FunctionalInterface
    interface Telling {
        SQLException of(SQLException error);
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
        mustStillBeInTransaction(); // outside a transaction, SAVEPOINT would begin one
        control.execute("SAVEPOINT walsafe");
        boolean kept = false;
        try {
            T result = through(work);
            mustStillBeInTransaction();
            kept = true;
            return result;
        } finally {
            if (!rolledBack) endSavepoint(kept);
        }
    }

    /** Hides no exception that is on its way: where part cannot be undone, all of it is. */
    private void endSavepoint(boolean kept) {
        try {
            if (!kept) control.execute("ROLLBACK TO walsafe");
            control.execute("RELEASE walsafe");
        } catch (SQLException e) {
            rollback(); // and the hook lets the outer work know
        }
    }

    /**
     * Takes the write lock for a moment, if nobody else has it; waits for nobody.
     *
     * @return false if another program has it
     */
    boolean canWriteNow() throws SQLException {
        String patience = Setting.readBack(connection, "busy_timeout");
        Setting.apply(connection, new Pragma("busy_timeout", "0", "not to wait"), where);
        try {
            return transaction(Begin.IMMEDIATE, work -> true, Step::run, Duration.ZERO);
        } catch (SQLException e) {
            if (!busy(e)) throw e;
            return false;
        } finally {
            // First of all: to look the name up, as apply() does, is to read the file, and that would wait for nobody.
            try (Statement fresh = connection.createStatement()) {
                fresh.execute("PRAGMA busy_timeout = " + patience);
            }
            Setting.verify(connection, new Pragma("busy_timeout", patience, "as before"), where);
        }
    }

    /** Makes it as new after a work that had it alone, without closing it: a database in memory would be gone. */
    void restore(Settings settings) {
        try {
            if (inTransaction && !autocommit()) control.execute("ROLLBACK");
            for (String attached : attached()) control.execute("DETACH \"" + attached.replace("\"", "\"\"") + "\"");
            settings.run(connection);
            inTransaction = false;
        } catch (SQLException | WalsafeException e) {
            LOG.log(Logger.Level.WARNING, "a connection to " + where + " could not be restored: " + e.getMessage());
        }
    }

    @FunctionalInterface
    interface Settings {
        void run(Connection connection) throws SQLException;
    }

    /** SQLite itself is asked, since the driver does not know of a BEGIN in SQL text. */
    private boolean autocommit() throws SQLException {
        try {
            control.execute("BEGIN");
        } catch (SQLException e) {
            return false; // cannot start a transaction within a transaction
        }
        control.execute("ROLLBACK");
        return true;
    }

    private List<String> attached() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA database_list")) {
            while (row.next()) names.add(row.getString("name"));
        }
        names.removeAll(List.of("main", "temp"));
        return names;
    }

    /** Runs one statement that reads, in the transaction that is under way, or outside any. */
    <T> T query(String sql, Rows<T> rows, @Nullable Object[] parameters) throws SQLException {
        if (inOurTransaction) mustStillBeInTransaction();
        if (inOurTransaction || journal.isEmpty()) return reads.run(sql, rows, parameters);
        return transaction(
                Begin.DEFERRED, gate -> reads.run(sql, rows, parameters), Step::run, Duration.ZERO);
    }

    /** Runs a work on which every attempt to write fails. */
    <T> Work<T> onlyReading(Work<T> work) {
        return connection -> {
            control.execute("PRAGMA query_only = on");
            try {
                return work.run(connection);
            } finally {
                control.execute("PRAGMA query_only = off");
            }
        };
    }

    /** Runs a work that brings its own transactions, or needs none. What it leaves open is rolled back by closing. */
    <T> T alone(Work<T> work) throws SQLException {
        if (journal.isPresent()) transaction(Begin.IMMEDIATE, gate -> true, Step::run, Duration.ZERO);
        inTransaction = true; // for all we know
        commitsByItself.accept(true);
        try {
            return through(work, new Gate(connection, Freedom.MAINTENANCE, () -> {}));
        } finally {
            commitsByItself.accept(false);
        }
    }

    private <T> T through(Work<T> work) throws SQLException {
        return through(work, new Gate(connection, Freedom.TRANSACTION, this::mustStillBeInTransaction));
    }

    private static <T> T through(Work<T> work, Gate gate) throws SQLException {
        try {
            return work.run(gate.connection());
        } finally {
            gate.shut();
        }
    }

    private void mustStillBeInTransaction() throws SQLException {
        if (rolledBack) {
            throw new SQLException(
                    "SQLite has rolled the transaction back by itself after an error; nothing of it was written",
                    "40000");
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
                commit.run();
                inTransaction = false;
                return;
            } catch (SQLException e) {
                if (constraint(e)) throw e; // a deferred foreign key: still open, and nothing of it happened
                if (!busy(e)) throw outcomeUnknown(e);
                if (System.nanoTime() - start > patience.toNanos()) throw telling.of(e);
                LockSupport.parkNanos(PAUSE_NANOS); // SQLite has waited for its busy timeout, which may be short
            }
        }
    }

    private WalsafeException outcomeUnknown(SQLException cause) {
        return new WalsafeException(
                new Finding(
                        Problem.OUTCOME_UNKNOWN,
                        where,
                        "COMMIT answered: " + cause.getMessage(),
                        Remedy.of((full(cause) ? "Make room on the disk. " : "")
                                + "Look whether the rows are there before you write them again.")),
                cause);
    }

    /** Hides no exception that is on its way: where it cannot roll back, the session is not used again. */
    private void rollback() {
        try {
            if (!rolledBack) control.execute("ROLLBACK");
            inTransaction = false;
        } catch (SQLException e) {
            // reusable() says so
        }
    }

    private static boolean busy(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private static boolean full(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    private static boolean constraint(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    private static int primaryCode(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : -1;
    }

    @Override
    public void close() throws SQLException {
        reads.close();
        connection.close();
    }
}
