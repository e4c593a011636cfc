package walsafe.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.facts.Neighbours;
import walsafe.facts.SqliteLock;
import walsafe.facts.Target.State;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalSummary;
import walsafe.words.Amount;
import walsafe.words.Shell;

/** What is wrong with the database file and the files beside it. */
final class FileTroubles {
    private static final long LARGE_WAL_BYTES =
            256L << 20; // 256 MiB: 64 times where SQLite's default checkpoint starts

    private FileTroubles() {}

    static List<Finding> of(Case at) {
        List<Finding> findings = new ArrayList<>();
        content(at, findings);
        size(at, findings);
        writeAheadLog(at, findings);
        journal(at, findings);
        hardLinks(at, findings);
        leftovers(at, findings);
        return findings;
    }

    /** Would opening the file put rows from a -wal or a -journal into it first? */
    static boolean somethingToReplay(DatabaseFacts database) {
        return bytesInWal(database) || database.journal().map(FileTroubles::hot).orElse(false);
    }

    private static boolean bytesInWal(DatabaseFacts database) {
        return database.wal().map(WalSummary::sizeBytes).orElse(0L) > 0;
    }

    /** A journal whose super-journal is gone belongs to a transaction that was committed (fileformat2, section 3). */
    private static boolean hot(Journal journal) {
        return journal.headerValid() && (journal.superJournal().isEmpty() || journal.superJournalExists());
    }

    private static void content(Case at, List<Finding> findings) {
        DatabaseFacts database = at.facts().database();
        switch (database.content()) {
            case SOMETHING_ELSE -> findings.add(notADatabase(at));
            case ZEROS -> {
                // A first transaction too big for memory writes page 1 last, and until then a -journal covers it.
                boolean covered = database.journal().map(Journal::headerValid).orElse(false);
                if (!covered && !busy(at)) findings.add(notADatabase(at));
            }
            case PERHAPS_ENCRYPTED -> findings.add(perhapsEncrypted(at));
            case EMPTY -> findings.add(bytesInWal(database) ? orphaned(at, "the database has 0 bytes") : empty(at));
            case NONE -> {
                if (bytesInWal(database)) findings.add(orphaned(at, "the database is missing"));
            }
            case DATABASE -> {
                if (!busy(at))
                    database.header().flatMap(Header::impossible).ifPresent(why -> findings.add(impossible(at, why)));
            }
            case NOT_READ -> {}
        }
    }

    private static Finding notADatabase(Case at) {
        return new Finding(
                Problem.NOT_A_DATABASE,
                at.where(),
                at.facts()
                        .database()
                        .looksLike()
                        .map(like -> "it begins like " + like)
                        .orElse("its first 16 bytes are not a database's"),
                Remedy.of(
                        "Check the name. If this was your database, change nothing and keep a copy of every file beside it."));
    }

    private static Finding perhapsEncrypted(Case at) {
        return new Finding(
                Problem.PERHAPS_ENCRYPTED,
                at.where(),
                "no header, and bytes as random as an encrypted database's",
                Remedy.of("Open it with the program that made it; walsafe judges the place, not the contents."));
    }

    private static Finding empty(Case at) {
        return new Finding(
                Problem.EMPTY_FILE,
                at.where(),
                "0 bytes",
                Remedy.of("Nothing to do if it was just made; otherwise look for a backup."));
    }

    private static Finding impossible(Case at, String why) {
        return new Finding(
                Problem.HEADER_IMPOSSIBLE,
                at.where(),
                why,
                Remedy.of(
                        "Change nothing. Copy the database with every file beside it, and work on the copy.",
                        copyAll(at)));
    }

    private static Finding orphaned(Case at, String seen) {
        WalSummary wal = at.facts().database().wal().orElseThrow();
        return new Finding(
                Problem.WAL_ORPHANED,
                at.where(),
                "%s and its -wal has %s, %d committed frames: SQLite deletes that -wal when it opens the name"
                        .formatted(seen, Amount.bytes(wal.sizeBytes()), wal.committedFrames()),
                Remedy.of(
                        "Open nothing. Copy the -wal away first, then put back the database that it belongs to.",
                        "cp -p " + Shell.quote(at.where() + "-wal") + " /a/safe/place/"));
    }

    /** Shorter than the header says is damage to SQLite too, unless a -wal or a journal still has the rest. */
    private static void size(Case at, List<Finding> findings) {
        DatabaseFacts database = at.facts().database();
        if (database.header().isEmpty() || database.sizeBytes().isEmpty()) return;
        Header header = database.header().get();
        boolean settled =
                header.impossible().isEmpty() && header.pageCountValid() && !somethingToReplay(database) && !busy(at);
        long pages = database.sizeBytes().getAsLong() / Math.max(512, header.pageSizeBytes());
        if (!settled || pages >= header.pageCount()) return;
        findings.add(new Finding(
                Problem.SIZE_DISAGREES,
                at.where(),
                "the header says %d pages of %d bytes, the file has %d: %s are missing"
                        .formatted(
                                header.pageCount(),
                                header.pageSizeBytes(),
                                pages,
                                Amount.bytes((header.pageCount() - pages) * header.pageSizeBytes())),
                Remedy.of(
                        "Change nothing. Copy the database with every file beside it, and look for a backup that is whole.",
                        copyAll(at))));
    }

    /** Is somebody at work on it: seen, known by a lock, or known by what changed under our eyes. */
    private static boolean busy(Case at) {
        Neighbours neighbours = at.facts().neighbours();
        return !neighbours.others().isEmpty()
                || !neighbours.unseenHolders().isEmpty()
                || at.facts().database().changing();
    }

