package walsafe.guard;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.policy.Mode;

/**
 * Looks once a second whether the lock that SQLite holds on the database as long as it is open in WAL mode is still
 * there. Any code of this process that opens and closes the file takes it away without a word (howtocorrupt.html, 2.2),
 * and then another program may delete the -wal under us. Linux only; elsewhere it sees nothing and says nothing.
 *
 * <p>Looks at {@code /proc/self/fdinfo}, which opens none of the database's files. In rollback modes there is no lock
 * between transactions, so there is nothing to watch.
 */
final class LockWatch {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PERIOD_MILLIS = 1000;

    /** A connection that is just being opened has its descriptor before it has its lock; the next look finds both. */
    private static final int MISSES = 2;

    private final Path database;
    private final boolean needed;
    private final BooleanSupplier open;
    private final Thread thread;
    private int missed;
    private volatile Optional<Finding> trouble = Optional.empty();

    /** @param open has a connection been opened in full; while one is only being opened, it may wait for its lock */
    LockWatch(Path database, Mode mode, BooleanSupplier open) {
        this.database = database;
        this.open = open;
        this.needed = (mode == Mode.WAL || mode == Mode.WAL_ALONE) && Files.isDirectory(DESCRIPTORS);
        this.thread = new Thread(this::run, "walsafe-lock-watch");
        this.thread.setDaemon(true);
    }

    void start() {
        if (needed) thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    Optional<Finding> trouble() {
        return trouble;
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
    void look() {
        missed = !needed || !open.getAsBoolean() || locked() ? 0 : missed + 1;
        if (missed < MISSES) return;
        Finding finding = new Finding(
                Problem.LOCKS_LOST,
                database.toString(),
                "SQLite's lock on the database has vanished from this process; nothing more is written",
                Remedy.of(
                        "Find the code that opens and closes this file (reading its header, hashing, copying), and restart"
                                + " this program.",
                        "walsafe explain " + Problem.LOCKS_LOST.id()));
        trouble = Optional.of(finding);
        LOG.log(Logger.Level.ERROR, finding.toString());
    }

    /** True also where it could not be told: a guard must not stop a program for a doubt of its own. */
    private boolean locked() {
        boolean seen = false;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (!isDatabase(descriptor)) continue;
                seen = true;
                if (info(descriptor).contains("lock:")) return true;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return true;
        }
        return !seen;
    }

    private boolean isDatabase(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(database);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static String info(Path descriptor) throws IOException {
        Path info = descriptor.resolveSibling("../fdinfo/" + descriptor.getFileName());
        return Files.readString(info, StandardCharsets.ISO_8859_1);
    }
}
