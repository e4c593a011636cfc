package walsafe.torture;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Who is treated badly when, and how; follows from the seed alone. */
final class Schedule {
    private static final List<Point> POINTS = List.of(Point.values());

    private final SplittableRandom random;
    private final int processes;
    private final boolean kills;

    Schedule(long seed, int processes, boolean kills) {
        this.random = new SplittableRandom(seed);
        this.processes = processes;
        this.kills = kills;
    }

    /**
     * One blow.
     *
     * @param after the one before
     * @param process which, from 0
     * @param point where in its work
     * @param stop how long it is stopped; zero if it is killed
     */
    record Blow(Duration after, int process, Point point, Duration stop) {
        boolean kills() {
            return stop.isZero();
        }
    }

    Blow next() {
        Duration after = Duration.ofMillis(100 + random.nextInt(500));
        int process = random.nextInt(processes);
        Point point = POINTS.get(random.nextInt(POINTS.size()));
        boolean kill = random.nextInt(100) < 60;
        Duration stop = Duration.ofMillis(200 + random.nextInt(1_300));
        return new Blow(after, process, point, kill && kills ? Duration.ZERO : stop);
    }

    /** Does the race end with everybody killed at once, rather than told to end? */
    boolean endsWithABlow() {
        return random.nextBoolean() && kills;
    }
}
