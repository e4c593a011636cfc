package walsafe.torture;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Policy;
import walsafe.words.Amount;

/**
 * SQLite's crash and lock tests, adapted to the place at hand: processes race on a scratch database, are stopped and killed,
 * and what is left is counted against a ledger of what was acknowledged. {@code docs/knowledge/torture.md} says which test of
 * SQLite's is which scenario here, and what a torture has been seen to find.
 */
public final class Torture {
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final Duration ROUND_AT_LEAST = Duration.ofSeconds(4);
    private static final Duration BEYOND = Duration.ofMinutes(3); // for counting, tidying and a machine at its limit

    private final Ordeal ordeal;
    private final Progress progress;
    private final Census census;
    private final Facts facts;
    private final Tally tally;
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<Path> views = new ArrayList<>();
    private volatile Optional<Means> means = Optional.empty();
    private volatile Optional<Scratch> place = Optional.empty();
    private volatile Optional<Scratch> libraries = Optional.empty();
    private volatile List<String> leftovers = List.of();

    private Torture(Ordeal ordeal, Progress progress, Line.Source source) {
        this.ordeal = ordeal;
        this.progress = progress;
        this.census = new Census(source);
        this.facts = Facts.gather(ordeal.directory().resolve("torture.db"));
        views.add(ordeal.directory());
        views.addAll(ordeal.through());
        List<String> paths = new ArrayList<>();
        for (int process = 0; process < ordeal.processes(); process++) {
            paths.add(views.get(process % views.size()).toString());
        }
        this.tally = new Tally(paths, ordeal.way() != Way.PLAN);
    }

    /**
     * Tortures. Takes the ordeal's time, some seconds for each ten of it to count, and at most three minutes beyond. Uses
     * the processors to the full.
     *
     * @return what was shown; a place that cannot be tried is told in the report, not thrown
     * @throws InterruptedException if the calling thread was interrupted; everything is tidied by then
     */
    public static Report run(Ordeal ordeal, Progress progress) throws InterruptedException {
        return run(ordeal, progress, ChildLine.HERE);
    }

    /** With processes from elsewhere. */
    static Report run(Ordeal ordeal, Progress progress, Line.Source source) throws InterruptedException {
        return new Torture(ordeal, progress, source).run();
    }

