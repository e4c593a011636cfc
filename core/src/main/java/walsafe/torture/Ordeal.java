package walsafe.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import walsafe.policy.Sharing;

/**
 * What a torture is to do, and what it may cost.
 *
 * @param directory where; a scratch directory is made in it
 * @param through other paths to the same directory; the processes take turns with them, so that two views of one place can
 *     be tried against each other
 * @param way how the database is opened
 * @param sharing who opens databases there, as the caller says; for the verdict and for {@link Way#PLAN}
 * @param time for the processes to race, 1 s to {@value #LONGEST_SECONDS} s; counting comes on top
 * @param processes 2 to {@value #MOST_PROCESSES}, some 60 MiB of memory each
 * @param seed of the schedule of kills and stops and of the transactions; when the system lets a process run is its own
 *     affair
 * @param diskBytes what may lie in the scratch directory, at least {@value #LEAST_BYTES}
 */
public record Ordeal(
        Path directory,
        List<Path> through,
        Way way,
        Sharing sharing,
        Duration time,
        int processes,
        long seed,
        long diskBytes) {
    public static final int LONGEST_SECONDS = 86_400;
    public static final int MOST_PROCESSES = 32;
    public static final long LEAST_BYTES = 16L << 20;
    public static final long DISK_BYTES = 256L << 20;

    public Ordeal {
        through = List.copyOf(through);
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(Duration.ofSeconds(LONGEST_SECONDS)) > 0) {
            throw new IllegalArgumentException("time must be 1 s to " + LONGEST_SECONDS + " s, was " + time);
        }
        if (processes < 2 || processes > MOST_PROCESSES) {
            throw new IllegalArgumentException("processes must be 2 to " + MOST_PROCESSES + ", was " + processes);
        }
        if (diskBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("diskBytes must be at least " + LEAST_BYTES + ", was " + diskBytes);
        }
    }
}
