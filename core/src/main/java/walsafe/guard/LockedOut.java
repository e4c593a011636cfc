package walsafe.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.facts.Signs;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.words.Shell;

/**
 * What to do when SQLite has waited for a lock in vain. "Database is locked" is the same word for a neighbour who is slow
 * and for a lock that nobody will ever give back, and where hosts die there is the second: a dot-file lock is a directory,
 * which stays when its maker dies; and a server of NFSv3 keeps a dead host's lock until that host starts again
 * (lab/notes/0002-hosts-die). Nothing is removed here, because who merely sleeps may wake up.
 */
final class LockedOut {
    /** What {@code unix-dotfile} adds to the database's name (os_unix.c, DOTLOCK_SUFFIX). */
    private static final String LOCK_SUFFIX = ".lock";

    private LockedOut() {}

    /** The same error, of the same class and code, that tells what to do and carries the finding as its cause. */
    static SQLException told(SQLException busy, Path database, Plan.Open plan) {
        if (!isBusy(busy) || busy.getCause() instanceof WalsafeException) return busy;
        Finding finding = finding(database, plan);
        SQLiteException told =
                new SQLiteException(busy.getMessage() + "; " + finding, ((SQLiteException) busy).getResultCode());
        told.initCause(new WalsafeException(finding, busy));
        return told;
    }

    /** Has SQLite waited for somebody else's lock? All that waiting cannot cure has codes of its own. */
    private static boolean isBusy(SQLException error) {
        return error instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code
                && sqlite.getResultCode() != SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT;
    }

    /** What can be seen of the lock now, and how it ends. Looks at names beside the database, and opens nothing. */
    static Finding finding(Path database, Plan.Open plan) {
        if (!plan.vfs().isEmpty()) return dotFile(database, plan);
        return new Finding(Problem.LOCK_STAYS, database.toString(), waited(plan), byRange(database));
    }

    private static String waited(Plan.Open plan) {
        return "SQLite waited "
                + plan.pragmas().stream()
                        .filter(pragma -> pragma.name().equals("busy_timeout"))
                        .map(Pragma::value)
                        .findFirst()
                        .orElse("0")
                + " ms for another program's lock";
    }

    private static Finding dotFile(Path database, Plan.Open plan) {
        Path lock = database.resolveSibling(database.getFileName() + LOCK_SUFFIX);
        Optional<FileTime> made = made(lock);
        if (made.isEmpty()) {
            return new Finding(
                    Problem.LOCK_STAYS,
                    database.toString(),
                    waited(plan) + ", which is free at this moment: dot-file locks are not given in turn",
                    Remedy.of("Try again; if it goes on, let one of the programs write less often."));
        }
        return new Finding(
                Problem.LOCK_STAYS,
                database.toString(),
                waited(plan) + "; its lock is the directory " + lock + ", of "
                        + made.get().toString() + " by the storage's clock",
                Remedy.of(
                        "Try again first. If that directory keeps its date, whoever made it has died or hangs, and nothing"
                                + " removes it: make sure that no program on any host has the database open (a living one"
                                + " renames its sign every 10 s), then remove that directory, and nothing else: the"
                                + " -journal is rolled back by whoever opens the database next.",
                        "ls -ld " + Shell.quote(lock.toString()) + " "
                                + Shell.quote(Signs.folder(database).toString()) + "/p.*",
                        "rmdir " + Shell.quote(lock.toString())));
    }

    private static Optional<FileTime> made(Path lock) {
        try {
            return Optional.of(Files.getLastModifiedTime(lock, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Remedy byRange(Path database) {
        String who = "walsafe who " + Shell.quote(database.toString());
        return switch (filesystem(database)) {
            case "nfs" ->
                Remedy.of(
                        "Try again, and look on every host who has it open. If the host that had it is down: NFSv3's server"
                                + " keeps its lock until that host has started again; start it, or restart the NFS server,"
                                + " from which living hosts then claim their locks anew. Leave the -journal where it is.",
                        who);
            case "nfs4" ->
                Remedy.of(
                        "Try again, and look on every host who has it open. If the host that had it is down, its lock ends"
                                + " with its lease, 90 s after its last sign of life unless the server says otherwise. Leave"
                                + " the -journal where it is.",
                        who);
            default -> Remedy.of("Try again; if it stays locked, look who has it open, and end that transaction.", who);
        };
    }

    /** For words only: where mounts are stacked it may be another. */
    private static String filesystem(Path database) {
        try {
            return Files.getFileStore(database).type().toLowerCase(Locale.ROOT);
        } catch (IOException | SecurityException e) {
            return "";
        }
    }
}
