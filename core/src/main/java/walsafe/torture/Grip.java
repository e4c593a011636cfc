package walsafe.torture;

import java.util.List;
import java.util.function.Predicate;
import walsafe.facts.SqliteLock;
import walsafe.policy.Mode;

/**
 * A lock of SQLite's that a process is stopped with, as when a machine falls asleep with it (lockingv3.html, section 3;
 * walformat.html, section 2.3).
 */
enum Grip {
    /** The one writer of a database in WAL mode. */
    WRITE(Point.WRITING, held -> has(held, "WRITE", true)),
    /** In mid-checkpoint. Who recovers holds it, too. */
    CHECKPOINT(Point.CHECKPOINTING, held -> has(held, "CKPT", true) && !has(held, "RECOVER", true)),
    /** Builds the wal-index anew from the -wal that others left who were killed. */
    RECOVER(Point.ANYWHERE, held -> has(held, "RECOVER", true)),
    /** A read mark of the wal-index. */
    READ(Point.READING, held -> held.stream().anyMatch(Grip::mark)),

    SHARED(Point.READING, held -> has(held, "SHARED", false) && !has(held, "RESERVED", true)),
    RESERVED(
            Point.WRITING,
            held -> has(held, "RESERVED", true) && !has(held, "PENDING", true) && !has(held, "EXCLUSIVE", true)),
    /** Waits for readers to end before it may write, and lets none begin. */
    PENDING(Point.COMMITTING, held -> has(held, "PENDING", true) && !has(held, "EXCLUSIVE", true)),
    EXCLUSIVE(Point.WRITING, held -> has(held, "EXCLUSIVE", true));

    private static final List<Grip> WAL = List.of(WRITE, CHECKPOINT, RECOVER, READ);
    private static final List<Grip> ROLLBACK = List.of(SHARED, RESERVED, PENDING, EXCLUSIVE);

    private final Point point;
    private final Predicate<List<SqliteLock>> shown;

    Grip(Point point, Predicate<List<SqliteLock>> shown) {
        this.point = point;
        this.shown = shown;
    }

    /** Those that SQLite takes in a mode; none where it locks no bytes for others to see. */
    static List<Grip> in(Mode mode) {
        if (mode == Mode.WAL) return WAL;
        return mode == Mode.ROLLBACK ? ROLLBACK : List.of();
    }

    /** Where in its work a process has it, as a rule. */
    Point point() {
        return point;
    }

    boolean in(List<SqliteLock> held) {
        return shown.test(held);
    }

    private static boolean has(List<SqliteLock> held, String name, boolean write) {
        return held.stream().anyMatch(lock -> lock.name().equals(name) && lock.write() == write);
    }

    private static boolean mark(SqliteLock lock) {
        return lock.name().startsWith("READ ") && !lock.write();
    }
}
