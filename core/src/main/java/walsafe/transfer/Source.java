package walsafe.transfer;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import walsafe.finding.Problem;
import walsafe.format.DatabaseFile;
import walsafe.format.Ledger;
import walsafe.guard.Strangers;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/**
 * The database that is copied, open for reading.
 *
 * <p>In WAL mode the connection is read-only. Then closing it never checkpoints and never deletes the -wal, even if it is
 * the last: that needs an exclusive lock, and the kernel gives none on a descriptor that cannot write. What the read
 * has to make where there was nothing, an empty -wal and a -shm, is taken away by SQLite itself: by the closing of a last
 * connection that may write, which finds no frame to carry over.
 */
final class Source implements AutoCloseable {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final Ledger.Opening ledger;
    private final boolean hadWalFile;
    private final boolean writable;
    private final Database database;
    private final boolean wal;

    private Source(Path file, Ledger.Opening ledger, Plan.Open plan, Budget budget) throws SQLException {
        this.file = file;
        this.ledger = ledger;
        this.hadWalFile = Files.exists(walFile());
        this.writable = Files.isWritable(file) && plan.mode() != Mode.READ_ONLY;
        Database reading = Database.open(file, parameters(plan, "mode=ro"), budget.lockMillis());
        boolean inWal;
        try {
            inWal = reading.wal();
            if (inWal && plan.mode() == Mode.WAL_ALONE) throw onlyAlone(file);
            if (!inWal && writable) {
                reading.close();
                reading = Database.open(file, parameters(plan, "mode=rw"), budget.lockMillis());
                // Somebody may have switched it in between; a connection that may write must not read a WAL database.
                if (reading.wal()) throw Failure.locks(file, "another program has just switched it to WAL mode");
            }
        } catch (SQLException | RuntimeException | Error e) {
            try {
                reading.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        this.database = reading;
        this.wal = inWal;
    }

    /** Opens it for reading, as far as the plan for this place lets that be done without changing it. */
    static Source open(Path file, Plan.Open plan, Budget budget) throws SQLException, IOException {
        Ledger.Opening ledger = onceNobodyReadsItsBytes(file);
        try {
            Strangers.mustShareOurSqlite(file, ledger);
            return new Source(file, ledger, plan, budget);
        } catch (SQLException | RuntimeException | Error e) {
            ledger.close();
            throw e;
        }
    }

    /** WAL in one process takes the file for itself and checkpoints at its end, which changes the original. */
    static RuntimeException onlyAlone(Path file) {
        return Failure.told(
                Problem.MODE_UNSAFE_HERE,
                file,
                "it is in WAL mode on storage without shared memory, where reading it through SQLite would change it",
                "Stop its program, then copy the database and its -wal together to a local disk, and open it there.");
    }

    private static String parameters(Plan.Open plan, String mode) {
        if (plan.mode() == Mode.READ_ONLY) return "immutable=1";
        return plan.vfs().isEmpty() ? mode : mode + "&vfs=" + plan.vfs();
    }

    /** Another thread may be looking at its header; that takes milliseconds. */
    static Ledger.Opening onceNobodyReadsItsBytes(Path file) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return Ledger.openingThroughSqlite(file);
            } catch (DatabaseFile.Refused e) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) throw e;
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    /** From here on it is one state of the database that is read: in WAL mode all the time, else between two writes. */
    void begin() throws SQLException {
        if (wal) database.beginReading();
    }

    Path file() {
        return file;
    }

    Database database() {
        return database;
    }

    boolean wal() {
        return wal;
    }

    boolean writable() {
        return writable;
    }

    int pageSizeBytes() throws SQLException {
        return (int) database.number("PRAGMA page_size");
    }

    /** Makes the next step of a backup answer BUSY; where another program holds that lock at this instant, a later one. */
    void refuseSteps() {
        if (wal || !writable) return;
        try {
            database.run("PRAGMA busy_timeout = 0");
            database.run("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            LOG.log(Logger.Level.DEBUG, "a backup goes on for one more step: " + e.getMessage());
        }
    }

    private Path walFile() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    @Override
    public void close() throws SQLException {
        try {
            database.close();
            sweep();
        } finally {
            ledger.close();
        }
    }

    /** Only what we made, and only while it is empty. */
    private void sweep() {
        if (!wal || hadWalFile || !writable) return;
        try {
            if (!Files.exists(walFile()) || Files.size(walFile()) > 0) return;
            try (Database last = Database.open(file, "mode=rw", 0)) {
                last.number("SELECT count(*) FROM sqlite_schema");
            }
        } catch (SQLException | IOException e) {
            LOG.log(Logger.Level.DEBUG, "an empty -wal stays beside " + file + ": " + e.getMessage());
        }
    }
}
