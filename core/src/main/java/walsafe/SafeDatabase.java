package walsafe;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.guard.Rows;
import walsafe.guard.Work;
import walsafe.policy.Plan;

/**
 * An open database, held to its plan. Thread-safe; works run on the caller's thread. Close every handle that {@link
 * Walsafe#open} gave; the last one closes the database.
 */
public final class SafeDatabase implements AutoCloseable {
    private final Handles.Shared shared;
    private final Handles.Opened opened;
    private final AtomicBoolean closed = new AtomicBoolean();

    SafeDatabase(Handles.Shared shared, Handles.Opened opened) {
        this.shared = shared;
        this.opened = opened;
    }

    /** Writes in one transaction. See {@link walsafe.guard.Guard#write}. */
    public <T> T write(Work<T> work) throws SQLException {
        return opened().guard().write(work);
    }

    /** Reads one state of the database. See {@link walsafe.guard.Guard#read(Work)}. */
    public <T> T read(Work<T> work) throws SQLException {
        return opened().guard().read(work);
    }

    /**
     * Reads with one statement, which needs no transaction and is compiled only once. See {@link
     * walsafe.guard.Guard#read(String, Rows, Object...)}.
     */
    @SuppressWarnings("exports") // the annotation says something to tools; nobody needs it to call this
    public <T> T read(String sql, Rows<T> rows, @Nullable Object... parameters) throws SQLException {
        return opened().guard().read(sql, rows, parameters);
    }

    /** Has the database alone, outside any transaction. See {@link walsafe.guard.Guard#maintain}. */
    public <T> T maintain(Work<T> work) throws SQLException {
        return opened().guard().maintain(work);
    }

    /** The plan it was opened with. */
    public Plan.Open plan() {
        return opened.guard().plan();
    }

    /** What was known when it was opened. */
    public Facts facts() {
        return opened.facts();
    }

    /** What is wrong with it now; empty if nothing is known to be. Costs nothing. */
    public Optional<Finding> health() {
        return opened.guard().trouble();
    }

    private Handles.Opened opened() {
        if (closed.get()) throw new IllegalStateException("this handle was closed");
        return opened;
    }

    /**
     * Closes this handle, and the database with the last one; then waits for the works under way.
     *
     * @throws IllegalStateException if it is the last handle and the caller is in one of its works; it stays open
     */
    @Override
    public void close() {
        shared.release(closed);
    }
}
