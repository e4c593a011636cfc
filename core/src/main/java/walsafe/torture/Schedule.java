package walsafe.torture;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Who is treated badly when, and how; follows from the seed alone. */
final class Schedule {
    private static final List<Point> POINTS = List.of(Point.values());
    private static final int EVERYBODY = 12; // one in so many blows

    private final SplittableRandom random;
    private final int processes;
    private final boolean kills;
    private final List<Grip> grips;

    /** @param grips the locks that processes can be stopped with; none if they cannot be seen */
    Schedule(long seed, int processes, boolean kills, List<Grip> grips) {
        this.random = new SplittableRandom(seed);
        this.processes = processes;
        this.kills = kills;
        this.grips = grips;
    }

    /**
     * One blow.
     *
     * @param after the one before
     * @param process which, from 0
     * @param point where in its work
     * @param stop how long it is stopped; zero if it is killed
     * @param grip the lock that it is stopped with
     * @param everybody all are killed at once, and begin at once with what they left; the one is stopped then
     */
    record Blow(Duration after, int process, Point point, Duration stop, Optional<Grip> grip, boolean everybody) {
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
        Optional<Grip> grip = grip();
        boolean everybody = random.nextInt(EVERYBODY) == 0 && kills;
        if (everybody) return new Blow(after, process, point, stop, recovering(), true);
        if (kill && kills) return new Blow(after, process, point, Duration.ZERO, Optional.empty(), false);
        return new Blow(after, process, point, stop, grip, false);
    }

    /** One stop in five comes wherever the process is. Nobody recovers while others have the database open. */
    private Optional<Grip> grip() {
        int dice = random.nextInt(100);
        int which = random.nextInt(Math.max(1, grips.size()));
        if (grips.isEmpty() || dice < 20 || grips.get(which) == Grip.RECOVER) return Optional.empty();
        return Optional.of(grips.get(which));
    }

    private Optional<Grip> recovering() {
        return grips.stream().filter(Grip.RECOVER::equals).findFirst();
    }

    /** Does the race end with everybody killed at once, rather than told to end? */
    boolean endsWithABlow() {
        return random.nextBoolean() && kills;
    }
}
