package walsafe.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.sqlite.SQLiteErrorCode;
import walsafe.custody.Company;
import walsafe.custody.Custody;
import walsafe.custody.Hold;
import walsafe.custody.Others;
import walsafe.custody.Staging;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.DatabasePart;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.format.DatabaseFile;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.Ledger;
import walsafe.format.WalSummary;
import walsafe.guard.Strangers;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Policy;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.sidecar.Watch;
import walsafe.words.Amount;
import walsafe.words.Shell;

/**
 * Brings a database into another journal mode. Nobody else may have it open, in this process or another, before and
 * while it is done.
 *
 * <p>Two ways ({@code docs/decisions/0017}). The common one lets SQLite do it in place, which a crash cannot harm; a copy
 * of the -wal is kept beside until SQLite's check has found the result sound. A -wal that does not belong to the database
 * is never shown to SQLite beside it: that is resolved on a copy, which then takes the database's name, and what was there
 * before stays in quarantine.
 */
public final class Conversion {
    private static final long MARGIN_BYTES = 1 << 20;

    private final Path database;
    private final Facts facts;
    private final Footprint before;
    private final JournalMode to;
    private final Intent intent;
    private final String vfs;
    private final Consumer<String> progress;
    private final List<String> notes = new ArrayList<>();
    private final Staging staging;
    private List<Sign> silent = List.of(); // signs that are not reckoned with
    private boolean touched;

    private Conversion(
            Facts facts, Footprint before, JournalMode to, Intent intent, String vfs, Consumer<String> progress) {
        this.database = Path.of(facts.target().database().orElseThrow());
        this.facts = facts;
        this.before = before;
        this.to = to;
        this.intent = intent;
        this.vfs = vfs;
        this.progress = progress;
        this.staging = new Staging(database);
    }

    /**
     * Converts it. Takes about as long as reading the database twice; with a -wal that does not belong, as copying it
     * too. Without an interrupted replacement, looking costs what {@link Facts#gather} does.
     *
     * @param intent who else may open it, by which WAL is allowed or not
     * @param progress hears what is being done, a clause each, on this thread
     * @throws WalsafeException if it cannot or must not be done; the bytes are as they were, unless somebody came or the
     *     disk filled when SQLite already had its locks: then its close may have carried over a -wal that was proved sound
     * @throws SQLException if SQLite could not do it; the database is whole, in its old mode or the new
     * @throws IOException if a file could not be read or written; likewise
     */
    public static Converted convert(Facts facts, JournalMode to, Intent intent, Consumer<String> progress)
            throws SQLException, IOException {
        return convert(facts, to, intent, "", progress);
    }

    static Converted convert(Facts facts, JournalMode to, Intent intent, String vfs, Consumer<String> progress)
            throws SQLException, IOException {
        if (facts.target().state() != Target.State.FILE) throw noFile(facts);
        Facts settled = Custody.settled(facts);
        Path database = Path.of(settled.target().database().orElseThrow());
        Footprint before = Footprint.of(database);
        return new Conversion(asOf(Facts.gather(database), settled), before, to, intent, vfs, progress).run();
    }

    /** The place as it was told, the files as they are after their footprint was taken: what was seen earlier may be over. */
    private static Facts asOf(Facts now, Facts told) {
        List<Sign> signs = new ArrayList<>();
        for (Sign sign : now.neighbours().signs()) {
            signs.add(told.neighbours().signs().stream()
                    .filter(known -> known.name().equals(sign.name()))
                    .findFirst()
                    .orElse(sign));
        }
        return new Facts(
                told.target(),
                told.storage(),
                told.domain(),
                told.host(),
                now.database(),
                now.neighbours().with(signs),
                told.sqlite(),
                told.evidence(),
                told.unseen());
    }

    private static WalsafeException noFile(Facts facts) {
        if (facts.target().state() == Target.State.FORBIDDEN)
            return notToBeEntered(facts.target().asked());
        return new WalsafeException(new Finding(
                Problem.NOT_A_DATABASE,
                facts.target().asked(),
                switch (facts.target().state()) {
                    case MISSING, NO_DIRECTORY -> "there is no such file";
                    case DIRECTORY -> "it is a directory";
                    case MEMORY -> "it is a database in memory";
                    case SILENT -> "the storage did not answer";
                    default -> "it is no file";
                },
                Remedy.of("Name a database that is there.")));
    }

