package walsafe.custody;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Sign;
import walsafe.facts.Signs;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Amount;
import walsafe.words.Shell;

/**
 * Who else may have a database open. No lock is needed to be company: a connection that is idle in rollback mode has
 * none, and would go on with a file that has lost its name.
 */
public final class Company {
    private static final Duration PASSING = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Company() {}

    /**
     * Those who were seen: processes with a descriptor or a lock, and signs of presence beside the database.
     *
     * @param ours pids that do not count, this process's own among them if it has the file open on purpose
     */
    public static Optional<Finding> seen(Facts facts, Set<Long> ours) {
        return seen(facts, ours, List.of());
    }

    /**
     * The same, without the signs that were watched for long enough and never changed.
     *
     * @param silent those signs, as they were when the watch ended
     */
    public static Optional<Finding> seen(Facts facts, Set<Long> ours, List<Sign> silent) {
        List<String> who = new ArrayList<>();
        for (Neighbour each : facts.neighbours().processes()) {
            if (ours.contains(each.pid())) continue;
            who.add(each.self() ? "this program itself" : each.words());
        }
        if (!facts.neighbours().unseenHolders().isEmpty()) who.add("a process that cannot be seen, which holds a lock");
        List<Sign> signs = signs(facts, silent);
        signs.forEach(sign -> who.add(sign.words() + ", which has left a sign,"));
        if (who.isEmpty()) return Optional.empty();
        String seen = Amount.list(who) + (who.size() == 1 ? " has" : " have") + " it open";
        return Optional.of(signs.isEmpty() ? blocked(where(facts), seen) : blocked(where(facts), seen, signs.get(0)));
    }

    /**
     * Who stays, once the locks are held: whoever only wanted them too, or looked at the file, is gone in a moment. Looks
     * again for up to two seconds while somebody is there.
     */
    public static Optional<Finding> staying(Path database, Set<Long> ours, List<Sign> silent) {
        long start = System.nanoTime();
        while (true) {
            Optional<Finding> company = seen(Facts.gather(database), ours, silent);
            boolean late = System.nanoTime() - start > PASSING.toNanos();
            if (company.isEmpty() || late || Thread.currentThread().isInterrupted()) return company;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Why somebody may be there who could not be seen, a clause; empty if everybody was looked at. */
    public static Optional<String> unseen(Facts facts) {
        if (!facts.neighbours().looked()) return Optional.of("who has it open cannot be told on this platform");
        if (facts.neighbours().denied() > 0) {
            return Optional.of(Amount.of(facts.neighbours().denied(), "process", "processes")
                    + " of other users could not be looked into");
        }
        return facts.neighbours().complete()
                ? Optional.empty()
                : Optional.of("processes of other containers cannot be seen from here");
    }

    /** Why nobody may touch it now, and how to find out who is in the way. */
    public static Finding blocked(String where, String seen) {
        return new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                where,
                seen,
                Remedy.of("Stop that program, and try again.", "walsafe who " + Shell.quote(where)));
    }

    private static Finding blocked(String where, String seen, Sign sign) {
        return new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                where,
                seen,
                Remedy.of(
                        "Stop that program, and try again. Only if it is certain that it has ended, delete its sign.",
                        "walsafe who " + Shell.quote(where),
                        "rm "
                                + Shell.quote(Signs.folder(Path.of(where))
                                        .resolve(sign.name())
                                        .toString())));
    }

    private static String where(Facts facts) {
        return facts.target().database().orElse(facts.target().asked());
    }

    /** Of others that live, as far as is known; one of this process is no company. */
    private static List<Sign> signs(Facts facts, List<Sign> silent) {
        return facts.neighbours().signs().stream()
                .filter(sign -> sign.origin() != Sign.Origin.THIS_PROCESS)
                .filter(sign -> sign.life() == Sign.Life.LIVES || sign.life() == Sign.Life.UNTOLD)
                .filter(sign -> silent.stream().noneMatch(each -> each.name().equals(sign.name())))
                .toList();
    }
}