    private static void writeAheadLog(Case at, List<Finding> findings) {
        DatabaseFacts database = at.facts().database();
        if (database.wal().isEmpty() || database.content() != Content.DATABASE) return;
        WalSummary wal = database.wal().get();
        if (wal.belongs().filter(belongs -> !belongs).isPresent()) {
            findings.add(new Finding(
                    Problem.WAL_FOREIGN,
                    at.where() + "-wal",
                    wal.because() + "; SQLite would replay its " + wal.committedFrames() + " frames into the database",
                    Remedy.of(
                            "Open nothing. Copy both files away, then find the database that this -wal belongs to.",
                            copyAll(at))));
        } else if (wal.committedFrames() > 0 && !busy(at)) {
            findings.add(unfinished(at, wal));
        }
        if (wal.sizeBytes() >= LARGE_WAL_BYTES) {
            findings.add(new Finding(
                    Problem.WAL_LARGE,
                    at.where() + "-wal",
                    Amount.bytes(wal.sizeBytes()),
                    Remedy.of(
                            "Find the reader that keeps it from being checkpointed; when none is left, checkpoint it.",
                            "walsafe who " + Shell.quote(at.where()),
                            "sqlite3 " + Shell.quote(at.where()) + " 'PRAGMA wal_checkpoint(TRUNCATE)'")));
        }
    }

    private static Finding unfinished(Case at, WalSummary wal) {
        String seen = wal.committedFrames() + " committed frames, " + Amount.bytes(wal.sizeBytes())
                + "; nobody seen has it open";
        long pages = at.facts()
                .database()
                .header()
                .filter(header -> header.pageCountValid() && header.largestRoot() == 0)
                .map(Header::pageCount)
                .orElse(0L);
        boolean shrinks = wal.scannedAll() && wal.databasePages() < pages;
        return new Finding(
                Problem.WAL_UNFINISHED,
                at.where() + "-wal",
                shrinks
                        ? seen + "; with it the database has " + wal.databasePages() + " pages, without it " + pages
                        : seen,
                shrinks
                        ? Remedy.of(
                                "If nobody ran VACUUM, this -wal may be another database's, and opening would replace yours"
                                        + " by that: first copy both files away. Else keep the -wal with the database.",
                                copyAll(at))
                        : Remedy.of(
                                "Keep the -wal with the database; the next program that opens it carries the rows over."));
    }

    /** Hot only if nobody is in the middle of that transaction (fileformat2, section 3; lockingv3.html, section 4). */
    private static void journal(Case at, List<Finding> findings) {
        if (at.facts().database().journal().isEmpty()) return;
        Journal journal = at.facts().database().journal().get();
        Neighbours neighbours = at.facts().neighbours();
        boolean underWay = at.facts().database().changing()
                || Stream.concat(
                                neighbours.others().stream().flatMap(other -> other.locks().stream()),
                                neighbours.unseenHolders().stream())
                        .anyMatch(FileTroubles::writesInRollbackMode);
        if (!journal.headerValid() || underWay) return;
        if (hot(journal)) findings.add(hotJournal(at, journal));
        journal.superJournal().ifPresent(name -> findings.add(superJournal(at, name, journal.superJournalExists())));
    }

    private static Finding hotJournal(Case at, Journal journal) {
        return new Finding(
                Problem.JOURNAL_HOT,
                at.where() + "-journal",
                Amount.bytes(journal.sizeBytes())
                        + (journal.records() < 0 ? "" : ", " + journal.records() + " pages")
                        + "; nobody seen is writing",
                Remedy.of(
                        "Never delete or rename the -journal: the next program that opens the database rolls it back."));
    }

    private static Finding superJournal(Case at, String name, boolean exists) {
        return new Finding(
                Problem.SUPER_JOURNAL,
                at.where() + "-journal",
                "it names " + name + ", which "
                        + (exists
                                ? "exists"
                                : "is gone: that transaction was committed, and the next program to open the database removes the -journal"),
                Remedy.of("Keep all the databases of that transaction together until each has been opened once."));
    }

    private static boolean writesInRollbackMode(SqliteLock lock) {
        return lock.name().contains("RESERVED")
                || lock.name().contains("PENDING")
                || lock.name().contains("EXCLUSIVE");
    }

    private static void hardLinks(Case at, List<Finding> findings) {
        int names = at.facts().database().hardLinks();
        if (names < 2 || at.facts().target().state() != State.FILE) return;
        findings.add(new Finding(
                Problem.HARD_LINKED,
                at.where(),
                names
                        + " names; SQLite makes a -wal or -journal for each name it is opened by, and they know nothing of each other",
                Remedy.of(
                        "Open it by one name only; a backup made of hard links changes with the database and is none.",
                        "find "
                                + Shell.quote(at.facts()
                                        .storage()
                                        .mount()
                                        .map(mount -> mount.point())
                                        .orElse("/")) + " -xdev -samefile " + Shell.quote(at.where()))));
    }

    private static void leftovers(Case at, List<Finding> findings) {
        List<String> names = at.facts().database().leftovers();
        if (names.isEmpty()) return;
        findings.add(new Finding(
                Problem.LEFTOVERS,
                at.where(),
                names.size() + (names.size() == 1 ? " file: " : " files, the first: ") + names.get(0),
                Remedy.of("Leave them: a program still has them open. They vanish when it closes them.")));
    }

    private static String copyAll(Case at) {
        return "cp -p " + Shell.quote(at.where()) + "* /a/safe/place/";
    }
}