    /** There may be a database or none. */
    private static WalsafeException notToBeEntered(String where) {
        return new WalsafeException(new Finding(
                Problem.COULD_NOT_LOOK,
                where,
                "the permissions of a directory above it forbid even to look",
                Remedy.of("Ask again as a user who may enter it.", "sudo walsafe doctor " + Shell.quote(where))));
    }

    private Converted run() throws SQLException, IOException {
        silent = untold(facts);
        nobodyElse(facts);
        mustBeADatabase();
        mustBeOneFile();
        if (inPlaceAlready()) return converted(false, 0, 0, Optional.empty());
        mayBeThere();
        mayBeWritten();
        Company.unseen(facts).ifPresent(notes::add);
        mustNotHaveFailedTooOften();
        watchSigns();
        return foreign() || (doubtful() && unsoundOnACopy().isPresent()) ? onACopy() : inPlace();
    }

    private boolean wasWal() {
        return facts.database().header().map(Header::wal).orElse(false);
    }

    private boolean inPlaceAlready() {
        return wasWal() == (to == JournalMode.WAL) && (wasWal() || framesBeside() == 0);
    }

    private long framesBeside() {
        return facts.database().wal().map(WalSummary::committedFrames).orElse(0L);
    }

    private long walBytes() {
        return facts.database().wal().map(WalSummary::sizeBytes).orElse(0L);
    }

    private boolean foreign() {
        return framesBeside() > 0
                && facts.database().wal().flatMap(WalSummary::belongs).equals(Optional.of(false));
    }

    /** Frames that nothing contradicts and nothing confirms. */
    private boolean doubtful() {
        WalSummary none = WalSummary.withoutFrames(0, "");
        WalSummary wal = facts.database().wal().orElse(none);
        return (wal.committedFrames() > 0 || !wal.scannedAll()) && wal.belongs().isEmpty();
    }

    // What must be true before anything is touched.

    private void nobodyElse(Facts now) {
        Optional<Finding> company = Company.seen(now, Set.of(), silent);
        if (company.isPresent()) throw new WalsafeException(company.get());
    }

    private void nobodyStays() {
        Optional<Finding> company =
                Company.staying(database, Set.of(ProcessHandle.current().pid()), silent);
        if (company.isPresent()) throw new WalsafeException(company.get());
    }

    /** Takes up to {@link Watch#PATIENCE}, and only if there is a sign of which one look cannot tell. */
    private void watchSigns() {
        Facts watched = facts;
        if (!silent.isEmpty()) {
            progress.accept(
                    "watching the sign of another machine or mount, for up to " + Watch.PATIENCE.toSeconds() + " s");
            watched = facts.seeing(Watch.of(database, facts));
        }
        silent = watched.neighbours().signs().stream()
                .filter(sign -> sign.life() == Sign.Life.SUSPECT)
                .toList();
        nobodyElse(watched);
        silent.forEach(sign -> notes.add(sign.words() + " has left a sign that did not change while it was watched"));
    }

    private static List<Sign> untold(Facts facts) {
        return facts.neighbours().signs().stream()
                .filter(sign -> sign.foreign() && sign.life() == Sign.Life.UNTOLD)
                .toList();
    }