    private Report run() throws InterruptedException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isEmpty()) withinBounds();
        else tally.doubt(obstacle.get());
        Judgement judgement = new Judgement(ordeal, facts, means, tally, leftovers);
        return judgement.report(started, tally.millis());
    }

    /** Why it cannot begin at all. */
    private Optional<String> obstacle() {
        Target.State state = facts.target().state();
        if (state == Target.State.SILENT) return Optional.of("the storage did not answer");
        boolean directory = Facts.gather(ordeal.directory()).target().state() == Target.State.DIRECTORY;
        if (!directory) return Optional.of(ordeal.directory() + " is no directory that can be looked into");
        if (ordeal.way() != Way.PLAN) means = Optional.of(Means.bare(ordeal.way()));
        else if (Policy.decide(facts, intent(ordeal)) instanceof Plan.Open open && open.mode() != Mode.READ_ONLY)
            means = Optional.of(Means.of(open, facts.storage().kind().ofThisMachine()));
        if (means.isEmpty()) {
            return Optional.of("walsafe would not open a database for writing there, so there was nothing to try;"
                    + " --mode wal tries it all the same");
        }
        OptionalLong free = facts.database().freeBytes();
        if (free.isPresent() && free.getAsLong() < 2 * ordeal.diskBytes()) {
            return Optional.of(Amount.bytes(free.getAsLong()) + " are free, and twice "
                    + Amount.bytes(ordeal.diskBytes()) + " are wanted");
        }
        return Optional.empty();
    }

    static Intent intent(Ordeal ordeal) {
        return Intent.DEFAULT.with(ordeal.sharing());
    }

    /** On a thread of its own: a storage that stops answering may keep that for ever, and us no longer than agreed. */
    private void withinBounds() throws InterruptedException {
        Thread thread = new Thread(this::tidily, "walsafe: torture");
        thread.setDaemon(true);
        Thread rescue = new Thread(this::abandon, "walsafe: end of torture");
        Runtime.getRuntime().addShutdownHook(rescue);
        try {
            thread.start();
            thread.join(ordeal.time().plus(BEYOND).toMillis());
            if (thread.isAlive()) tally.doubt("it did not end in time, as if the storage had stopped to answer");
        } finally {
            census.over();
            thread.interrupt();
            thread.join(TimeUnit.SECONDS.toMillis(10));
            forget(rescue);
        }
        if (thread.isAlive())
            leftovers = List.of(ordeal.directory().resolve(Scratch.PREFIX + "*").toString());
    }

    private static void forget(Thread rescue) {
        try {
            Runtime.getRuntime().removeShutdownHook(rescue);
        } catch (IllegalStateException e) {
            // It runs already.
        }
    }

    /** The program is ending, by Ctrl-C for example. */
    private void abandon() {
        census.over();
        place.ifPresent(Scratch::clear);
        libraries.ifPresent(Scratch::clear);
    }

    private void tidily() {
        List<String> others = Scratch.others(ordeal.directory());
        try {
            libraries = Optional.of(Scratch.in(Path.of(System.getProperty("java.io.tmpdir"))));
            place = Optional.of(Scratch.in(ordeal.directory()));
            rounds(place.orElseThrow(), libraries.orElseThrow().directory());
        } catch (AccessDeniedException e) {
            tally.doubt("this user may not make the scratch directory " + e.getFile());
        } catch (IOException e) {
            tally.doubt("no scratch directory could be used: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tally.doubt("it was interrupted");
        } finally {
            census.over();
            boolean interrupted = Thread.interrupted();
            List<String> left = new ArrayList<>();
            place.ifPresent(scratch -> left.addAll(cleared(scratch)));
            libraries.ifPresent(scratch -> left.addAll(scratch.clear()));
            leftovers = List.copyOf(left);
            if (!others.isEmpty()) { // told last: the first doubt is the reason why something could not be tried
                tally.doubt(Amount.list(others) + " lies there, of a torture that was killed or still runs");
            }
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** What was made through one of two views cannot always be removed through the other. */
    private List<String> cleared(Scratch scratch) {
        Set<String> left = new LinkedHashSet<>();
        if (!ordeal.through().isEmpty()) scratch.empty();
        for (Path view : ordeal.through()) left.addAll(scratch.through(view).clear());
        if (left.isEmpty()) left.addAll(scratch.clear());
        return List.copyOf(left);
    }

    private void rounds(Scratch scratch, Path libraryFolder) throws IOException, InterruptedException {
        if (!allViewsShow(scratch)) return;
        Means opening = means.orElseThrow();
        Schedule schedule =
                new Schedule(ordeal.seed(), ordeal.processes(), !opening.dotFiles(), Grip.in(opening.mode()));
        if (opening.dotFiles()) {
            tally.doubt(
                    "nobody was killed: a dot-file lock of a process that was killed stays until a person removes it");
        }
        long left = ordeal.time().toMillis();
        while (left > 0 && !tally.convicted()) {
            long now = left < ROUND.plus(ROUND_AT_LEAST).toMillis() ? left : ROUND.toMillis();
            left -= Math.max(round(scratch, libraryFolder, schedule, opening, now), ROUND_AT_LEAST.toMillis());
            if (left > 0 && !tally.convicted() && !scratch.empty()) {
                tally.doubt("the files of a round could not be removed");
                return;
            }
        }
    }

    /** A directory with a name of chance that can be seen is the same directory. */
    private boolean allViewsShow(Scratch scratch) throws InterruptedException {
        Path name = scratch.directory().getFileName();
        for (Path view : ordeal.through()) {
            long until = tally.millis() + 5_000; // names may be remembered for a while
            while (!Files.isDirectory(view.resolve(name)) && tally.millis() < until) Thread.sleep(50);
            if (Files.isDirectory(view.resolve(name))) continue;
            tally.doubt(view + " does not show what is made in " + ordeal.directory());
            return false;
        }
        return true;
    }

    /** How many milliseconds of it were racing; fewer if the room was used up. */
    private long round(Scratch scratch, Path libraryFolder, Schedule schedule, Means opening, long millis)
            throws InterruptedException {
        tally.round();
        String file = "round-" + tally.counts().rounds() + ".db";
        List<Path> databases = new ArrayList<>();
        for (int process = 0; process < ordeal.processes(); process++) {
            Path view = views.get(process % views.size());
            databases.add(view.resolve(scratch.directory().getFileName()).resolve(file));
        }
        Means now = Variety.of(opening, ordeal.seed(), tally.counts().rounds());
        Race race = new Race(ordeal, now, databases, scratch, libraryFolder, schedule, tally, census, progress);
        Ledger ledger = race.run(millis);
        progress.at(
                Duration.ofMillis(tally.millis()),
                tally.counts().acknowledged(),
                tally.counts().kills(),
                "counting");
        Spec spec = new Spec(
                0,
                ordeal.seed(),
                true,
                ordeal.diskBytes(),
                databases.get(0),
                libraryFolder.resolve("count-" + file),
                now.bare());
        Reckoning.of(ledger, census, spec, tally);
        return race.racedMillis();
    }
}
