package walsafe.facts;

import java.util.List;
import java.util.stream.Stream;

/**
 * One of the database's files, seen open in some process.
 *
 * @param part which file
 * @param how which of its lives: the same file that we would open, or another
 * @param writable may the process write through this descriptor
 * @param locks those that the process holds on it through this descriptor
 */
record SeenOpen(DatabasePart part, How how, boolean writable, List<LockLine> locks) {
    enum How {
        SAME,
        /** It had our file's name and has lost it. */
        DELETED,
        /** It is reached through another superblock, which has locks and pages of its own. */
        OTHER_DOMAIN
    }

    /** Its locks in SQLite's words. */
    Stream<SqliteLock> named() {
        return locks.stream().flatMap(lock -> named(part, lock).stream());
    }

    static List<SqliteLock> named(DatabasePart part, LockLine lock) {
        return lock.onBytes()
                ? SqliteLock.named(part, lock.write(), lock.firstByte(), lock.lastByte())
                : List.of(SqliteLock.foreign(part, lock.kind(), lock.write()));
    }
}
