package walsafe.probe;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import walsafe.facts.Answer.Verdict;

/** What byte-range locks do, tried on a file that is nobody's database. */
final class LockTrials {
    private static final String FILE = "locks";
    private static final long WAL_WRITE = 120; // the -shm's byte for the writer
    private static final long SHARED_FIRST = 0x40000002L;
    private static final int SHARED_BYTES = 510;
    private static final long ELSEWHERE = 300;
    private static final long DOOMED = 500;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private LockTrials() {}

    static Seen conflict(Stage stage) throws IOException {
        Seen one = conflict(stage.a(), stage.b());
        return one.verdict() == Verdict.YES ? conflict(stage.b(), stage.a()) : one;
    }

    private static Seen conflict(Actor holder, Actor other) throws IOException {
        try {
            return held(holder, other);
        } finally {
            holder.unlock(FILE);
            other.unlock(FILE);
        }
    }

    private static Seen held(Actor holder, Actor other) throws IOException {
        if (!holder.lock(FILE, WAL_WRITE, 1, false)) return unheld("byte 120");
        if (other.lock(FILE, WAL_WRITE, 1, false)) return granted("exclusive", "byte 120", "exclusively");
        if (other.lock(FILE, WAL_WRITE, 1, true)) return granted("shared", "byte 120", "exclusively");
        if (!other.lock(FILE, WAL_WRITE + 1, 1, false)) return unheld("byte 121");
        if (!holder.lock(FILE, SHARED_FIRST, SHARED_BYTES, true)) return unheld("SQLite's range at 1 GiB");
        if (!other.lock(FILE, SHARED_FIRST, SHARED_BYTES, true)) {
            return Seen.unknown("a shared lock was refused although the other process held a shared one only");
        }
        other.unlock(FILE);
        if (other.lock(FILE, SHARED_FIRST, SHARED_BYTES, false)) {
            return granted("exclusive", "SQLite's range at 1 GiB", "shared");
        }
        holder.unlock(FILE);
        if (!other.lock(FILE, WAL_WRITE, 1, false)) return unheld("byte 120, which had been released,");
        if (!other.lock(FILE, SHARED_FIRST, SHARED_BYTES, false))
            return unheld("SQLite's range, which had been released,");
        return Seen.yes(
                "an exclusive lock kept the other process out, shared ones let each other in, released ones were"
                        + " free at once");
    }

    private static Seen granted(String kind, String where, String how) {
        return Seen.no(
                "a process was granted the %s lock on %s that another process held %s".formatted(kind, where, how));
    }

    /** A lock that nobody of ours can hold; some storages refuse all, others are late. */
    private static Seen unheld(String where) {
        return Seen.unknown("the lock on " + where + " was refused although no process of the probe held it");
    }

    /** Whether or not it drops them, SQLite on Unix reckons with it; it is worth knowing. */
    static Seen closing(Stage stage) throws IOException {
        Actor holder = stage.a();
        Actor other = stage.b();
        try {
            if (!holder.lock(FILE, ELSEWHERE, 1, false)) return unheld("byte 300");
            if (other.lock(FILE, ELSEWHERE, 1, false)) return notExcluded();
            holder.glimpse(FILE);
            return Seen.yes(
                    other.lock(FILE, ELSEWHERE, 1, false)
                            ? "it lost the lock, as POSIX has it and SQLite expects"
                            : "it kept the lock, which is more than POSIX asks");
        } finally {
            holder.unlock(FILE);
            other.unlock(FILE);
        }
    }

    static Seen kill(Stage stage) throws IOException {
        Actor doomed = stage.a();
        Actor heir = stage.b();
        if (!doomed.lock(FILE, DOOMED, 1, false)) return unheld("byte 500");
        if (heir.lock(FILE, DOOMED, 1, false)) return notExcluded();
        doomed.kill();
        long start = System.nanoTime();
        for (long asked = start; !heir.lock(FILE, DOOMED, 1, false); asked = System.nanoTime()) {
            if (asked - start > WINDOW_NANOS) { // when it was asked: an answer may be long on its way
                return Seen.no("its lock was still held 2 s after the process had ended");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return Seen.yes("its lock was free %d ms after the process had ended"
                .formatted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
    }

    private static Seen notExcluded() {
        return Seen.unknown("it could not be tried, because the lock kept nobody out");
    }
}