    private void mustBeADatabase() {
        DatabaseFacts.Content content = facts.database().content();
        if (content == DatabaseFacts.Content.NOT_READ) {
            throw refused(Problem.NO_PERMISSION, facts.database().notRead().orElse("its bytes could not be read"));
        }
        Diagnosis diagnosis = Diagnosis.of(facts, intent);
        boolean damaged = diagnosis.verdict() == Verdict.DAMAGED;
        for (Finding finding : diagnosis.findings()) {
            boolean damage = Set.of(Problem.NOT_A_DATABASE, Problem.HEADER_IMPOSSIBLE, Problem.SIZE_DISAGREES)
                    .contains(finding.problem());
            if (damaged && damage) throw new WalsafeException(finding);
        }
        if (content == DatabaseFacts.Content.EMPTY) throw refused(Problem.EMPTY_FILE, "0 bytes");
        if (content != DatabaseFacts.Content.DATABASE) throw refused(Problem.NOT_A_DATABASE, "it has no header");
        facts.database().journal().flatMap(Journal::superJournal).ifPresent(name -> {
            throw refused(Problem.SUPER_JOURNAL, "its -journal names " + name);
        });
    }

    private void mustBeOneFile() {
        if (facts.storage().splitMount().isPresent())
            throw refused(Problem.SPLIT_SET, "the file itself is a mount point");
        int names = facts.database().hardLinks();
        if (names > 1) throw refused(Problem.HARD_LINKED, names + " names");
    }

    private void mayBeThere() {
        if (to != JournalMode.WAL) return;
        Plan plan = Policy.decide(facts, intent);
        if (plan instanceof Plan.Open open) {
            if (open.mode() == Mode.WAL || open.mode() == Mode.WAL_ALONE) {
                open.conditions().forEach(condition -> notes.add("safe only if " + condition));
                return;
            }
        }
        String because = plan.reasons().stream()
                .filter(reason -> reason.forbids().contains(Mode.WAL))
                .map(reason -> reason.because())
                .findFirst()
                .orElse("the plan for this place is another");
        throw new WalsafeException(new Finding(
                Problem.MODE_UNSAFE_HERE,
                database.toString(),
                "WAL must not be used here: " + because,
                Remedy.of("Leave it in its mode, or move it to a local disk.", "walsafe doctor " + shell())));
    }

    private void mayBeWritten() throws IOException {
        DatabaseFacts seen = facts.database();
        if (!seen.writable()) throw refused(Problem.NO_PERMISSION, "this user may not write the file");
        if (!seen.directoryWritable())
            throw refused(Problem.NO_PERMISSION, "this user may not make files in its directory");
        boolean copies = foreign() || doubtful() || hotJournal();
        mustHaveRoom(MARGIN_BYTES + 2 * walBytes() + (copies ? copyBytes() : 0));
    }

    private long copyBytes() {
        return facts.database().sizeBytes().orElse(0) + growth();
    }

    private long growth() {
        return facts.database()
                .wal()
                .map(wal -> wal.databasePages() * Math.max(512, wal.pageSizeBytes()))
                .orElse(0L);
    }

    private void mustHaveRoom(long needed) throws IOException {
        long free = Files.getFileStore(database).getUsableSpace();
        if (free >= needed) return;
        throw refused(
                Problem.DISK_NEARLY_FULL,
                "this needs " + Amount.bytes(needed) + " for a while, and " + Amount.bytes(free) + " are free");
    }

    /** Where attempts fail again and again, more copies help nobody. */
    private void mustNotHaveFailedTooOften() throws IOException {
        List<Path> left = staging.unresolved();
        if (left.size() < Custody.MOST_SETS) return;
        throw new WalsafeException(new Finding(
                Problem.QUARANTINE_FULL,
                database.toString(),
                left.size() + " attempts have failed and left what they kept: " + Amount.list(words(left)),
                Remedy.of(
                        "Look at them, and delete what you no longer need: walsafe deletes none.",
                        "rm -r " + Shell.quote(left.get(0).toString()))));
    }

    private static List<String> words(List<Path> paths) {
        return paths.stream().map(Path::toString).toList();
    }

    // In place, by SQLite.

