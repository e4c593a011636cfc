package walsafe;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;

/**
 * Why SQLite did not open a database. SQLite's own words name neither the file nor a reason; what was seen before often
 * does. A full disk or a missing permission is never damage.
 */
final class Unopened {
    private static final int PRIMARY = 0xff; // of an extended result code (rescode.html)
    private static final Set<Problem> OF_THE_PLACE =
            EnumSet.of(Problem.NO_PERMISSION, Problem.COULD_NOT_LOOK, Problem.PLACE_READ_ONLY);

    private final SQLException error;
    private final Path file;
    private final Facts facts;
    private final Intent intent;

    private Unopened(SQLException error, Path file, Facts facts, Intent intent) {
        this.error = error;
        this.file = file;
        this.facts = facts;
        this.intent = intent;
    }

    /** sqlite-jdbc unpacks its library into a temporary directory; at the second attempt it throws an Error of the JVM's. */
    static SQLException withoutLibrary(Throwable error, Path file) {
        String folder = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
        return new SQLException(
                file + " could not be opened: sqlite-jdbc could not load its native library, which it unpacks into "
                        + folder + " (" + error + "). Do: start this program with -Dorg.sqlite.tmpdir=DIR, a directory"
                        + " with 2 MiB free on a mount without noexec.",
                error);
    }

    private static boolean ofTheLibrary(SQLException error) {
        return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
                .limit(10)
                .anyMatch(cause -> cause instanceof NativeLibraryNotFoundException);
    }

    /** A finding that explains the error, with the error as its cause; else the error again, with the file's name. */
    static SQLException told(SQLException error, Path file, Facts facts, Intent intent) {
        if (ofTheLibrary(error)) return withoutLibrary(error, file);
        var unopened = new Unopened(error, file, facts, intent);
        Optional<Finding> because = unopened.because();
        if (because.isPresent()) throw new WalsafeException(because.get(), error);
        return new SQLException(
                file + " could not be opened: " + error.getMessage(), error.getSQLState(), error.getErrorCode(), error);
    }

    private Optional<Finding> because() {
        int code = error.getErrorCode() & PRIMARY;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) return Optional.of(diskFull());
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) return seenAs(EnumSet.of(Problem.PERHAPS_ENCRYPTED));
        boolean place = code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_PERM.code
                || code == SQLiteErrorCode.SQLITE_READONLY.code;
        if (!place) return Optional.empty();
        if (facts.target().state() == Target.State.DIRECTORY) return Optional.of(directory());
        return seenAs(OF_THE_PLACE);
    }

    private Optional<Finding> seenAs(Set<Problem> problems) {
        return Diagnosis.of(facts, intent).findings().stream()
                .filter(finding -> problems.contains(finding.problem()))
                .findFirst();
    }

    private Finding diskFull() {
        return new Finding(
                Problem.DISK_NEARLY_FULL,
                file.toString(),
                "SQLite says " + error.getMessage(),
                Remedy.of(
                        "Make room there and open it again. A full disk damages nothing: what was committed is kept."));
    }

    private Finding directory() {
        return new Finding(
                Problem.NOT_A_DATABASE,
                file.toString(),
                "it is a directory",
                Remedy.of("Name the database file itself."));
    }
}
