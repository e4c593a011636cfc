package walsafe.torture;

import java.util.List;
import walsafe.facts.SqliteLock;
import walsafe.policy.Mode;

/**
 * A lock of SQLite's that a process is stopped with, as when a machine falls asleep with it (lockingv3.html, section 3;
 * walformat.html, section 2.3).
 */
enum Grip {
    /** The one writer of a database in WAL mode. */
    WRITE(Point.WRITING),
    /** In mid-checkpoint. Who recovers holds it, too. */
    CHECKPOINT(Point.CHECKPOINTING),
    /** Builds the wal-index anew from the -wal that others left who were killed. */
    RECOVER(Point.ANYWHERE),
    /** A read mark of the wal-index. */
    READ(Point.READING),

    SHARED(Point.READING),
    RESERVED(Point.WRITING),
    /** Waits for readers to end before it may write, and lets none begin. */
    PENDING(Point.COMMITTING),
    EXCLUSIVE(Point.WRITING);

    private static final List<Grip> WAL = List.of(WRITE, CHECKPOINT, RECOVER, READ);
    private static final List<Grip> ROLLBACK = List.of(SHARED, RESERVED, PENDING, EXCLUSIVE);

    private final Point point;

    Grip(Point point) {
        this.point = point;
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

    /** Does who holds these locks hold this one, and none that is taken on top of it. */
    boolean in(List<SqliteLock> held) {
        return switch (this) {
            case WRITE -> has(held, "WRITE", true);
            case CHECKPOINT -> has(held, "CKPT", true) && !has(held, "RECOVER", true);
            case RECOVER -> has(held, "RECOVER", true);
            case READ -> held.stream().anyMatch(Grip::mark);
            case SHARED -> has(held, "SHARED", false) && !has(held, "RESERVED", true);
            case RESERVED ->
                has(held, "RESERVED", true) && !has(held, "PENDING", true) && !has(held, "EXCLUSIVE", true);
            case PENDING -> has(held, "PENDING", true) && !has(held, "EXCLUSIVE", true);
            case EXCLUSIVE -> has(held, "EXCLUSIVE", true);
        };
    }

    private static boolean has(List<SqliteLock> held, String name, boolean write) {
        return held.stream().anyMatch(lock -> lock.name().equals(name) && lock.write() == write);
    }

    private static boolean mark(SqliteLock lock) {
        return lock.name().startsWith("READ ") && !lock.write();
    }
}