    private Converted inPlace() throws SQLException, IOException {
        try {
            boolean proved = doubtful() || provedUntouched();
            nobodyElse(Facts.gather(database));
            long frames = changeInPlace(proved);
            mustSayItsMode();
            return converted(true, frames, 0, Optional.empty());
        } catch (WalsafeException e) {
            throw failed(e);
        } catch (SQLException e) {
            throw failed(e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private long changeInPlace(boolean proved) throws SQLException, IOException {
        keep(DatabasePart.JOURNAL, hotJournal());
        mustBeAsBefore(); // a hot journal is gone as soon as SQLite has its locks
        try (Bare sqlite = Bare.open(database, vfs)) {
            lock(sqlite);
            if (!hotJournal()) mustBeAsBefore();
            nobodyStays();
            keep(DatabasePart.WAL, walBytes() > 0);
            if (!proved) {
                progress.accept("checking it");
                mustBeSound(sqlite, database); // no -wal and no journal: closing changes nothing
            }
            progress.accept("changing the mode");
            long frames = change(sqlite, database);
            if (frames > 0 || hotJournal()) {
                progress.accept("checking it again");
                mustBeSound(sqlite, database);
            }
            if (to != JournalMode.WAL) Files.deleteIfExists(beside(DatabasePart.SHM)); // nobody has it, and nobody will
            staging.done();
            return frames;
        } catch (SQLException e) {
            if (Bare.busy(e)) throw blocked(e);
            throw e;
        }
    }

    /**
     * Proves a database that closing would change, without changing it: SQLite empties a -wal when the last connection
     * closes, and rolls a hot journal back when the first one reads. True if it was proved so; false if it need not be.
     */
    private boolean provedUntouched() throws SQLException, IOException {
        Optional<String> unsound;
        if (hotJournal()) unsound = unsoundOnACopy();
        else if (walBytes() > 0) unsound = vfs.isEmpty() ? unsoundAsRead() : unsoundOnACopy();
        else return false;
        if (unsound.isPresent()) throw refused(Problem.NOT_PROVED, unsound.get());
        return true;
    }

    /** Through a read-only connection, whose close carries nothing over and deletes nothing ({@link Source}). */
    private Optional<String> unsoundAsRead() throws SQLException, IOException {
        progress.accept("checking it");
        try (Ledger.Opening opening = Source.onceNobodyReadsItsBytes(database)) {
            Strangers.mustShareOurSqlite(database, opening);
            return unsound();
        } catch (SQLException e) {
            if (Bare.busy(e)) throw blocked(e);
            if (damage(e)) return Optional.of("quick_check ends with: " + e.getMessage());
        }
        return unsoundOnACopy(); // no shared memory here, by which WAL could be read
    }

    private Optional<String> unsound() throws SQLException {
        try (Database reading = Database.open(database, "mode=ro", 0)) {
            String answer = reading.ask("PRAGMA quick_check(1)");
            return answer.equals("ok") ? Optional.empty() : Optional.of("quick_check says: " + answer);
        }
    }

    private void mustBeAsBefore() throws IOException {
        if (Footprint.of(database).equals(before)) return;
        throw new WalsafeException(
                Company.blocked(database.toString(), "another program has written to it while it was checked"));
    }

    private WalsafeException failed(WalsafeException e) throws IOException {
        String left = left();
        if (left.isEmpty()) return e;
        Finding told = e.finding();
        return new WalsafeException(new Finding(told.problem(), told.where(), told.seen() + left, told.remedy()), e);
    }

    private SQLException failed(SQLException e) throws IOException {
        if (Failure.code(e) == SQLiteErrorCode.SQLITE_FULL.code) throw full(e);
        return new SQLException(e.getMessage() + left(), e.getSQLState(), e.getErrorCode(), e);
    }

    private IOException failed(IOException e) throws IOException {
        if (String.valueOf(e.getMessage()).contains("No space left on device")) throw full(e);
        return new IOException(e.getMessage() + left(), e);
    }

    private WalsafeException full(Exception e) throws IOException {
        return new WalsafeException(
                new Finding(
                        Problem.DISK_NEARLY_FULL,
                        database.toString(),
                        "the disk was full before the mode was changed" + left(),
                        Remedy.of("Make room, and try again: no row was lost.")),
                e);
    }

    /** Where what was kept lies now, as the end of a sentence. */
    private String left() throws IOException {
        List<Path> left = touched ? staging.failed() : List.of();
        staging.leave();
        return left.isEmpty() ? "" : "; what was beside it before lies in " + Amount.list(words(left));
    }

    private void lock(Bare sqlite) throws SQLException {
        progress.accept("locking it");
        sqlite.lock();
    }

    private boolean hotJournal() {
        return facts.database().journal().filter(Journal::headerValid).isPresent();
    }

    /** What SQLite still needs it has itself until it is carried over. */
    private void keep(DatabasePart part, boolean wanted) throws IOException {
        if (!wanted || !Files.exists(beside(part), LinkOption.NOFOLLOW_LINKS)) return;
        progress.accept("keeping a copy of its " + part.suffix());
        Hold.copy(beside(part), staging.keeping().resolve(database.getFileName() + part.suffix()));
    }

    private Path beside(DatabasePart part) {
        return database.resolveSibling(database.getFileName() + part.suffix());
    }

    private static void mustBeSound(Bare sqlite, Path where) throws SQLException {
        String answer;
        try {
            answer = String.join("", sqlite.ask("PRAGMA quick_check(1)"));
        } catch (SQLException e) {
            if (!damage(e)) throw e;
            answer = String.valueOf(e.getMessage());
        }
        if (answer.equals("ok")) return;
        throw new WalsafeException(new Finding(
                Problem.NOT_PROVED,
                where.toString(),
                "quick_check says: " + answer,
                Remedy.of(
                        "Keep a copy of the database and everything beside it, and look for a backup that is whole.")));
    }

    private static boolean damage(SQLException e) {
        return Set.of(11, 26).contains(e.getErrorCode() & 0xff); // CORRUPT, NOTADB
    }

    /** How many frames were carried over. */
    private long change(Bare sqlite, Path where) throws SQLException {
        touched |= where.equals(database);
        long frames = 0;
        if (String.join("", sqlite.ask("PRAGMA journal_mode")).equals("wal") && to != JournalMode.WAL) {
            frames = Math.max(0, Long.parseLong(checkpoint(sqlite, "PASSIVE").get(1)));
            List<String> rest = checkpoint(sqlite, "TRUNCATE");
            if (!rest.equals(List.of("0", "0", "0"))) {
                throw new SQLException("the -wal of " + where + " could not be emptied: a checkpoint answers " + rest);
            }
        }
        String answer = String.join("", sqlite.ask("PRAGMA journal_mode=" + to.words()));
        if (answer.equals(to.words())) return frames;
        throw new WalsafeException(new Finding(
                Problem.SETTING_DID_NOT_TAKE,
                where.toString(),
                "asked for journal_mode=" + to.words() + ", SQLite answers " + answer,
                Remedy.of(
                        "Stop the other programs that have it open, and try again.",
                        "walsafe who " + Shell.quote(where.toString()))));
    }

    private static List<String> checkpoint(Bare sqlite, String how) throws SQLException {
        List<String> answer = sqlite.ask("PRAGMA wal_checkpoint(" + how + ")");
        boolean done =
                answer.size() == 3 && answer.get(0).equals("0") && answer.get(1).equals(answer.get(2));
        if (!done) throw new SQLException("a checkpoint (" + how + ") answers " + answer);
        return answer;
    }

    private void mustSayItsMode() throws IOException {
        boolean wal;
        try (DatabaseFile file = DatabaseFile.open(database)) {
            wal = file.header().map(Header::wal).orElse(to != JournalMode.WAL);
        } catch (DatabaseFile.Refused e) {
            return; // SQLite has answered; where descriptors cannot be listed nobody else may look
        }
        if (wal != (to == JournalMode.WAL))
            throw new IOException("the header of " + database + " does not say " + to.words());
    }

    private WalsafeException blocked(SQLException e) {
        Facts now = Facts.gather(database);
        Finding finding = Company.seen(now, Set.of(ProcessHandle.current().pid()), silent)
                .orElseGet(() -> Company.blocked(
                        database.toString(), "SQLite finds it locked, and who holds it cannot be seen"));
        return new WalsafeException(finding, e);
    }

    // On a copy.

    private Optional<String> unsoundOnACopy() throws SQLException, IOException {
        mustHaveRoom(MARGIN_BYTES + 2 * walBytes() + copyBytes());
        try (Hold hold = Custody.hold(database, Others.RULED_OUT, silent)) {
            try {
                mustBeAsBefore();
                progress.accept("trying it on a copy, while pid " + hold.pid() + " keeps everybody out");
                return unsound(copied(walBytes() > 0));
            } finally {
                staging.leaveLocked();
            }
        }
    }

    private Converted onACopy() throws SQLException, IOException {
        Others others = intent.sharing() == Sharing.THIS_PROCESS ? Others.RULED_OUT : Others.MAY_BE_HIDDEN;
        try (Hold hold = Custody.hold(database, others, silent)) {
            try {
                mustBeAsBefore();
                progress.accept("copying it");
                Path copy = copied(false);
                boolean without = unsound(copy).isEmpty();
                if (!without && foreign()) {
                    throw refused(
                            Problem.NOT_PROVED,
                            "quick_check finds it damaged, and its -wal belongs to another database, so that was not tried");
                }
                if (!without) copy = copied(true);
                if (!without && unsound(copy).isPresent()) {
                    throw refused(Problem.NOT_PROVED, "quick_check finds it damaged with its -wal and without");
                }
                long frames = converted(copy);
                progress.accept("putting the copy in its place");
                Path kept = hold.replace(copy);
                return converted(true, frames, without ? framesBeside() : 0, Optional.of(kept));
            } finally {
                staging.leaveLocked();
            }
        }
    }

    /** A fresh copy in an empty directory. */
    private Path copied(boolean withWal) throws IOException {
        Path copy = staging.trying().resolve(database.getFileName().toString());
        Hold.copy(database, copy);
        copyBeside(copy, DatabasePart.JOURNAL, hotJournal());
        copyBeside(copy, DatabasePart.WAL, withWal);
        return copy;
    }

    private void copyBeside(Path copy, DatabasePart part, boolean wanted) throws IOException {
        if (!wanted) return;
        Hold.copy(beside(part), copy.resolveSibling(copy.getFileName() + part.suffix()));
    }

    /** What is wrong with it, a clause. */
    private Optional<String> unsound(Path copy) throws SQLException, IOException {
        progress.accept("checking the copy");
        try (Bare sqlite = Bare.open(copy, "")) {
            sqlite.lock();
            mustBeSound(sqlite, copy);
            return Optional.empty();
        } catch (WalsafeException unsound) {
            return Optional.of("on a copy, " + unsound.finding().seen());
        } catch (SQLException e) {
            if (damage(e)) return Optional.of("a copy cannot be read: " + e.getMessage());
            throw e;
        }
    }

    private long converted(Path copy) throws SQLException, IOException {
        try (Bare sqlite = Bare.open(copy, "")) {
            sqlite.lock();
            long frames = change(sqlite, copy);
            mustBeSound(sqlite, copy);
            return frames;
        }
    }

    private Converted converted(boolean changed, long frames, long left, Optional<Path> kept) {
        return new Converted(database, wasWal(), to, changed, frames, left, kept, notes);
    }

    private WalsafeException refused(Problem problem, String seen) {
        Remedy remedy = switch (problem) {
            case NO_PERMISSION -> Remedy.of("Run it as a user who may.", "ls -ld " + shell());
            case DISK_NEARLY_FULL -> Remedy.of("Make room, and try again; nothing was changed.");
            case HARD_LINKED -> Remedy.of("Remove the names that are not needed.", "find / -xdev -samefile " + shell());
            case SPLIT_SET -> Remedy.of("Mount the directory instead of the file.");
            case SUPER_JOURNAL ->
                Remedy.of(
                        "Open all databases of that transaction once with the program that wrote it, then try again.");
            case NOT_PROVED ->
                Remedy.of(
                        "Nothing was changed. Keep a copy of everything beside it, and look for a backup that is whole.");
            default -> Remedy.of("Check the name.", "walsafe doctor " + shell());
        };
        return new WalsafeException(new Finding(problem, database.toString(), seen, remedy));
    }

    private String shell() {
        return Shell.quote(Objects.requireNonNull(database).toString());
    }
}
