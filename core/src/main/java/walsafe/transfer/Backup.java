package walsafe.transfer;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs SQLite's online backup (backup.html) over one source connection.
 *
 * <p>In WAL mode a read transaction is held for the whole: nobody is kept out, and nothing begins anew. In a rollback mode
 * each step takes the SHARED lock for {@value #STEP_BYTES} bytes and lets go; a write of another program between two
 * steps makes SQLite begin anew. After too many of these the SHARED lock is taken once for all the rest, and given up
 * when the budget is spent.
 *
 * <p>sqlite-jdbc runs the loop of steps in C and asks nobody whether to go on. It ends when a step answers BUSY, and a
 * step does so while its own source connection is in a write transaction. So that is how it is ended: {@code BEGIN
 * IMMEDIATE} takes the RESERVED lock for an instant, which keeps no reader out and writes nothing. On a file that this
 * user may not write there is no such way out; then the long lock is let go, and the short steps go on until they succeed.
 */
final class Backup {
    /** A step's worth: at 10 MB/s, the slowest disk reckoned with, a tenth of a second. */
    static final int STEP_BYTES = 1 << 20; // 1 MiB

    private static final int OK = 0;

    private final Source source;
    private final Budget budget;
    private final Progress progress;

    private final int pagesPerStep;
    private long lastRemaining = Long.MAX_VALUE;
    private int restarts;
    private int patience;
    private long allPages;
    private long released; // when no lock was held, for the last time; nanoTime
    private Duration longestLock = Duration.ZERO;
    private boolean holding;
    private boolean stopping;
    private Optional<RuntimeException> stopped = Optional.empty();

    Backup(Source source, Budget budget, Progress progress) throws SQLException {
        this.source = source;
        this.budget = budget;
        this.progress = progress;
        this.patience = budget.restarts();
        this.pagesPerStep = Math.max(1, STEP_BYTES / source.pageSizeBytes());
    }

    /** Copies into a file that is empty, and tells how many pages the source had. */
    long into(Path partial) throws SQLException {
        released = System.nanoTime();
        int code = source.database().driver().backup("main", Database.uri(partial, ""), this::step, 0, 0, pagesPerStep);
        if (stopped.isPresent()) throw stopped.get();
        if (code != OK) throw Failure.of(code, "the backup ended with it");
        return allPages;
    }

    int restarts() {
        return restarts;
    }

    Duration longestLock() {
        return longestLock;
    }

    /** Called between two steps. Nothing may be thrown through the C that calls it. */
    private void step(int remaining, int pages) {
        try {
            count(remaining, pages);
            if (!stopping) progress.copied(pages - remaining, pages);
            if (!source.wal() && remaining > 0) {
                forgetEarlierWaits();
                spend();
            }
        } catch (SQLException e) {
            stop(new Failure.Stopped(e));
        } catch (RuntimeException e) {
            stop(e);
        }
        if (stopping) source.refuseSteps();
    }

    /**
     * A backup's steps add up how often they have waited for locks, and give up when the sum reaches the busy timeout; only a
     * statement begins the count anew (nBusy in sqlite3VdbeExec). The budget is meant for each wait.
     */
    private void forgetEarlierWaits() throws SQLException {
        source.database().run("SELECT 1");
    }

    private void count(int remaining, int pages) {
        if (lastRemaining != Long.MAX_VALUE && remaining > lastRemaining - pagesPerStep && remaining > 0) restarts++;
        lastRemaining = remaining;
        allPages = pages;
        long now = System.nanoTime();
        Duration held = Duration.ofNanos(now - released);
        if (!source.wal() && held.compareTo(longestLock) > 0) longestLock = held;
        if (!holding) released = now;
    }

    private void spend() throws SQLException {
        if (holding && System.nanoTime() - released > budget.lock().toNanos()) {
            source.database().run("ROLLBACK");
            holding = false;
            patience += budget.restarts() + 1;
            if (source.writable())
                stop(Failure.locks(
                        source.file(),
                        "other programs wrote " + restarts
                                + " times while it was read, and reading it in one go takes longer than "
                                + Failure.seconds(budget.lock())));
        } else if (!holding && restarts > patience) {
            source.database().beginReading();
            holding = true;
            released = System.nanoTime();
        }
    }

    private void stop(RuntimeException because) {
        if (stopped.isEmpty()) stopped = Optional.of(because);
        stopping = true;
    }
}
