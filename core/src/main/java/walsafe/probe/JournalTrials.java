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
    private static final int ROWS = 200; // 3000 bytes each: 200 pages, of which ten fit into the writer's memory
    private static final String BEFORE = ROWS + " 1 1";
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private JournalTrials() {}

    static Seen hotJournal(Stage stage) throws IOException {
        Actor doomed = stage.a();
        Actor heir = stage.b();
        String file = "hot.db";
        try {
            doomed.openDatabase(file, "truncate");
            doomed.fill(ROWS);
            heir.openDatabase(file, "truncate");
            String before = heir.survey();
            if (!before.equals(BEFORE)) return unlike(before, "a transaction that had been committed");
            doomed.half();
        } catch (Actor.Failure e) {
            return Seen.unknown("it could not be tried, because SQLite could not write: " + e.said());
        }
        doomed.kill();
        return inherited(heir);
    }

    private static Seen inherited(Actor heir) throws IOException {
        long start = System.nanoTime();
        while (true) {
            long asked = System.nanoTime();
            try {
                String after = heir.survey();
                if (!after.equals(BEFORE)) return unlike(after, "half a transaction of a process that was killed");
                String sound = heir.integrity();
                if (!sound.equals("ok")) return Seen.no("after a process was killed, integrity_check says: " + sound);
                return Seen.yes("a transaction of a process that was killed was rolled back before the other read");
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
