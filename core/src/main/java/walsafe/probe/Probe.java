package walsafe.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Target;

/**
 * Asks a place by experiment. Two actors, processes of our own, do to scratch files what SQLite would do, and one who
 * conducts compares what each saw of the other.
 *
 * <p>What it shows holds among processes of one coherence domain. It cannot speak for other hosts, and it never shows that
 * bytes survive a power cut.
 */
public final class Probe {
    /** For children to end and the scratch directory to go. */
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private final Stage stage;
    private final Budget budget;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean disturbed;
    private volatile String unbuilt = ""; // why there was nothing to try with
    private volatile List<String> left = List.of();

    private Probe(Path directory, Budget budget) {
        this.stage = new Stage(directory, budget);
        this.budget = budget;
    }

    /**
     * What was shown.
     *
     * @param evidence one for each experiment, also for those that could not be made
     * @param complete did every experiment come to its end, so that the same would be seen again
     * @param leftovers what the storage keeps of the scratch directory, by path; as a rule empty
     * @param took wall time
     */
    public record Outcome(List<Evidence> evidence, boolean complete, List<String> leftovers, Duration took) {
        public Outcome {
            evidence = List.copyOf(evidence);
            leftovers = List.copyOf(leftovers);
        }
    }

    /**
     * Makes all experiments in a directory, and removes what it made there. Takes what the budget allows, at most four
     * seconds more, whatever the storage does; a thread that the storage does not let go of stays behind.
     *
     * @param directory where a database lies or shall lie; if nothing can be made there, all is UNKNOWN
     */
    public static Outcome ask(Path directory, Budget budget) {
        return new Probe(directory, budget).ask();
    }

    /**
     * Facts with what experiments show of their place: remembered if they were made here before, otherwise made now and
     * remembered.
     */
    public static Facts tried(Facts facts, Budget budget, Memory memory) {
        return memory.recall(facts, budget, Instant.now())
                .map(facts::with)
                .orElseGet(() -> anew(facts, budget, memory));
    }

    /** The same with experiments made now, whatever is remembered. Facts without a directory stay as they are. */
    public static Facts anew(Facts facts, Budget budget, Memory memory) {
        Optional<Path> directory = directory(facts.target());
        if (directory.isEmpty()) return facts;
        Outcome outcome = ask(directory.get(), budget);
        if (outcome.complete()) memory.keep(facts, budget, outcome.evidence(), Instant.now());
        Facts told = facts.with(outcome.evidence());
        for (String left : outcome.leftovers()) {
            told = told.unseen("the probe's " + left + " could not be removed; it is nobody's now and may be deleted");
        }
        return told;
    }

    /** Where the files of the database are made. */
    static Optional<Path> directory(Target target) {
        boolean named = target.state() == Target.State.FILE || target.state() == Target.State.MISSING;
        Optional<Path> path = target.database().map(Path::of);
        if (target.state() == Target.State.DIRECTORY) return path;
        return named ? path.map(Path::getParent) : Optional.empty();
    }

    private Outcome ask() {
        long start = System.nanoTime();
        Thread conductor = new Thread(this::conduct, "walsafe: probe");
        conductor.setDaemon(true);
        conductor.start();
        boolean finished = ended(conductor, budget.deadline());
        if (!finished) finished = hurried(conductor);
        List<String> leftovers = finished ? left : stage.litter();
        return new Outcome(
                evidence(), !disturbed && !over.get(), leftovers, Duration.ofNanos(System.nanoTime() - start));
    }

    /** Ends the children, so that the one who waits for them can tidy up. */
    private boolean hurried(Thread conductor) {
        over.set(true);
        stage.killChildren();
        conductor.interrupt(); // it may wait for a child that has not begun to listen
        return endedAnyway(conductor, FAREWELL);
    }

    /** An interrupt of the caller ends the wait, and is kept. */
    private static boolean ended(Thread thread, Duration patience) {
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** An interrupt does not: what was made has to go first. */
    private static boolean endedAnyway(Thread thread, Duration patience) {
        boolean interrupted = Thread.interrupted();
        long start = System.nanoTime();
        for (long left = patience.toMillis(); left > 0 && thread.isAlive(); ) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = patience.toMillis()
                    - Duration.ofNanos(System.nanoTime() - start).toMillis();
        }
        if (interrupted) Thread.currentThread().interrupt();
        return !thread.isAlive();
    }

    private void conduct() {
        try {
            stage.build();
            for (Experiment experiment : Experiment.of(budget)) {
                if (over.get()) return;
                stage.show(experiment.evidence(tried(experiment)));
            }
        } catch (IOException | RuntimeException e) {
            disturbed = true;
            unbuilt = Seen.told(e);
        } finally {
            left = stage.clear();
        }
    }

    private Seen tried(Experiment experiment) {
        try {
            return experiment.trial().on(stage);
        } catch (IOException | RuntimeException e) {
            disturbed = true;
            return Seen.untried(e);
        }
    }

    /** What was not come to is told as well: an answer that nobody gave is no yes. */
    private List<Evidence> evidence() {
        List<Evidence> all = new ArrayList<>(stage.evidence());
        String why = unbuilt.isEmpty() ? "the time was up, " + budget.deadline().toMillis() + " ms" : unbuilt;
        Stream<Experiment> missing = Experiment.of(budget).stream().skip(all.size());
        missing.forEach(experiment -> all.add(experiment.evidence(Seen.unknown(why))));
        return all;
    }
}
