package walsafe.probe;

import java.io.IOException;
import java.util.List;
import walsafe.facts.Answer;
import walsafe.facts.Evidence;
import walsafe.facts.Question;

/**
 * One thing that is tried.
 *
 * @param name stands as the source of what it shows
 * @param question what it speaks about
 * @param tried what is done, a clause
 * @param children how many processes of our own it takes
 */
record Experiment(String name, Question question, String tried, int children, Trial trial) {
    /** In this order: the later ones are tried only where the earlier ones leave a reason to, and the last one kills. */
    private static final List<Experiment> ALL = List.of(
            new Experiment(
                    "lock-conflict",
                    Question.LOCKS_EXCLUDE,
                    "two processes asked for locks on the same bytes, and on others, at the places where SQLite locks",
                    1,
                    LockTrials::conflict),
            new Experiment(
                    "close-drops-locks",
                    Question.LOCKS_DIE_WITH_OWNER,
                    "a process that held a lock closed another descriptor of the file",
                    1,
                    LockTrials::closing),
            new Experiment(
                    "locked-reads",
                    Question.READS_ARE_FRESH,
                    "two processes in turn wrote under a lock and read under a lock what the other had written",
                    1,
                    FileTrials::lockedReads),
            new Experiment(
                    "names",
                    Question.NAMES_ARE_FRESH,
                    "two processes in turn made and removed a file that the other looked for",
                    1,
                    FileTrials::names),
            new Experiment(
                    "exclusive-names",
                    Question.NAMES_ARE_FRESH,
                    "two processes made the same new file, and one renamed a file over another",
                    1,
                    FileTrials::exclusiveNames),
            new Experiment(
                    "mapped-stores",
                    Question.MEMORY_IS_SHARED,
                    "two processes mapped a file; each looked for what the other stored, and both stored into one page",
                    1,
                    MemoryTrials::stores),
            new Experiment(
                    "map-and-read",
                    Question.ONE_PAGE_CACHE,
                    "one process stored into a mapped page what the other read, and the other way round",
                    1,
                    MemoryTrials::mapAndRead),
            new Experiment(
                    "sync-time",
                    Question.SYNC_IS_KEPT,
                    "a block of 4 KiB was rewritten and synced up to 40 times",
                    1,
                    FileTrials::syncTime),
            new Experiment(
                    "commit-alone",
                    Question.LOCKS_UPGRADE,
                    "SQLite committed rows with a rollback journal, one process alone",
                    1,
                    SqliteTrials::alone),
            new Experiment(
                    "rollback-journal",
                    Question.READS_ARE_FRESH,
                    "two processes committed rows at once with a rollback journal, and the rows were counted",
                    2,
                    SqliteTrials::rollback),
            new Experiment(
                    "wal",
                    Question.MEMORY_IS_SHARED,
                    "processes committed rows in WAL mode and checkpointed, and the rows were counted",
                    1,
                    SqliteTrials::wal),
            new Experiment(
                    "kill",
                    Question.LOCKS_DIE_WITH_OWNER,
                    "a process that held a lock was killed",
                    1,
                    LockTrials::kill));

    /** Tries it; throws if it could not be tried to its end, which shows nothing. */
    @FunctionalInterface
    interface Trial {
        Seen on(Stage stage) throws IOException;
    }

    /** One of those that one host tries by itself. */
    static Experiment named(String name) {
        return ALL.stream()
                .filter(experiment -> experiment.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Those that the budget has processes for. */
    static List<Experiment> of(Budget budget) {
        return ALL.stream()
                .filter(experiment -> experiment.children <= budget.children())
                .toList();
    }

    String source() {
        return "probe " + name;
    }

    Evidence evidence(Seen seen) {
        return evidence(seen, source());
    }

    Evidence evidence(Seen seen, String source) {
        return evidence(seen, source, Evidence.Scope.WITHIN, tried);
    }

    Evidence evidence(Seen seen, String source, Evidence.Scope scope, String done) {
        return new Evidence(question, scope, done, new Answer(seen.verdict(), seen.because(), source));
    }
}
