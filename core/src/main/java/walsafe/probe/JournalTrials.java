package walsafe.probe;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a rollback journal is for: a process dies in the middle of a transaction, and whoever comes next has to see its
 * journal before it reads. The other has looked at the names beside the database just before, as a host at work has, so
 * that what it remembers of them can be stale.
 */
final class JournalTrials {
    private static final String FILE = "hot.db";

    /** Of 3000 bytes: a page each, of which ten fit into the writer's memory; soon done. */
    private static final int ROWS = 16;

    private static final String BEFORE = ROWS + " 1 1";
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private JournalTrials() {}

    /** The journal is there and empty, as TRUNCATE leaves it; then it is there and hot. */
    static Seen filledJournal(Stage stage) throws IOException {
        return hot(stage, "truncate");
    }

    /** There is no journal, as DELETE leaves it, SQLite's own choice; then there is one. */
    static Seen newJournal(Stage stage) throws IOException {
        return hot(stage, "delete");
    }

    private static Seen hot(Stage stage, String mode) throws IOException {
        Actor doomed = stage.a();
        Actor heir = stage.b();
        long looked;
        try {
            doomed.openDatabase(FILE, mode);
            doomed.fill(ROWS);
            heir.openDatabase(FILE, mode);
            looked = System.nanoTime();
            String before = heir.survey();
            if (!before.equals(BEFORE)) return unlike(before, "a transaction that had been committed");
            doomed.half();
        } catch (Actor.Failure e) {
            return Seen.unknown("it could not be tried, because SQLite could not write: " + e.said());
        }
        doomed.kill();
        return inherited(heir, mode, looked);
    }

    private static Seen inherited(Actor heir, String mode, long looked) throws IOException {
        long start = System.nanoTime();
        while (true) {
            long asked = System.nanoTime();
            try {
                heir.openDatabase(FILE, mode); // else SQLite answers from its memory: the change counter is as it was
                String after = heir.survey();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - looked);
                if (!after.equals(BEFORE)) return unlike(after, "half a transaction of a process that was killed");
                String sound = heir.integrity();
                if (!sound.equals("ok")) return Seen.no("after a process was killed, integrity_check says: " + sound);
                return Seen.yes(
                        "half a transaction of a process that was killed was rolled back before the other read, %d ms"
                                        .formatted(millis)
                                + " after it had looked for a journal");
            } catch (Actor.Failure e) {
                if (damaged(e.said())) return Seen.no("after a process was killed, the other read: " + e.said());
                boolean busy = e.said().contains("SQLITE_BUSY");
                if (!busy || asked - start > WINDOW_NANOS) {
                    return Seen.unknown("after a process was killed, the other could not read: " + e.said());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static boolean damaged(String said) {
        return said.contains("SQLITE_CORRUPT") || said.contains("SQLITE_NOTADB");
    }

    private static Seen unlike(String survey, String what) {
        return Seen.no(
                "the other host did not read what it had to after %s: rows, least and greatest value were %s, not %s"
                        .formatted(what, survey, BEFORE));
    }
}
