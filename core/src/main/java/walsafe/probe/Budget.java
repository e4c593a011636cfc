package walsafe.probe;

import java.time.Duration;

/**
 * What a probe may cost.
 *
 * @param name as on the command line
 * @param deadline when it ends, whatever it has seen
 * @param patience how long one step may take before it counts as unanswered
 * @param children processes of our own; with one, the caller's process is the other side, which maps nothing and runs no
 *     SQLite, so that some questions stay UNKNOWN
 * @param rounds how often the two sides take turns in an experiment
 * @param commits how many commits each side makes in each journal mode
 */
public record Budget(String name, Duration deadline, Duration patience, int children, int rounds, int commits) {
    /** Under 1.5 s on a local disk and some 60 MiB of memory for that time; at opening, where an answer is unknown. */
    public static final Budget GLANCE = new Budget("glance", Duration.ofSeconds(6), Duration.ofSeconds(2), 1, 10, 5);

    /** A few seconds on a local disk. Two processes map, and write through SQLite at once. */
    public static final Budget TORTURE =
            new Budget("torture", Duration.ofSeconds(60), Duration.ofSeconds(20), 2, 100, 100);

    /** For two hosts: some seconds over a quick line, some minutes where words travel as names through slow caches. */
    public static final Budget TWO_HOSTS =
            new Budget("two-hosts", Duration.ofMinutes(10), Duration.ofSeconds(20), 2, 12, 40);

    public Budget {
        if (children < 1 || children > 2)
            throw new IllegalArgumentException("children must be 1 or 2, was " + children);
        if (rounds < 1) throw new IllegalArgumentException("rounds must be 1 or more, was " + rounds);
        if (commits < 1) throw new IllegalArgumentException("commits must be 1 or more, was " + commits);
        mustBePositive("deadline", deadline);
        mustBePositive("patience", patience);
    }

    private static void mustBePositive(String what, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(what + " must be positive, was " + duration);
        }
    }
}
