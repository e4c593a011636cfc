package walsafe.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import walsafe.child.Child;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.words.Shell;

/**
 * Holds databases, replaces them, and settles what an interrupted replacement has left. Unix only. Paths are those of
 * {@link Target#database}: absolute, with links resolved.
 */
public final class Custody {
    /** How many sets of old files are kept for one database before another replacement is refused. */
    public static final int MOST_SETS = 3;

    private static final Duration UNDER_WAY = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Custody() {}

    /**
     * Finishes or reverts a replacement that was interrupted. Without one this costs one stat; with one a child process
     * and at most one reading of the database. Doing it twice, or in two processes at once, does no more than once.
     *
     * @throws WalsafeException if it cannot be told what to do, with everything left as it is; or if another process is
     *     at it and takes longer than five seconds
     */
    public static Settlement settle(Path database) throws IOException {
        Folder folder = new Folder(database);
        if (!Files.exists(folder.intent(), LinkOption.NOFOLLOW_LINKS)) return Settlement.NOTHING;
        long start = System.nanoTime();
        while (true) {
            List<String> answer = asked(folder);
            switch (answer.get(0)) {
                case "nothing" -> {
                    return Settlement.NOTHING;
                }
                case "finished" -> {
                    return Settlement.FINISHED;
                }
                case "reverted" -> {
                    return Settlement.REVERTED;
                }
                case "refused" -> throw interrupted(folder, answer.get(1));
                default -> {
                    if (System.nanoTime() - start > UNDER_WAY.toNanos()) {
                        throw new WalsafeException(
                                Company.blocked(database.toString(), "another walsafe is replacing it at this moment"));
                    }
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    /** The facts that were given, or others if a replacement had to be settled first. Nothing is waited for on dead storage. */
    public static Facts settled(Facts facts) throws IOException {
        boolean there =
                facts.target().state() == Target.State.FILE || facts.target().state() == Target.State.MISSING;
        Optional<Path> database = facts.target().database().map(Path::of);
        if (!there || database.isEmpty()) return facts;
        boolean perhapsBefore = facts.database().hardLinks() > 1; // looked at while a set had its second names
        if (settle(database.get()) == Settlement.NOTHING && !perhapsBefore) return facts;
        return Facts.gather(facts.target().asked(), Facts.PATIENCE);
    }

    private static List<String> asked(Folder folder) throws IOException {
        Path database = folder.database();
        if (!Files.isRegularFile(database, LinkOption.NOFOLLOW_LINKS)) {
            throw interrupted(folder, "there is no file " + database);
        }
        try (Child keeper = Child.start(Keeper.class)) {
            return Line.words(keeper.ask(Line.of("settle", database), Hold.patience(3 * Files.size(database))));
        }
    }

    private static WalsafeException interrupted(Folder folder, String because) {
        return new WalsafeException(new Finding(
                Problem.REPLACEMENT_INTERRUPTED,
                folder.database().toString(),
                "a replacement was interrupted, and " + because,
                Remedy.of(
                        "Keep a copy of everything beside it. See whether the database is whole and compare it with the sets"
                                + " in quarantine; when you know which to keep, delete the intent.",
                        "ls -lR " + Shell.quote(folder.root().toString()),
                        "rm " + Shell.quote(folder.intent().toString()))));
    }

    /**
     * Keeps everybody out of a database until the hold is closed. Starts a child process.
     *
     * @param others what is known of processes that cannot be seen
     * @throws WalsafeException if somebody has it open, or may have
     */
    public static Hold hold(Path database, Others others) throws IOException {
        return hold(database, others, List.of());
    }

    /** The same; signs that were watched and never changed do not count. */
    public static Hold hold(Path database, Others others, List<Sign> silent) throws IOException {
        Facts facts = settled(Facts.gather(database));
        mayBeHeld(facts, Path.of(facts.target().database().orElseThrow()), others, silent);
        Hold hold = new Hold(new Folder(database), Child.start(Keeper.class), silent);
        try {
            hold.lock();
            Optional<Finding> company = Company.staying(database, Set.of(hold.pid()), silent);
            if (company.isPresent()) throw new WalsafeException(company.get());
            return hold;
        } catch (IOException | RuntimeException e) {
            hold.close();
            throw e;
        }
    }

    private static void mayBeHeld(Facts facts, Path database, Others others, List<Sign> silent) {
        String where = database.toString();
        if (facts.storage().splitMount().isPresent()) {
            throw refused(Problem.SPLIT_SET, where, "the file itself is a mount point");
        }
        if (facts.database().hardLinks() > 1) {
            throw refused(Problem.HARD_LINKED, where, facts.database().hardLinks() + " names");
        }
        Optional<Finding> company = Company.seen(facts, Set.of(), silent);
        if (company.isPresent()) throw new WalsafeException(company.get());
        Optional<String> unseen = Company.unseen(facts);
        if (others == Others.RULED_OUT || unseen.isEmpty()) return;
        throw new WalsafeException(new Finding(
                Problem.NOT_ALL_SEEN,
                where,
                unseen.get() + ", and one that has it open would go on with the old file",
                Remedy.of(
                        "Run it as root where everybody can be seen; or stop everything that could have it open, and say so:"
                                + " the same command with --sharing this-process.",
                        "sudo walsafe who " + Shell.quote(where))));
    }

    private static WalsafeException refused(Problem problem, String where, String seen) {
        return new WalsafeException(new Finding(problem, where, seen, remedy(problem, where)));
    }

    static Remedy remedy(Problem problem, String where) {
        return switch (problem) {
            case HARD_LINKED ->
                Remedy.of(
                        "Remove the names that are not needed; replacing one would leave the others behind.",
                        "find / -xdev -samefile " + Shell.quote(where));
            case SPLIT_SET -> Remedy.of("Mount the directory instead of the file.");
            case RIGHTS_NOT_KEPT -> Remedy.of("Run it as the owner of the file, or as root.");
            case DISK_NEARLY_FULL -> Remedy.of("Make room, and try again; nothing was changed.");
            default -> Remedy.of("Change nothing, and look at what is there.", "ls -l " + Shell.quote(where));
        };
    }

    /** The sets of old files that are kept for it, oldest first. */
    public static List<Path> quarantined(Path database) throws IOException {
        return new Folder(database).sets();
    }
}
