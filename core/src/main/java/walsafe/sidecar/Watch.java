package walsafe.sidecar;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Sign.Life;
import walsafe.facts.Signs;

/**
 * Watches the signs of other kernels and mounts until one is seen to live, or for three heartbeats. Compares names and
 * this process's own monotonic time, never a clock with another's: clocks of a guest and its host differed by a second
 * in the lab. Two looks without a name mean that its process has closed properly; one may have fallen between them.
 */
public final class Watch {
    /** The longest a watch takes. */
    public static final Duration PATIENCE = Presence.HEARTBEAT.multipliedBy(3);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Supplier<List<Sign>> look;
    private final Duration patience;
    private final Duration pause;

    private final Map<String, Sign> first = new HashMap<>();
    private final Map<String, Integer> missed = new HashMap<>();
    private final Set<String> alive = new HashSet<>();

    Watch(Supplier<List<Sign>> look, Duration patience, Duration pause) {
        this.look = look;
        this.patience = patience;
        this.pause = pause;
    }

    /**
     * The signs beside a database, and whether their processes live: of the foreign ones one that lives, or all as {@link
     * Life#SUSPECT}. If the thread is interrupted, what is not known by then stays {@link Life#UNTOLD}.
     *
     * @param facts with the signs of the first look
     */
    public static List<Sign> of(Path database, Facts facts) {
        return new Watch(() -> Signs.beside(database, facts.host(), facts.storage()), PATIENCE, PAUSE)
                .from(facts.neighbours().signs());
    }

    /** One more look, for who has shown a sign since the first; costs a listing of the folder. */
    public static List<Sign> again(Path database, Facts facts) {
        Watch watch =
                new Watch(() -> Signs.beside(database, facts.host(), facts.storage()), Duration.ZERO, Duration.ZERO);
        return watch.once(facts.neighbours().signs());
    }

    List<Sign> once(List<Sign> seen) {
        seen.forEach(sign -> first.put(sign.id(), sign));
        return told(lookAgain(seen), Life.UNTOLD);
    }

    List<Sign> from(List<Sign> seen) {
        long start = System.nanoTime();
        seen.forEach(sign -> first.put(sign.id(), sign));
        List<Sign> now = seen;
        try {
            while (alive.isEmpty() && anyUntold(now) && System.nanoTime() - start < patience.toNanos()) {
                Thread.sleep(pause.toMillis());
                now = lookAgain(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return told(now, Life.UNTOLD);
        }
        return told(now, alive.isEmpty() ? Life.SUSPECT : Life.UNTOLD);
    }

    private static boolean anyUntold(List<Sign> signs) {
        return signs.stream().anyMatch(sign -> sign.foreign() && sign.life() == Life.UNTOLD);
    }

    private List<Sign> lookAgain(List<Sign> before) {
        List<Sign> now = new ArrayList<>();
        Set<String> listed = new HashSet<>();
        for (Sign sign : look.get()) {
            listed.add(sign.id());
            missed.remove(sign.id());
            Sign known = first.putIfAbsent(sign.id(), sign);
            boolean moved = known == null || known.generation() != sign.generation();
            if (sign.foreign() && (moved || sign.life() == Life.LIVES)) alive.add(sign.id());
            // What an earlier watch has found out still holds of a name that has not changed since.
            boolean watched = known != null && (known.life() == Life.SUSPECT || known.life() == Life.LIVES);
            boolean found = watched && !moved && sign.life() == Life.UNTOLD;
            now.add(found ? sign.with(known.life()) : sign);
        }
        for (Sign gone : before) {
            if (!listed.contains(gone.id()) && missed.merge(gone.id(), 1, Integer::sum) < 2) now.add(gone);
        }
        return now;
    }

    private List<Sign> told(List<Sign> signs, Life otherwise) {
        List<Sign> told = new ArrayList<>();
        for (Sign sign : signs) {
            if (alive.contains(sign.id())) told.add(sign.with(Life.LIVES));
            else if (sign.foreign() && sign.life() == Life.UNTOLD) told.add(sign.with(otherwise));
            else told.add(sign);
        }
        return List.copyOf(told);
    }
}
