package walsafe.guard;

import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.policy.Mode;

/**
 * Looks once a second whether the locks that SQLite holds as long as a database is open in WAL mode are still there: on
 * the database, and on its -shm. Any code of this process that opens and closes one of these files takes them away without
 * a word (howtocorrupt.html, 2.2), and then another program may delete the -wal under us, or write at the same time. Linux
 * only; elsewhere it sees nothing and says nothing.
 *
 * <p>Files are known by device and inode: a database that was renamed, or that was touched by another of its names, has
 * lost its locks all the same. Looks at {@code /proc/self/fdinfo}, which opens none of the database's files. In rollback
 * modes there is no lock between transactions, so there is nothing to watch.
 */
final class LockWatch {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final long PERIOD_MILLIS = 1000;

    /** A connection that is just being opened has its descriptor before it has its lock; the next look finds both. */
    private static final int MISSES = 2;

    private final Path database;
    private final Mode mode;
    private final boolean needed;
    private final BooleanSupplier open;
    private final Thread thread;

    // The next three are guarded by this.
    private Optional<Object> identity = Optional.empty();
    private final Map<Object, String> holders = new HashMap<>(); // the descriptor that had the lock at the last look
    private int missed;

    private volatile Optional<Finding> trouble = Optional.empty();

    /** @param open has a connection been opened in full; while one is only being opened, it may wait for its lock */
    LockWatch(Path database, Mode mode, BooleanSupplier open) {
        this.database = database;
        this.mode = mode;
        this.open = open;
        this.needed = (mode == Mode.WAL || mode == Mode.WAL_ALONE) && OwnDescriptors.visible();
        this.thread = new Thread(this::run, "walsafe-lock-watch");
        this.thread.setDaemon(true);
    }

    void start() {
        identity();
        if (needed) thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    Optional<Finding> trouble() {
        return trouble;
    }

    /** Device and inode of the database as it was first seen; its name may go to another file later. */
    synchronized Optional<Object> identity() {
        if (identity.isEmpty()) identity = OwnDescriptors.identity(database);
        return identity;
    }

    /**
     * Have locks been lost? Looks anew, and believes one look: to be asked by whoever has a connection open in full, and
     * none being opened.
     */
    synchronized boolean lost() {
        if (trouble.isEmpty() && needed && open.getAsBoolean() && !locked()) tell();
        return trouble.isPresent();
    }

    private void run() {
        try {
            while (trouble.isEmpty()) {
                look();
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stop() was called, and the thread ends
        }
    }

    /** One look; the loop repeats it. */
    synchronized void look() {
        missed = !needed || !open.getAsBoolean() || locked() ? 0 : missed + 1;
        if (missed >= MISSES && trouble.isEmpty()) tell();
    }

    private void tell() {
        Finding finding = new Finding(
                Problem.LOCKS_LOST,
                database.toString(),
                "SQLite's lock on the database has vanished from this process; nothing more is written, and its"
                        + " connections are not closed",
                Remedy.of(
                        "Find the code that opens and closes this file (reading its header, hashing, copying), and restart"
                                + " this program.",
                        "walsafe explain " + Problem.LOCKS_LOST.id()));
        trouble = Optional.of(finding);
        LOG.log(Logger.Level.ERROR, finding.toString());
    }

    /** True also where it could not be told: a guard must not stop a program for a doubt of its own. */
    private boolean locked() {
        if (!identity().map(this::locked).orElse(true)) return false;
        if (mode != Mode.WAL) return true; // the others have no -shm
        // SQLite keeps to the name that it opened the database by, whatever became of the database's own.
        return OwnDescriptors.identity(database.resolveSibling(database.getFileName() + "-shm"))
                .map(this::locked)
                .orElse(true);
    }

    /** Asks the descriptor of last time first; only when that one has no lock any more, all descriptors of the process. */
    private boolean locked(Object file) {
        String holder = holders.get(file);
        if (holder != null && OwnDescriptors.refersTo(holder, file) && OwnDescriptors.locked(holder)) return true;
        holders.remove(file);
        Optional<List<String>> descriptors = OwnDescriptors.of(file);
        if (descriptors.isEmpty() || descriptors.get().isEmpty()) return true;
        for (String descriptor : descriptors.get()) {
            if (!OwnDescriptors.locked(descriptor)) continue;
            holders.put(file, descriptor);
            return true;
        }
        return false;
    }
}
