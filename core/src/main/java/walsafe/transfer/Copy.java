package walsafe.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import walsafe.custody.Custody;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.format.Header;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Verdict;
import walsafe.words.Amount;

/**
 * A consistent copy of a database that other programs may be using, made through SQLite and proved sound.
 *
 * <p>The copy is one state of the database, with every commit that was acknowledged before it began; it is page for page
 * the same, so that a WAL database stays one, and needs no file beside it. The original is not changed: no row, no
 * checkpoint, no -wal removed. Steps: judge the place, copy into a {@code .partial} beside the target, prove it with
 * {@code PRAGMA quick_check} and by its number of pages, sync it and its directory, give it its name. After any failure
 * there is no target; after a crash there may be the {@code .partial}, which the next copy to that target replaces.
 */
public final class Copy {
    /** Room that must be left over, for the journal of the copy and for others. */
    private static final long SPARE_BYTES = 1 << 20;

    private final Path source;
    private final Path target;
    private final Plan.Open plan;
    private final Budget budget;
    private final Progress progress;
    private final long start = System.nanoTime();

    private Copy(Facts facts, Plan.Open plan, Path target, Budget budget, Progress progress) throws IOException {
        this.plan = plan;
        this.source = Path.of(facts.target().database().orElseThrow());
        this.target = resolved(target);
        this.budget = budget;
        this.progress = progress;
    }

    /** With {@link Intent#DEFAULT} and {@link Budget#DEFAULT}. */
    public static Copied of(Path source, Path target) throws SQLException, IOException {
        return of(source, target, Intent.DEFAULT, Budget.DEFAULT, Progress.NONE);
    }

    /**
     * Copies and proves. Takes about as long as reading the database twice and writing it once.
     *
     * @param target does not exist yet, nor a -wal, -shm or -journal of its name; its directory does
     * @param intent whose claims about sharing decide whether the source may be opened here
     * @throws WalsafeException if the source must not be opened here or is damaged, if the target exists ({@link
     *     Problem#TARGET_EXISTS}), if locks could not be had ({@link Problem#COPY_BLOCKED}), if the disk is full, if the
     *     copy is not sound ({@link Problem#COPY_UNSOUND})
     * @throws IOException if there is no source or no directory for the target, or files cannot be made there
     * @throws SQLException if SQLite cannot read the one or write the other
     */
    public static Copied of(Path source, Path target, Intent intent, Budget budget, Progress progress)
            throws SQLException, IOException {
        Facts facts = Custody.settled(Facts.gather(source));
        return new Copy(facts, judge(facts, intent), target, budget, progress).run();
    }

    /** The plan for opening the source, or the reason why that must not be done. */
    static Plan.Open judge(Facts facts, Intent intent) throws IOException {
        mustBeAFile(facts);
        Diagnosis diagnosis = Diagnosis.of(facts, intent);
        Plan plan = diagnosis.plan().orElseThrow();
        if (diagnosis.verdict() == Verdict.DAMAGED || diagnosis.verdict() == Verdict.UNSAFE) {
            throw new WalsafeException(diagnosis.findings().get(0));
        }
        if (plan instanceof Plan.Refuse refuse) throw new WalsafeException(refuse.finding());
        for (Finding finding : diagnosis.findings()) {
            boolean hopeless =
                    finding.problem() == Problem.EMPTY_FILE || finding.problem() == Problem.PERHAPS_ENCRYPTED;
            if (hopeless) throw new WalsafeException(finding);
            if (cannotBeRead(facts, finding)) throw new WalsafeException(finding);
            if (finding.problem() == Problem.JOURNAL_HOT) throw Failure.hotJournal(Path.of(finding.where()));
        }
        Plan.Open open = (Plan.Open) plan;
        boolean wal = facts.database().header().map(Header::wal).orElse(false);
        if (wal && open.mode() == Mode.WAL_ALONE) {
            throw Source.onlyAlone(Path.of(facts.target().database().orElseThrow()));
        }
        return open;
    }

    /** Said of the source, before anything that is tried with the target could fail for it. */
    private static boolean cannotBeRead(Facts facts, Finding finding) {
        Target.State state = facts.target().state();
        if (state != Target.State.FILE) return finding.problem() == Problem.COULD_NOT_LOOK;
        return finding.problem() == Problem.NO_PERMISSION && !facts.database().readable();
    }

    private static void mustBeAFile(Facts facts) throws IOException {
        String asked = facts.target().asked();
        Target.State state = facts.target().state();
        if (state == Target.State.MISSING || state == Target.State.NO_DIRECTORY) throw new NoSuchFileException(asked);
        boolean other =
                state == Target.State.DIRECTORY || state == Target.State.NOT_A_FILE || state == Target.State.MEMORY;
        if (other) throw new IOException(asked + " is not a file");
    }

    /** Its directory by its real name, itself as it is: what lies there is looked at, not what it leads to. */
    static Path resolved(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        Path name = absolute.getFileName();
        if (directory == null || name == null) throw new IOException(target + " is not a name for a file");
        if (Files.exists(directory) && !Files.isDirectory(directory))
            throw new NotDirectoryException(directory.toString());
        return directory.toRealPath().resolve(name);
    }

    private Copied run() throws SQLException, IOException {
        try (Partial partial = Partial.claim(target, source)) {
            Filled filled = read(partial);
            partial.prove(filled.pages());
            partial.sync();
            partial.place();
            return filled.copied(this);
        } catch (Failure.Stopped e) {
            throw Failure.told(e.error(), source, target);
        } catch (SQLException e) {
            throw Failure.told(e, source, target);
        }
    }

    /** What was read into the partial file, before it is proved. */
    record Filled(long pages, int pageSizeBytes, boolean wal, int restarts, Duration longestLock) {
        private Copied copied(Copy copy) {
            return new Copied(
                    copy.source,
                    copy.target,
                    pages,
                    pageSizeBytes,
                    wal,
                    restarts,
                    longestLock,
                    Duration.ofNanos(System.nanoTime() - copy.start));
        }
    }

    /** The source is closed before the proof begins: no reader of ours pins its -wal for longer than it must. */
    private Filled read(Partial partial) throws SQLException, IOException {
        try (Source reading = Source.open(source, plan, budget)) {
            return fill(reading, partial, budget, progress);
        }
    }

    static Filled fill(Source reading, Partial partial, Budget budget, Progress progress)
            throws SQLException, IOException {
        reading.begin();
        mustHaveRoom(reading, partial.file());
        Backup backup = new Backup(reading, budget, progress);
        long pages = backup.into(partial.file());
        return new Filled(pages, reading.pageSizeBytes(), reading.wal(), backup.restarts(), backup.longestLock());
    }

    private static void mustHaveRoom(Source reading, Path into) throws SQLException, IOException {
        long bytes = reading.database().number("PRAGMA page_count") * reading.pageSizeBytes();
        long free = Files.getFileStore(into).getUsableSpace();
        if (free >= bytes + SPARE_BYTES) return;
        throw Failure.told(
                Problem.DISK_NEARLY_FULL,
                into,
                "the copy needs " + Amount.bytes(bytes) + ", and " + Amount.bytes(free) + " are free",
                "Make room there, or copy to another disk.");
    }
}
