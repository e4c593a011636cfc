package walsafe.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import walsafe.child.Child;
import walsafe.facts.Sign;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.words.Shell;

/**
 * A database that nobody can open for reading or writing until this is closed: a child has all of SQLite's locks on it.
 * For one thread.
 */
public final class Hold implements AutoCloseable {
    private static final DateTimeFormatter SET_NAME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'");
    private static final long SLOWEST_BYTES_PER_SECOND = 2 << 20; // of a disk that is still worth waiting for
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Folder folder;
    private final Child keeper;
    private final List<Sign> silent;

    Hold(Folder folder, Child keeper, List<Sign> silent) {
        this.folder = folder;
        this.keeper = keeper;
        this.silent = List.copyOf(silent);
    }

    /** @throws WalsafeException if somebody else has a lock */
    void lock() throws IOException {
        asked(Line.of("lock", folder.database()), PATIENCE);
    }

    /** The pid of the process that holds the locks. */
    public long pid() {
        return keeper.pid();
    }

    /**
     * Copies a file beside which SQLite is kept out, through another child: owner, mode, extended attributes and access
     * control list come along, and the bytes are durable.
     *
     * @param to a name that nothing has
     */
    public static void copy(Path from, Path to) throws IOException {
        try (Child copier = Child.start(Keeper.class)) {
            String answer = copier.ask(Line.of("copy", from, to), patience(Files.size(from)));
            if (!answer.equals("ok")) throw new IOException("copying " + from + ": " + answer);
        }
    }

    /**
     * Puts a proved file in place of the database, and keeps what was there, with its -wal and -journal, in quarantine.
     * Reads both files once. After this the database must be opened anew.
     *
     * @param proved a whole database on the same filesystem, open nowhere; gets the rights of the old one
     * @return the set in quarantine, a directory
     * @throws WalsafeException if it is refused, with nothing changed
     * @throws IOException if it broke off; {@link Custody#settle} tells how it ended
     */
    public Path replace(Path proved) throws IOException {
        return replace(proved, step -> {});
    }

    Path replace(Path proved, Consumer<Step> before) throws IOException {
        mustHaveRoomInQuarantine();
        String set = newSet();
        Duration patience = patience(Files.size(folder.database()) + Files.size(proved));
        asked(Line.of("prepare", proved, set), patience);
        try {
            for (Step step : Step.values()) {
                before.accept(step);
                asked(Line.of("step", step.name()), patience);
                if (step == Step.QUARANTINE) nobodyHasComeMeanwhile();
            }
        } catch (IOException | RuntimeException e) {
            settle(e);
            throw e;
        }
        return folder.quarantine().resolve(set);
    }

    /** An intent is settled by whoever can lock it, so not before the keeper has ended. */
    private void settle(Exception broken) {
        close();
        try {
            Custody.settle(folder.database());
        } catch (IOException | RuntimeException e) {
            broken.addSuppressed(e);
        }
    }

    /** Whoever opened it before the locks were taken, and has not read yet, is known by his descriptor alone. */
    private void nobodyHasComeMeanwhile() throws IOException {
        Optional<Finding> company = Company.staying(folder.database(), Set.of(keeper.pid()), silent);
        if (company.isPresent()) throw new WalsafeException(company.get());
    }

    private void mustHaveRoomInQuarantine() throws IOException {
        List<Path> sets = folder.sets();
        if (sets.size() < Custody.MOST_SETS) return;
        throw new WalsafeException(new Finding(
                Problem.QUARANTINE_FULL,
                folder.quarantine().toString(),
                sets.size() + " sets of old files are kept there already",
                Remedy.of(
                        "Look at them, and delete what you no longer need: walsafe deletes none.",
                        "rm -r " + Shell.quote(sets.get(0).toString()))));
    }

    private String newSet() {
        Instant now = Clock.systemUTC().instant();
        String name = SET_NAME.format(now.atOffset(ZoneOffset.UTC));
        String free = name;
        for (int more = 1; Files.exists(folder.quarantine().resolve(free)); more++) free = name + "-" + more;
        return free;
    }

    private void asked(String line, Duration patience) throws IOException {
        List<String> answer = Line.words(keeper.ask(line, patience));
        if (answer.get(0).equals("ok")) return;
        Problem problem = Problem.valueOf(answer.get(1));
        String where = folder.database().toString();
        throw new WalsafeException(
                problem == Problem.MODE_CHANGE_BLOCKED
                        ? Company.blocked(where, answer.get(2))
                        : new Finding(problem, where, answer.get(2), Custody.remedy(problem, where)));
    }

    static Duration patience(long bytes) {
        return PATIENCE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }

    /** Lets others in again. */
    @Override
    public void close() {
        keeper.close();
    }
}
