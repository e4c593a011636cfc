package walsafe.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Question;

/**
 * The experiments of a probe between two hosts: one actor is a process of this host, the other a process of another host
 * that works in the same directory. Each is made twice, with the parts exchanged, since a storage may be right in one
 * direction and wrong in the other.
 *
 * <p><b>What it cannot show</b>, and is UNKNOWN at best: that a lock outlives no <em>host</em> (only a process is killed), that
 * two kernels have one page cache (they never have), that bytes survive a power cut.
 *
 * <p>Not thread-safe, but {@link #stop} may be called from anywhere.
 */
public final class Across {
    /** Begins the name of every directory in which experiments are made. */
    public static final String SCRATCH = Scratch.PREFIX;

    private static final String NEAR = "near";
    private static final String FAR = "far";

    /** What two hosts can show each other, in the order of {@link Experiment}; each act ends with its first actor killed. */
    private static final List<Experiment> FIRST = Stream.of(
                    "lock-conflict",
                    "locked-reads",
                    "names",
                    "exclusive-names",
                    "mapped-stores",
                    "map-and-read",
                    "commit-alone",
                    "rollback-journal",
                    "wal",
                    "kill")
            .map(Experiment::named)
            .toList();

    private static final List<Experiment> SECOND = List.of(new Experiment(
            "hot-journal",
            Question.NAMES_ARE_FRESH,
            "a process was killed in the middle of a transaction whose journal had been empty, and another read",
            2,
            JournalTrials::filledJournal));

    private static final List<Experiment> THIRD = List.of(new Experiment(
            "new-journal",
            Question.NAMES_ARE_FRESH,
            "a process was killed in the middle of a transaction whose journal was new, and another read",
            2,
            JournalTrials::newJournal));

    private static final List<List<Experiment>> ACTS = List.of(FIRST, SECOND, THIRD);

    private final Path directory;
    private final Budget budget;
    private final OtherHost other;
    private final Consumer<Shown> audience;
    private final List<Shown> shown = new CopyOnWriteArrayList<>();
    private final List<String> leftovers = new ArrayList<>();
    private final List<Puppet> puppets = new CopyOnWriteArrayList<>();
    private volatile boolean disturbed;
    private volatile boolean over;

    /**
     * @param directory as this host reaches it
     * @param audience is told of each experiment when it is over
     */
    public Across(Path directory, Budget budget, OtherHost other, Consumer<Shown> audience) {
        this.directory = directory;
        this.budget = budget;
        this.other = other;
        this.audience = audience;
    }

    /** The other host, as this one speaks with it. */
    public interface OtherHost {
        /**
         * An actor of that host's.
         *
         * @param scratch name of the directory that it is to work in, inside the directory that both share
         */
        Line enter(String scratch) throws IOException;
    }

    /**
     * What one experiment has shown.
     *
     * @param experiment its name
     * @param hereFirst had this host the first part: it stored, held, was killed
     * @param evidence with scope {@link Evidence.Scope#ACROSS}
     */
    public record Shown(String experiment, boolean hereFirst, Evidence evidence) {}

    /** Makes all experiments; where the storage or the other host fails, they are told as UNKNOWN. */
    public void conduct() {
        for (List<Experiment> act : ACTS) {
            for (boolean hereFirst : new boolean[] {true, false}) {
                if (over) return;
                play(act, hereFirst);
            }
        }
    }

    /** Ends it early, from another thread. */
    public void stop() {
        over = true;
        puppets.forEach(Puppet::killNow);
    }

    /** What was shown so far, in the order tried. */
    public List<Shown> shown() {
        return List.copyOf(shown);
    }

    /** Did every experiment come to its end. */
    public boolean complete() {
        return !disturbed && !over && shown.size() == names().size() * 2;
    }

    /** What the storage keeps of what was made here, by path. */
    public List<String> leftovers() {
        return List.copyOf(leftovers);
    }

    /** All experiments, in their order. */
    static List<String> names() {
        return all().map(Experiment::name).toList();
    }

    /** A directory of chance in that one, for this user alone. */
    public static Path scratch(Path directory) throws IOException {
        return Stage.made(directory);
    }

    /** Removes it, trying for a second; tells what is still there. */
    public static List<String> clear(Path scratch) {
        return Scratch.clear(scratch);
    }

    /** The evidence of an experiment of that name, if it can have shown that; for what was written down, or came by wire. */
    public static Shown shown(String name, boolean hereFirst, Verdict verdict, String because, Optional<String> date) {
        Experiment experiment = all().filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no experiment of two hosts: " + name));
        return told(experiment, hereFirst, new Seen(verdict, because), date);
    }

    private static Stream<Experiment> all() {
        return ACTS.stream().flatMap(List::stream);
    }

    private void play(List<Experiment> act, boolean hereFirst) {
        List<Experiment> left = new ArrayList<>(act);
        try {
            Path scratch = Stage.made(directory);
            try (Puppet here = Puppet.owning(scratch, budget.patience());
                    Line there = other.enter(scratch.getFileName().toString())) {
                puppets.add(here);
                Actor near = new Actor(NEAR, here);
                Actor far = new Actor(FAR, there);
                Stage stage = Stage.of(scratch, budget, hereFirst ? near : far, hereFirst ? far : near);
                while (!left.isEmpty() && !over) show(left.remove(0), hereFirst, stage);
            } finally {
                puppets.clear();
                leftovers.addAll(Scratch.clear(scratch));
            }
        } catch (IOException | RuntimeException e) {
            for (Experiment experiment : left) missed(experiment, hereFirst, e);
        }
    }

    private void show(Experiment experiment, boolean hereFirst, Stage stage) {
        try {
            Shown seen = told(experiment, hereFirst, experiment.trial().on(stage), Optional.empty());
            stage.show(seen.evidence());
            tell(seen);
        } catch (IOException | RuntimeException e) {
            missed(experiment, hereFirst, e);
        }
    }

    private void missed(Experiment experiment, boolean hereFirst, Exception e) {
        disturbed = true;
        tell(told(experiment, hereFirst, Seen.untried(e), Optional.empty()));
    }

    private void tell(Shown seen) {
        shown.add(seen);
        audience.accept(seen);
    }

    private static Shown told(Experiment experiment, boolean hereFirst, Seen seen, Optional<String> date) {
        String done = experiment.tried() + (hereFirst ? ", this host first" : ", the other host first");
        String source =
                "two hosts " + experiment.name() + date.map(day -> ", " + day).orElse("");
        return new Shown(
                experiment.name(),
                hereFirst,
                experiment.evidence(atMost(experiment.question(), seen), source, Evidence.Scope.ACROSS, done));
    }

    /** A yes to less than the question asks is none. */
    private static Seen atMost(Question question, Seen seen) {
        if (seen.verdict() != Verdict.YES) return seen;
        return switch (question) {
            case LOCKS_DIE_WITH_OWNER -> Seen.unknown(seen.because() + "; that of a host that dies was not tried");
            case ONE_PAGE_CACHE -> Seen.unknown(seen.because() + "; but two kernels have two page caches");
            case SYNC_IS_KEPT -> Seen.unknown(seen.because());
            default -> seen;
        };
    }
}
