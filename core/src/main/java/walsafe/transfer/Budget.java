package walsafe.transfer;

import java.time.Duration;

/**
 * How much a copy may ask of the other programs that use the database.
 *
 * @param lock the longest time for which a copy keeps writers out in a row, and the longest that it waits for a lock of
 *     theirs. In WAL mode it keeps nobody out
 * @param restarts in a rollback mode: how often other programs may write before the copy takes one lock for all the rest
 */
public record Budget(Duration lock, int restarts) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Five seconds, after eight restarts. */
    public static final Budget DEFAULT = new Budget(Duration.ofSeconds(5), 8);

    public Budget {
        if (lock.isZero() || lock.isNegative() || lock.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("lock must be more than 0 and at most an hour, was " + lock);
        }
        if (restarts < 0) throw new IllegalArgumentException("restarts must be 0 or more, was " + restarts);
    }

    /** The same with another lock. */
    public Budget withLock(Duration other) {
        return new Budget(other, restarts);
    }

    /** In whole milliseconds, at least one. */
    int lockMillis() {
        return (int) Math.max(1, lock.toMillis());
    }
}
